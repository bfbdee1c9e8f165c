#include "tests/verify/world.h"

#include <fmt/core.h>

namespace medic::verify {

trust::AnchorSetPtr store_of(const std::vector<Bytes>& ders) {
  std::vector<trust::Anchor> anchors;
  for (const Bytes& der : ders) {
    if (auto certificate = x509::parse_certificate(der)) {
      anchors.push_back({.certificate = *std::move(certificate), .source = "test store"});
    }
  }
  return trust::make_anchor_set("test", "test store", std::move(anchors));
}

std::optional<std::vector<x509::CertificatePtr>> parsed_chain(const std::vector<Bytes>& ders) {
  std::vector<x509::CertificatePtr> chain;
  for (const Bytes& der : ders) {
    auto certificate = x509::parse_certificate(der);
    if (!certificate) {
      return std::nullopt;
    }
    chain.push_back(*std::move(certificate));
  }
  return chain;
}

std::string fault_list(const Verdict& verdict) {
  std::string text;
  for (const Fault& fault : verdict.faults) {
    text += fmt::format("{}{}@{}", text.empty() ? "" : " ", fault.id, fault.depth);
  }
  return text;
}

}  // namespace medic::verify
