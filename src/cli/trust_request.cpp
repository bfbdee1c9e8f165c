#include "cli/trust_request.h"

#include <fmt/core.h>

#include "base/files.h"
#include "trust/admission.h"

namespace medic::cli {

Result<trust::MergedRoots> requested_roots(const Args& args, const Io& io) {
  std::vector<Sha256> allowed;
  for (const std::string& text : args.values("--sha256")) {
    MEDIC_TRY(const Sha256 fingerprint, trust::parse_fingerprint(text));
    allowed.push_back(fingerprint);
  }
  std::vector<trust::RootSource> sources;
  sources.push_back({.label = "Mozilla", .anchors = trust::mozilla_anchors()->all()});
  if (const auto system = trust::system_anchors(args.value("--root"))) {
    sources.push_back({.label = "system", .anchors = (*system)->all()});
  }
  for (const std::string& path : args.values("--add")) {
    MEDIC_TRY(const Bytes file, read_file(path));
    MEDIC_TRY(std::vector<x509::CertificatePtr> certificates,
              trust::admitted(file, path, allowed, io.clock->now()));
    trust::RootSource added{.label = path, .anchors = {}};
    for (x509::CertificatePtr& certificate : certificates) {
      added.anchors.push_back({.certificate = std::move(certificate), .source = path});
    }
    sources.push_back(std::move(added));
  }
  return trust::merged_roots(sources, io.clock->now());
}

std::string bundle_title(const Io& io) {
  return fmt::format("tlsmedic: extended trust of {}", iso_date(io.clock->now()));
}

std::string left_out_text(const trust::MergedRoots& merged, const Io& io) {
  std::string text;
  for (const trust::LeftOut& one : merged.left_out) {
    text += io.message("bundle.left_out",
                       {{"name", escaped(one.certificate->subject.display(), 64)},
                        {"source", escaped(one.source)},
                        {"reason", io.message(fmt::format("bundle.left_out_{}", one.reason))}}) +
            "\n";
  }
  return text;
}

}  // namespace medic::cli
