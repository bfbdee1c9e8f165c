#include "scan/clinic.h"

#include "diagnose/diagnosis.h"
#include "probe/network.h"
#include "target/ip_address.h"
#include "target/target.h"

namespace medic::scan {
namespace {

constexpr std::string_view kProxyId = "p0";

evidence::Case case_of(const Finding& finding, const ClinicRules& rules) {
  evidence::Case facts;
  facts.program = rules.program;
  facts.at = rules.at == Time{} ? finding.at : rules.at;
  const Place& place = finding.place;
  facts.target = {.url = "https://" + target::authority_text(place.host, place.port) + "/",
                  .host = place.host,
                  .unicode = place.host,
                  .is_address = target::parse_ip(place.host).has_value(),
                  .port = place.port,
                  .starttls = place.starttls,
                  .http = false};
  facts.asked.sni = rules.sni;
  facts.asked.addresses = {finding.address};
  facts.asked.profiles = rules.profiles;
  facts.asked.roots = rules.roots;
  facts.asked.revocation = false;  // a scan must not ask other people's responders
  facts.asked.deadline_ms = rules.deadline_ms;
  if (rules.proxy) {
    facts.asked.proxy = kProxyId;
    facts.proxies.push_back(
        {.id = std::string(kProxyId), .url = rules.proxy->text(), .source = "--proxy"});
  }
  return facts;
}

}  // namespace

Clinic::Clinic(ClinicRules rules, std::size_t threads, std::function<void(Finding)> done)
    : rules_(std::move(rules)), done_(std::move(done)) {
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { work(); });
  }
}

Clinic::~Clinic() {
  finish();
}

void Clinic::admit(Finding finding) {
  ++waiting_count_;
  const std::scoped_lock lock(mutex_);
  waiting_.push_back(std::move(finding));
  changed_.notify_one();
}

void Clinic::finish() {
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) {
      thread.join();
    }
  }
}

void Clinic::work() {
  while (true) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ended_ || !waiting_.empty(); });
    if (waiting_.empty()) {
      return;
    }
    Finding finding = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    --waiting_count_;
    if (rules_.stop == nullptr || !rules_.stop->load()) {
      examine(finding);
    }
    done_(std::move(finding));
  }
}

void Clinic::examine(Finding& finding) const {
  const evidence::Case facts = case_of(finding, rules_);
  probe::NetworkOptions options;
  options.stop = rules_.stop;
  options.target = {.host = finding.place.host, .port = finding.place.port};
  if (rules_.proxy) {
    options.proxies[std::string(kProxyId)] = *rules_.proxy;
  }
  probe::Network network(std::move(options));
  const auto diagnosis = diagnose::diagnose(facts, network, rules_.stores);
  if (!diagnosis || (rules_.stop != nullptr && rules_.stop->load())) {
    finding.diagnosis = "could-not";
    return;
  }
  finding.diagnosis = "made";
  for (const diagnose::Finding& stated : diagnosis->findings) {
    if (stated.severity != diagnose::Severity::Error && finding.verdict == Verdict::Fail) {
      continue;  // of something to come; the record is about what fails
    }
    finding.causes.push_back(
        {.id = stated.cause->id,
         .party = std::string(catalogue::party_id(stated.party)),
         .certainty = stated.certainty == diagnose::Certainty::Proven ? "proven" : "suspected"});
  }
}

}  // namespace medic::scan
