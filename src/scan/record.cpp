#include "scan/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "evidence/tls.h"

namespace medic::scan {
namespace {

using Out = std::back_insert_iterator<std::string>;

constexpr std::string_view kBeginning = R"({"schema":"tlsmedic.scan/1","target":")";
constexpr std::size_t kMostNames = 64;  // of one certificate, in its record

bool is_plain(char c) {
  return c >= ' ' && c < 0x7F && c != '"' && c != '\\';
}

// Foreign text: what is not UTF-8 is replaced.
std::string json_text(std::string_view text) {
  if (std::ranges::all_of(text, is_plain)) {
    return fmt::format("\"{}\"", text);
  }
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

template <class List, class Text>
std::string array(const List& list, Text text) {
  std::string out = "[";
  for (const auto& one : list) {
    out += out.size() > 1 ? "," : "";
    out += text(one);
  }
  return out + "]";
}

std::string array(const std::vector<std::string>& list) {
  return array(list, [](const std::string& one) { return json_text(one); });
}

std::string microseconds(const std::optional<std::chrono::microseconds>& value) {
  return value ? fmt::format("{}", value->count()) : "null";
}

std::string key_text(const x509::PublicKey& key) {
  switch (key.type) {
    case x509::KeyType::Ec:
      return key.curve;
    case x509::KeyType::Ed25519:
      return "Ed25519";
    case x509::KeyType::Ed448:
      return "Ed448";
    case x509::KeyType::RsaPss:
      return fmt::format("RSA-PSS {}", key.bits);
    case x509::KeyType::Rsa:
      return fmt::format("RSA {}", key.bits);
    case x509::KeyType::Dsa:
      return fmt::format("DSA {}", key.bits);
    case x509::KeyType::Other:
      break;
  }
  return key.algorithm;
}

void put_tls(Out out, const evidence::Handshake& facts) {
  fmt::format_to(out, R"(,"version":{},"cipher":{},"group":{},"signature":{})",
                 facts.version ? json_text(evidence::version_text(*facts.version)) : "null",
                 facts.cipher ? fmt::format("\"0x{:04x}\"", *facts.cipher) : "null",
                 facts.group.empty() ? "null" : json_text(facts.group),
                 facts.peer_signature.empty() ? "null" : json_text(facts.peer_signature));
}

void put_chain(Out out, const Finding& finding) {
  fmt::format_to(
      out, R"(,"chain":{},"not_after":{})",
      array(finding.seen.chain,
            [](const x509::CertificatePtr& one) { return '"' + hex(one->fingerprint) + '"'; }),
      array(finding.seen.chain,
            [](const x509::CertificatePtr& one) { return '"' + rfc3339(one->not_after) + '"'; }));
}

void put_causes(Out out, const Finding& finding) {
  fmt::format_to(out, R"(,"diagnosis":"{}","causes":{})", finding.diagnosis,
                 array(finding.causes, [](const StatedCause& cause) {
                   return fmt::format(R"({{"cause":"{}","party":"{}","certainty":"{}"}})", cause.id,
                                      cause.party, cause.certainty);
                 }));
}

std::string csv_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    // A cell that begins so is run by spreadsheets; ours begin with other characters anyway.
    out += c == '"' ? std::string("\"\"") : std::string(1, c < ' ' ? ' ' : c);
  }
  if (out.size() > 1 && std::string_view("=+-@").find(out[1]) != std::string_view::npos) {
    out.insert(1, "'");
  }
  return out + '"';
}

}  // namespace

std::string json_record(const Finding& finding) {
  const evidence::Handshake& facts = finding.seen.handshake;
  std::string line;
  line.reserve(768);
  const Out out = std::back_inserter(line);
  fmt::format_to(out, R"({}{},"host":{},"port":{},"address":{},"at":"{}","verdict":"{}")",
                 kBeginning, json_text(finding.place.text()).substr(1),
                 json_text(finding.place.host), finding.place.port,
                 finding.address.empty() ? "null" : json_text(finding.address), rfc3339(finding.at),
                 verdict_id(finding.verdict));
  fmt::format_to(out, R"(,"faults":{},"outcome":"{}","detail":{},"authenticated":{})",
                 array(finding.faults), finding.outcome,
                 finding.detail.empty() ? "null" : json_text(finding.detail),
                 finding.authenticated);
  put_causes(out, finding);
  put_tls(out, facts);
  put_chain(out, finding);
  fmt::format_to(out, R"(,"client_certificate_requested":{},"stapled":{})",
                 facts.client_certificate_requested, !facts.ocsp_staple.empty());
  fmt::format_to(out, R"(,"accepted_by":{},"refused_by":{})", array(finding.accepting),
                 array(finding.refusing));
  fmt::format_to(
      out,
      R"(,"lookup_us":{},"connect_us":{},"first_reply_us":{},"total_us":{},"attempts":{},"by":"{}"}})",
      finding.lookup.count(), facts.tcp_connect.count(), microseconds(facts.first_reply),
      facts.total.count(), finding.seen.attempts, finding.seen.by_libssl ? "libssl" : "tlswire");
  line += '\n';
  return line;
}

std::string json_certificate(const x509::Certificate& certificate) {
  std::vector<std::string> names;
  if (certificate.subject_alt_names) {
    names = certificate.subject_alt_names->dns;
    names.resize(std::min(names.size(), kMostNames));
  }
  return fmt::format(
      R"({{"schema":"tlsmedic.scan-certificate/1","sha256":"{}","subject":{},"issuer":{},"serial":"{}","not_before":"{}","not_after":"{}","names":{},"key":{},"der":"{}"}})"
      "\n",
      hex(certificate.fingerprint), json_text(certificate.subject.display()),
      json_text(certificate.issuer.display()), hex(certificate.serial),
      rfc3339(certificate.not_before), rfc3339(certificate.not_after), array(names),
      json_text(key_text(certificate.public_key)), base64(certificate.der));
}

std::string csv_header() {
  return "target,address,at,verdict,faults,causes,outcome,detail,version,issuer,not_after,sha256\n";
}

std::string csv_record(const Finding& finding) {
  const auto& chain = finding.seen.chain;
  const std::vector<std::string> cells = {
      finding.place.text(),
      finding.address,
      rfc3339(finding.at),
      std::string(verdict_id(finding.verdict)),
      fmt::format("{}", fmt::join(finding.faults, " ")),
      [&] {
        std::string ids;
        for (const StatedCause& cause : finding.causes) {
          ids += (ids.empty() ? "" : " ") + cause.id;
        }
        return ids;
      }(),
      finding.outcome,
      finding.detail,
      finding.seen.handshake.version
          ? std::string(evidence::version_text(*finding.seen.handshake.version))
          : "",
      chain.empty() ? "" : chain.front()->issuer.display(),
      chain.empty() ? "" : rfc3339(chain.front()->not_after),
      chain.empty() ? "" : hex(chain.front()->fingerprint)};
  std::string line;
  for (const std::string& cell : cells) {
    line += (line.empty() ? "" : ",") + csv_quoted(cell);
  }
  return line + "\n";
}

std::optional<std::string> recorded_place(std::string_view line) {
  if (!line.starts_with(kBeginning)) {
    return std::nullopt;
  }
  line.remove_prefix(kBeginning.size());
  return std::string(line.substr(0, line.find('"')));
}

}  // namespace medic::scan
