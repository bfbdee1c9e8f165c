#include "report/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace medic::report {
namespace {

bool is_symptom(std::string_view id) {
  static constexpr std::string_view kPrefixes[] = {"alert-",
                                                   "wrong-version",
                                                   "unexpected-eof",
                                                   "connection-reset",
                                                   "handshake-timeout",
                                                   "unsupported-protocol",
                                                   "no-shared-cipher",
                                                   "dh-key",
                                                   "legacy-reneg",
                                                   "key-or-cert",
                                                   "proxy-error",
                                                   "dns-or-tcp",
                                                   "other"};
  return std::ranges::any_of(kPrefixes,
                             [&](std::string_view prefix) { return id.starts_with(prefix); });
}

std::string id_title(std::string_view id, text::Language language) {
  return is_symptom(id) ? catalogue::symptom_title(id, language)
                        : catalogue::fault_title(id, language);
}

bool id_like(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || c == '-' || c == ',' || (c >= '0' && c <= '9');
  });
}

// Every diagnosis has both, and remedies use no other (catalogue/cause.h).
text::Facts remedy_facts(const evidence::Case& facts) {
  return {{"host", facts.target.host}, {"port", fmt::format("{}", facts.target.port)}};
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

}  // namespace

std::string fault_sentence(const verify::Fault& fault, text::Language language) {
  if (!fault.detail.empty()) {
    text::Facts facts;
    for (const auto& [name, value] : fault.facts) {
      facts.insert_or_assign(name, value);
    }
    facts.emplace("subject", fault.subject);
    return text::message(language, fault.detail, facts);
  }
  return id_title(fault.id, language);
}

std::string verdict_words(std::string_view verdict, text::Language language) {
  if (verdict == "pass") {
    return text::message(language, "report.passes");
  }
  if (!id_like(verdict)) {
    return std::string(verdict);
  }
  std::string words;
  std::size_t from = 0;
  while (from <= verdict.size()) {
    const std::size_t comma = std::min(verdict.find(',', from), verdict.size());
    words += (words.empty() ? "" : ", ") + id_title(verdict.substr(from, comma - from), language);
    from = comma + 1;
  }
  return words;
}

std::string proof_sentence(const diagnose::Observation& proof, text::Language language) {
  text::Facts facts = proof.facts;
  facts.insert_or_assign("changed", proof.subject);
  facts.insert_or_assign("before", verdict_words(proof.before, language));
  facts.insert_or_assign("after", verdict_words(proof.after, language));
  return text::message(language, fmt::format("experiment.{}", proof.experiment), facts);
}

std::string finding_sentence(const diagnose::Finding& finding, text::Language language) {
  if (finding.certainty == diagnose::Certainty::Proven) {
    return text::filled(finding.cause->text(language).finding, finding.facts);
  }
  std::vector<std::string> titles;
  for (const std::string& id : finding.alternatives) {
    if (const catalogue::Cause* other = catalogue::find_cause(id)) {
      titles.push_back(other->text(language).title);
    }
  }
  text::Facts facts{{"title", finding.cause->text(language).title}};
  if (titles.empty()) {
    return text::message(language, "report.suspected", facts);
  }
  facts.emplace("others", fmt::format("{}", fmt::join(titles, "; ")));
  return text::message(language, "report.suspected-among", facts);
}

std::string next_sentence(const diagnose::Finding& finding, const evidence::Case& facts,
                          text::Language language) {
  // The causes with a next step of their own; for the others the evidence is compared.
  static constexpr std::string_view kOwn[] = {
      "client-cert-problem",      "missing-intermediate", "no-shared-cipher",
      "private-ca-not-trusted",   "server-silent",        "server-too-slow",
      "sni-misconfigured-server", "tls-interception"};
  const auto* const own = std::ranges::find(kOwn, finding.cause->id);
  return text::message(
      language, fmt::format("next.{}", own == std::end(kOwn) ? std::string_view("default") : *own),
      remedy_facts(facts));
}

namespace {

// The product named by the server's own Server header ("nginx", "apache", ...), or empty.
std::string server_product(const evidence::Case& facts) {
  struct Row {
    std::string_view word;
    std::string_view product;
  };
  static constexpr Row kRows[] = {{"nginx", "nginx"},        {"openresty", "nginx"},
                                  {"apache-coyote", "java"}, {"apache", "apache"},
                                  {"microsoft-iis", "iis"},  {"microsoft-httpapi", "iis"},
                                  {"caddy", "caddy"},        {"jetty", "java"},
                                  {"tomcat", "java"},        {"haproxy", "haproxy"}};
  for (const evidence::Handshake& handshake : facts.handshakes) {
    if (handshake.http) {
      const std::string server = lower(handshake.http->server);
      for (const Row& row : kRows) {
        if (server.find(row.word) != std::string::npos) {
          return std::string(row.product);
        }
      }
    }
  }
  return {};
}

}  // namespace

std::vector<std::string> products_at_hand(const evidence::Case& facts) {
  std::vector<std::string> products;
  if (std::string server = server_product(facts); !server.empty()) {
    products.push_back(std::move(server));
  }
  if (facts.asked.profiles == "none") {
    for (const evidence::ClientFacts& client : facts.clients) {
      products.push_back(catalogue::client_product(client.kind));
    }
  }
  return products;
}

std::vector<const catalogue::HowTo*> how_tos(const catalogue::Remedy& remedy,
                                             std::span<const std::string> products) {
  constexpr std::string_view kOurs = "tlsmedic";
  std::vector<const catalogue::HowTo*> chosen;
  std::vector<const catalogue::HowTo*> ours;
  std::vector<const catalogue::HowTo*> all;
  for (const catalogue::HowTo& how : remedy.how) {
    all.push_back(&how);
    if (how.product == kOurs) {
      ours.push_back(&how);
    } else if (std::ranges::find(products, how.product) != products.end()) {
      chosen.push_back(&how);
    }
  }
  if (chosen.empty()) {
    return all;
  }
  chosen.insert(chosen.begin(), ours.begin(), ours.end());
  return chosen;
}

std::string command_text(const catalogue::HowTo& how, const evidence::Case& facts) {
  return text::filled(how.command, remedy_facts(facts));
}

std::string remedy_text(const catalogue::Remedy& remedy, const evidence::Case& facts,
                        text::Language language) {
  return text::filled(remedy.text(language).text, remedy_facts(facts));
}

std::string trial_gap(const diagnose::Cell& cell, text::Language language) {
  const bool told = cell.observed.empty() && cell.said.starts_with("diagnose.trial-");
  return told ? text::message(language, cell.said) : std::string();
}

std::string cell_name(const diagnose::Diagnosis& diagnosis, std::size_t cell) {
  const diagnose::Cell& c = diagnosis.matrix[cell];
  return fmt::format("{}@{}", diagnose::row_name(c), diagnosis.endpoint_labels[c.endpoint]);
}

}  // namespace medic::report
