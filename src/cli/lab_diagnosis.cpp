#include "cli/lab_diagnosis.h"

#include <algorithm>
#include <utility>

#include "cli/diagnosis_request.h"
#include "cli/program.h"
#include "probe/network.h"
#include "target/proxy.h"
#include "x509/container.h"
#include "x509/identity.h"

namespace medic::cli {
namespace {

// Lab servers that answer at all do so within milliseconds; the slow ones are slow by seconds.
constexpr std::uint32_t kDeadlineMs = 3000;

trust::AnchorSetPtr store_of(std::string id, std::string description, const std::string& pem) {
  std::vector<trust::Anchor> anchors;
  for (const x509::CertificatePtr& certificate :
       x509::read_certificates(as_bytes(pem)).certificates) {
    anchors.push_back({.certificate = certificate, .source = description});
  }
  return trust::make_anchor_set(std::move(id), std::move(description), std::move(anchors));
}

}  // namespace

Result<SitePlan> plan_for(const lab::Site& site) {
  SitePlan plan;
  MEDIC_TRY(const target::Target target, target::parse_target(site.url()));
  plan.facts.program = program_and_version();
  plan.facts.at = site.at;
  plan.facts.target = target_facts(target);
  // The bad site is asked for TLS at once; its twin in the way the server wants it.
  if (site.twin && !site.starttls.empty()) {
    plan.facts.target.starttls = site.starttls;
    plan.facts.target.http = false;
  }
  if (site.twin && !site.client_pem.empty()) {
    x509::Identity identity{
        .chain = x509::read_certificates(as_bytes(site.client_pem)).certificates, .key = {}};
    MEDIC_TRY(identity.key, x509::read_private_key(as_bytes(site.client_pem)));
    plan.network.client = std::move(identity);
    plan.facts.asked.client_certificate = true;
  }
  plan.facts.asked.addresses = site.addresses;
  plan.facts.asked.deadline_ms = kDeadlineMs;
  plan.facts.asked.fetch_private = true;
  for (const x509::CertificatePtr& certificate :
       x509::read_certificates(as_bytes(site.pool_pem)).certificates) {
    plan.facts.pool.push_back(certificate->der);
  }
  const trust::AnchorSetPtr roots = store_of("lab", "the lab's CA", site.ca_pem);
  if (site.system_pem.empty()) {
    plan.stores.for_all = roots;
  } else {
    plan.stores.by_id["mozilla"] = roots;
    plan.stores.by_id["system"] = store_of("system", "the lab's OS store", site.system_pem);
  }
  if (!site.proxy_url.empty()) {
    MEDIC_TRY(const target::Proxy proxy, target::parse_proxy(site.proxy_url));
    add_proxy(plan.facts, plan.network, proxy, "lab");
  }
  return plan;
}

Result<FinishedDiagnosis> diagnose_site(const lab::Site& site) {
  MEDIC_TRY(SitePlan plan, plan_for(site));
  probe::Network network(std::move(plan.network));
  return run_diagnosis(std::move(plan.facts), std::move(plan.stores), network);
}

}  // namespace medic::cli
