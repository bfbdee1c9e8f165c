#include "cli/lent_trust.h"

#include <string>

#include "base/bytes.h"
#include "base/subprocess.h"
#include "cli/trust_request.h"
#include "clients/trust_variables.h"

namespace medic::cli {
namespace {

Result<std::string> lent_file(LentTrust& lent, std::string_view name, std::string_view bytes) {
  auto file = MemoryFile::make(bytes);
  if (file) {
    lent.files.push_back(*std::move(file));
    return lent.files.back().path();
  }
  if (!lent.directory) {
    MEDIC_TRY(lent.directory, TemporaryDirectory::make());
  }
  std::string path = (lent.directory->path() / name).string();
  if (auto done = write_file(path, bytes); !done) {
    return std::unexpected(std::move(done).error());
  }
  return path;
}

// Java says on standard error that it picked up options, so it gets some only where it is.
bool has_java(const Environment& environment) {
  return !variable(environment, "JAVA_HOME").empty() ||
         find_program("java", variable(environment, "PATH")).has_value();
}

}  // namespace

Result<LentTrust> lend_trust(const Args& args, const Io& io) {
  MEDIC_TRY(const trust::MergedRoots merged, requested_roots(args, io));
  LentTrust lent;
  MEDIC_TRY(const std::string bundle,
            lent_file(lent, "trust.pem", trust::commented_pem(merged, bundle_title(io))));
  std::string keystore;
  if (has_java(io.environment)) {
    const Bytes bytes = trust::jks_of(merged, "changeit", io.clock->now());
    MEDIC_TRY(keystore, lent_file(lent, "trust.jks", as_text(bytes)));
  }
  lent.variables = clients::trust_environment(bundle, keystore, io.environment);
  return lent;
}

}  // namespace medic::cli
