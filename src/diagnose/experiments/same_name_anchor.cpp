// Look in the stores for a CA of the missing issuer's name, and check whether its key signed the
// chain.

#include "diagnose/experiment.h"
#include "diagnose/path_end.h"
#include "x509/signature.h"

namespace medic::diagnose {
namespace {

std::vector<trust::AnchorSetPtr> all_stores(const Bench& bench) {
  std::vector<trust::AnchorSetPtr> stores;
  if (bench.stores().for_all != nullptr) {
    stores.push_back(bench.stores().for_all);
  }
  for (const auto& [id, store] : bench.stores().by_id) {
    if (store != nullptr) {
      stores.push_back(store);
    }
  }
  return stores;
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  std::vector<std::size_t> cells = cells_with(now, "unknown-issuer");
  for (const std::string_view fault : {"bad-signature", "self-signed", "incomplete-chain"}) {
    const auto more = cells_with(now, fault);
    cells.insert(cells.end(), more.begin(), more.end());
  }
  if (cells.empty()) {
    return {};
  }
  for (const Endpoint& endpoint : bench.endpoints()) {
    if (endpoint.main == nullptr) {
      continue;
    }
    for (const x509::CertificatePtr& child :
         issuing_order(bench.chain(*endpoint.main), bench.base().issuers)) {
      for (const trust::AnchorSetPtr& store : all_stores(bench)) {
        bool signed_by_one = false;
        x509::CertificatePtr other;
        for (const trust::Anchor& anchor : store->by_subject(child->issuer.canonical)) {
          const bool good = x509::check_signature(*child, anchor.certificate->public_key) ==
                            x509::SignatureCheck::Good;
          signed_by_one = signed_by_one || good;
          other = good ? other : anchor.certificate;
        }
        if (other != nullptr && !signed_by_one && other->fingerprint != child->fingerprint) {
          return {{.experiment = "same-name-anchor",
                   .relieved = cells,
                   .before = verdict_text(now[cells.front()]),
                   .after = "bad-signature",
                   .subject = escaped(other->subject.display()),
                   .facts = {{"store", store->description()}},
                   .certificates = {other}}};
        }
      }
    }
  }
  return {};
}

}  // namespace

extern constinit const Experiment experiment_same_name_anchor{
    .id = "same-name-anchor", .stage = Stage::Path, .run = run};

}  // namespace medic::diagnose
