// pack_roots OUTPUT ORIGIN FILE...: packs the certificates of PEM or DER files for src/trust (see
// trust/packed_roots.h). Runs at build time only; fails when a file holds no certificate, so that a
// build never ships fewer roots than its CA package has.

#include <fmt/core.h>

#include <cstdio>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/files.h"
#include "trust/packed_roots.h"
#include "x509/container.h"

namespace {

int stop(const std::string& what) {
  fmt::print(stderr, "pack_roots: {}\n", what);
  return 1;
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> arguments(values, values + count);
  if (arguments.size() < 4) {
    return stop("usage: pack_roots OUTPUT ORIGIN FILE...");
  }
  std::vector<medic::x509::CertificatePtr> roots;
  std::set<medic::Sha256> seen;
  for (const std::string& path : std::span(arguments).subspan(3)) {
    const auto bytes = medic::read_file(path);
    if (!bytes) {
      return stop(bytes.error().what);
    }
    const medic::x509::Certificates found = medic::x509::read_certificates(*bytes);
    for (const auto& problem : found.problems) {
      fmt::print(stderr, "pack_roots: {}: {}: {}\n", path, problem.place, problem.what);
    }
    if (found.certificates.empty()) {
      return stop(path + ": no certificate in it");
    }
    for (const auto& certificate : found.certificates) {
      if (seen.insert(certificate->fingerprint).second) {
        roots.push_back(certificate);
      }
    }
  }
  const medic::Bytes packed = medic::trust::packed_roots(roots, arguments[2]);
  const auto written = medic::write_file(arguments[1], medic::as_text(packed));
  return written ? 0 : stop(written.error().what);
}
