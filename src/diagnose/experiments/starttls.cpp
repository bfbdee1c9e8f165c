// Speak the greeting's protocol first and ask for TLS within it.

#include <array>

#include "diagnose/experiment.h"

namespace medic::diagnose {
namespace {

using evidence::Handshake;

struct Guess {
  std::string_view seen;      // NotTls protocol
  std::string_view starttls;  // protocol id
};
constexpr Guess kGuesses[] = {{"smtp", "smtp"}, {"ftp", "ftp"},           {"imap", "imap"},
                              {"pop3", "pop3"}, {"mysql", "mysql"},       {"nntp", "nntp"},
                              {"irc", "irc"},   {"xmpp", "xmpp"},         {"sieve", "sieve"},
                              {"ldap", "ldap"}, {"postgres", "postgres"}, {"lmtp", "lmtp"}};

// The protocol to try, or empty. A server of PostgreSQL waits for the client and drops what it
// cannot read, so a bare close is worth one polite question in its language.
std::string_view guess(const Endpoint& endpoint) {
  if (endpoint.main == nullptr || !endpoint.main->spec.starttls.empty()) {
    return {};
  }
  if (const auto* other = std::get_if<evidence::NotTls>(&endpoint.main->outcome)) {
    for (const Guess& g : kGuesses) {
      if (g.seen == other->protocol) {
        return g.starttls;
      }
    }
  }
  const auto* closed = std::get_if<evidence::Closed>(&endpoint.main->outcome);
  if (closed != nullptr && closed->phase == evidence::Phase::Handshake &&
      endpoint.main->bytes_received == 0) {
    return "postgres";
  }
  return {};
}

evidence::ProbeSpec spec_for(const Bench& bench, const Endpoint& endpoint) {
  evidence::ProbeSpec spec = bench.main_spec(endpoint.address);
  spec.starttls = guess(endpoint);
  spec.http = false;
  return spec;
}

std::vector<evidence::ProbeSpec> wants(Bench& bench, const Matrix& /*now*/) {
  if (bench.endpoints().empty() || guess(bench.endpoints().front()).empty()) {
    return {};
  }
  return {spec_for(bench, bench.endpoints().front())};
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  if (bench.endpoints().empty() || guess(bench.endpoints().front()).empty()) {
    return {};
  }
  const evidence::ProbeSpec spec = spec_for(bench, bench.endpoints().front());
  const Handshake* answer = bench.observed(spec);
  if (answer == nullptr || !std::holds_alternative<evidence::Completed>(answer->outcome)) {
    return {};
  }
  Hypothesis hypothesis = bench.base();
  hypothesis.handshakes.assign(bench.endpoints().size(), answer);
  auto seen = observe("starttls", now, bench.judge(hypothesis));
  if (!seen) {
    return {};
  }
  seen->handshake = answer;
  seen->subject = spec.starttls;
  seen->facts["protocol"] = spec.starttls;
  bench.extend_base(std::move(hypothesis));
  return {*std::move(seen)};
}

}  // namespace

extern constinit const Experiment experiment_starttls{
    .id = "starttls", .stage = Stage::Reach, .wants = wants, .run = run};

}  // namespace medic::diagnose
