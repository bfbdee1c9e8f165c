#include "explain/hosts.h"

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "base/embedded.h"
#include "base/toml.h"
#include "explain/data.h"
#include "explain/signature.h"

namespace medic::explain {
namespace {

KnownHosts embedded_hosts() {
  const EmbeddedFile* file = data_file("data/explain/hosts.toml");
  MEDIC_CHECK(file != nullptr);
  Problems problems;
  KnownHosts hosts = parse_hosts(*file, problems);
  MEDIC_CHECK(problems.empty());  // the build checked the file
  return hosts;
}

}  // namespace

KnownHosts parse_hosts(const EmbeddedFile& file, Problems& problems) {
  const auto root = parse_toml(as_text(file.bytes), file.path);
  if (!root) {
    problems.push_back(root.error().what);
    return {};
  }
  KnownHosts hosts{.large = (*root)->strings("large"),
                   .inside = (*root)->strings("inside"),
                   .pages = (*root)->strings("pages")};
  const std::vector<std::string> found = (*root)->problems();
  problems.insert(problems.end(), found.begin(), found.end());
  return hosts;
}

const KnownHosts& known_hosts() {
  static const KnownHosts hosts = embedded_hosts();
  return hosts;
}

}  // namespace medic::explain
