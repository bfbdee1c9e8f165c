#include "cli/request_report.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/json.h"
#include "cli/verify_report.h"
#include "x509/certificate.h"
#include "x509/digest.h"

namespace medic::cli {
namespace {

using nlohmann::ordered_json;
using request::Attempt;
using request::Outcome;

constexpr std::size_t kMaxTextBytes = 1U << 20U;

// What json_text() keeps as it is.
bool is_utf8(const std::string& text) {
  const auto kept = parse_json(json_text(ordered_json(text), kOneLine));
  return kept && kept->get<std::string>() == text;
}

// What a person is told about a failure; certificates by the rule they break.
std::string failure_text(const request::Failure& failure, const request::Peer* peer, const Io& io) {
  std::string detail = escaped(failure.detail);
  if (failure.kind == request::FailureKind::Certificate && peer != nullptr &&
      !peer->verdict.faults.empty()) {
    detail = fault_text(peer->verdict.faults.front(), io.language);
  }
  return io.message(fmt::format("request.failed-{}", request::failure_id(failure.kind)),
                    {{"detail", detail}});
}

ordered_json microseconds(const std::optional<request::Microseconds>& time) {
  return time ? ordered_json(time->count()) : ordered_json(nullptr);
}

ordered_json failure_json(const request::Failure& failure, const request::Peer* peer,
                          const Io& io) {
  return {{"kind", request::failure_id(failure.kind)},
          {"detail", escaped(failure.detail)},
          {"text", failure_text(failure, peer, io)}};
}

ordered_json attempt_json(const Attempt& attempt, const Io& io) {
  ordered_json out = {{"url", attempt.url},
                      {"method", attempt.method},
                      {"status", attempt.status},
                      {"address", attempt.peer ? attempt.peer->handshake.peer : ""},
                      {"reused", attempt.reused},
                      {"waited_ms", attempt.waited.count()},
                      {"timings_us",
                       {{"resolved", microseconds(attempt.timings.resolved)},
                        {"connected", microseconds(attempt.timings.connected)},
                        {"proxy_ready", microseconds(attempt.timings.proxy_ready)},
                        {"secured", microseconds(attempt.timings.secured)},
                        {"first_byte", microseconds(attempt.timings.first_byte)},
                        {"total", attempt.timings.total.count()}}}};
  if (attempt.failure) {
    out["failure"] = failure_json(*attempt.failure, attempt.peer.get(), io);
  }
  return out;
}

ordered_json tls_json(const evidence::Handshake& seen) {
  ordered_json chain = ordered_json::array();
  for (const Bytes& der : seen.chain) {
    if (const auto certificate = x509::parse_certificate(der)) {
      chain.push_back(certificate_json(**certificate));
    }
  }
  return {{"version", seen.version ? std::string(evidence::version_text(*seen.version)) : ""},
          {"cipher", seen.cipher_name},
          {"group", seen.group},
          {"alpn", escaped(seen.alpn)},
          {"chain", std::move(chain)}};
}

// Cookies are credentials, and so may be what stands in a query.
std::string shown_value(const std::string& name, const std::string& value) {
  std::string lower = name;
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  if (lower == "set-cookie") {
    return target::Secret::text();
  }
  return escaped(lower == "location" ? value.substr(0, value.find('?')) : value, 4096);
}

ordered_json answer_json(const request::Answer& answer) {
  ordered_json headers = ordered_json::array();
  for (const auto& [name, value] : answer.headers) {
    headers.push_back({{"name", escaped(name)}, {"value", shown_value(name, value)}});
  }
  ordered_json out = {{"status", answer.status},
                      {"http", answer.version},
                      {"headers", std::move(headers)},
                      {"body_bytes", answer.body.size()},
                      {"body_sha256", hex(x509::sha256(answer.body))}};
  std::string text(as_text(answer.body));
  if (text.size() <= kMaxTextBytes && is_utf8(text)) {
    out["body"] = std::move(text);
  }
  return out;
}

const request::Peer* last_peer(const Outcome& outcome) {
  return outcome.attempts.empty() ? nullptr : outcome.attempts.back().peer.get();
}

std::string milliseconds_text(request::Microseconds time) {
  return fmt::format("{:.1f}", static_cast<double>(time.count()) / 1000.0);
}

}  // namespace

std::string_view request_verdict(const Outcome& outcome, const std::vector<int>& expected) {
  if (outcome.failure || !outcome.answer) {
    return "failed";
  }
  const int status = outcome.answer->status;
  const bool good =
      expected.empty() ? status < 400 : std::ranges::find(expected, status) != expected.end();
  return good ? "answered" : "unexpected";
}

std::string trust_line(const request::Trust& trust, const Io& io) {
  const bool korean = io.language == text::Language::Korean;
  return io.message(trust.origin.empty() ? "request.trust" : "request.trust_origin",
                    {{"store", escaped(trust.anchors->description())},
                     {"rule", escaped(trust.rule)},
                     {"origin", escaped(trust.origin)},
                     {"profile", korean ? trust.profile->title_ko : trust.profile->title}}) +
         "\n";
}

std::string attempt_lines(const Attempt& attempt, const Io& io) {
  std::string text;
  const request::Peer* const peer = attempt.peer.get();
  if (peer != nullptr && peer->handshake.version && !attempt.reused) {
    text += io.message("request.secured",
                       {{"address", peer->handshake.peer},
                        {"version", std::string(evidence::version_text(*peer->handshake.version))},
                        {"cipher", peer->handshake.cipher_name}}) +
            "\n";
    for (const Bytes& der : peer->handshake.chain) {
      if (const auto certificate = x509::parse_certificate(der)) {
        text += io.message("request.certificate",
                           {{"subject", escaped((*certificate)->subject.display())},
                            {"date", iso_date((*certificate)->not_after)}}) +
                "\n";
      }
    }
  }
  const text::Facts facts = {
      {"method", attempt.method},
      {"url", attempt.url},
      {"status", fmt::format("{}", attempt.status)},
      {"ms", milliseconds_text(attempt.timings.total)},
      {"reason", attempt.failure ? failure_text(*attempt.failure, peer, io) : ""}};
  return text + io.message(attempt.failure ? "request.attempt_failed" : "request.attempt", facts) +
         "\n";
}

std::string failure_line(const Outcome& outcome, const Io& io) {
  const std::string url = outcome.url.target.url();
  if (outcome.failure) {
    return io.message(
               "request.failed",
               {{"url", url}, {"reason", failure_text(*outcome.failure, last_peer(outcome), io)}}) +
           "\n";
  }
  const int status = outcome.answer ? outcome.answer->status : 0;
  return io.message("request.unexpected", {{"url", url}, {"status", fmt::format("{}", status)}}) +
         "\n";
}

ordered_json request_json(const Outcome& outcome, std::string_view verdict,
                          const request::Trust& trust, const std::string& diagnosis, const Io& io) {
  ordered_json out = {{"schema", "tlsmedic.request/1"},
                      {"verdict", verdict},
                      {"url", outcome.url.target.url()},
                      {"trust",
                       {{"store", trust.anchors->id()},
                        {"anchors", trust.anchors->size()},
                        {"rule", escaped(trust.rule)},
                        {"origin", escaped(trust.origin)},
                        {"profile", trust.profile->id}}}};
  ordered_json attempts = ordered_json::array();
  for (const Attempt& attempt : outcome.attempts) {
    attempts.push_back(attempt_json(attempt, io));
  }
  out["attempts"] = std::move(attempts);
  const request::Peer* const peer = last_peer(outcome);
  if (peer != nullptr && peer->handshake.version) {
    out["tls"] = tls_json(peer->handshake);
  }
  if (peer != nullptr && peer->judged) {
    out["verification"] = {
        {"verdict", peer->verdict.pass ? "pass" : "fail"},
        {"faults", faults_json(peer->verdict.faults, *trust.profile, io.language)}};
  }
  if (outcome.answer) {
    out["answer"] = answer_json(*outcome.answer);
  }
  if (outcome.failure) {
    out["failure"] = failure_json(*outcome.failure, peer, io);
  }
  if (!diagnosis.empty()) {
    if (auto parsed = parse_json(diagnosis)) {
      out["diagnosis"] = *std::move(parsed);
    }
  }
  return out;
}

}  // namespace medic::cli
