// scan_fixture DIRECTORY N: a root, an intermediate and N leaves with P-256 keys, fresh ones, and
// what nginx needs to serve each under its own name: roots.pem, ca.pem, vhosts.conf, hosts.txt.

#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <string>

#include "base/files.h"
#include "lab/certificate_maker.h"
#include "trust/anchors.h"

namespace {

using namespace medic;

bool write(const std::string& path, const std::string& text) {
  if (const auto written = write_file(path, text); !written) {
    fmt::print(stderr, "{}\n", written.error().what);
    return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: scan_fixture DIRECTORY N\n");
    return 2;
  }
  const std::string directory = argv[1];
  const int count = std::atoi(argv[2]);  // NOLINT(cert-err34-c): a bench of ours
  const Time now =
      std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  const lab::Identity root =
      lab::make_self_signed(lab::root_recipe("Bench Root", now), lab::make_key(lab::KeyKind::P256));
  const lab::Identity issuer = lab::make_certificate(
      lab::intermediate_recipe("Bench Intermediate", now), lab::make_key(lab::KeyKind::P256), root);
  // As a bundle of a system: 146 roots and one more.
  std::string roots = lab::certificate_pem(root);
  for (const trust::Anchor& anchor : trust::mozilla_anchors()->all()) {
    roots += lab::pem_block("CERTIFICATE", anchor.certificate->der);
  }
  std::string vhosts;
  std::string hosts;
  for (int i = 0; i < count; ++i) {
    const std::string host = fmt::format("h{}.bench.test", i);
    const lab::Key key = lab::make_key(lab::KeyKind::P256);
    const lab::Identity leaf = lab::make_certificate(lab::leaf_recipe(host, now), key, issuer);
    if (!write(fmt::format("{}/{}.pem", directory, i),
               lab::certificate_pem(leaf) + lab::certificate_pem(issuer)) ||
        !write(fmt::format("{}/{}.key", directory, i), key.pem())) {
      return 1;
    }
    vhosts += fmt::format(
        "server {{ listen 0.0.0.0:PORT ssl; server_name {0}; ssl_certificate {1}/{2}.pem; "
        "ssl_certificate_key {1}/{2}.key; return 200; }}\n",
        host, directory, i);
    hosts += host + "\n";
  }
  return write(directory + "/roots.pem", roots) && write(directory + "/vhosts.conf", vhosts) &&
                 write(directory + "/hosts.txt", hosts)
             ? 0
             : 1;
}
