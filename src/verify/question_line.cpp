#include "verify/question_line.h"

#include <fmt/core.h>

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/bytes.h"
#include "base/json_bounds.h"
#include "x509/container.h"

namespace medic::verify {
namespace {

using Json = nlohmann::json;
using Chain = std::vector<x509::CertificatePtr>;

Result<Chain> bounded(Chain chain) {
  if (chain.empty()) {
    return fail(ErrorKind::Data, "chain: no certificate");
  }
  if (chain.size() > kMaxCertificatesPerLine) {
    return fail(ErrorKind::Limit,
                fmt::format("chain: more than {} certificates", kMaxCertificatesPerLine));
  }
  return chain;
}

Result<Chain> listed_chain(const Json& list) {
  if (list.size() > kMaxCertificatesPerLine) {
    return fail(ErrorKind::Limit,
                fmt::format("chain: more than {} certificates", kMaxCertificatesPerLine));
  }
  Chain chain;
  for (const Json& item : list) {
    if (!item.is_string()) {
      return fail(ErrorKind::Data, "chain: expected base64 strings");
    }
    MEDIC_TRY(const Bytes der, parse_base64(item.get_ref<const std::string&>()));
    auto certificate = x509::parse_certificate(der);
    if (!certificate) {
      return std::unexpected(
          std::move(certificate).error().within(fmt::format("chain[{}]", chain.size())));
    }
    chain.push_back(*std::move(certificate));
  }
  return bounded(std::move(chain));
}

Result<void> read_chain(const Json& record, QuestionLine& out) {
  const auto at = record.find("chain");
  if (at == record.end() || at->is_null()) {
    return fail(ErrorKind::Data, "chain: missing");
  }
  if (at->is_array()) {
    MEDIC_TRY(out.chain, listed_chain(*at));
    return {};
  }
  if (!at->is_string()) {
    return fail(ErrorKind::Data, "chain: expected PEM, a file or an array of base64");
  }
  const auto& text = at->get_ref<const std::string&>();
  if (!is_pem(text)) {
    if (text.empty()) {
      return fail(ErrorKind::Data, "chain: no certificate");
    }
    out.chain_file = text;
    return {};
  }
  MEDIC_TRY(out.chain, parse_chain(as_bytes(text)));
  return {};
}

Result<std::optional<std::string>> text_of(const Json& record, const char* key) {
  const auto at = record.find(key);
  if (at == record.end() || at->is_null()) {
    return std::nullopt;
  }
  if (!at->is_string()) {
    return fail(ErrorKind::Data, fmt::format("{}: expected a string", key));
  }
  return at->get<std::string>();
}

Result<std::optional<Time>> time_of(const Json& record) {
  const auto at = record.find("at");
  if (at == record.end() || at->is_null()) {
    return std::nullopt;
  }
  std::string text;
  if (at->is_string()) {
    text = at->get<std::string>();
  } else if (at->is_number_unsigned() &&
             at->get<std::uint64_t>() >
                 static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return fail(ErrorKind::Data, "at: later than any time that can be held");
  } else if (at->is_number_integer()) {
    text = fmt::format("@{}", at->get<std::int64_t>());
  } else {
    return fail(ErrorKind::Data, "at: expected a time or Unix seconds");
  }
  auto time = parse_time(text);
  if (!time) {
    return std::unexpected(std::move(time).error().within("at"));
  }
  return *time;
}

Result<std::optional<Purpose>> purpose_of(const Json& record) {
  MEDIC_TRY(const std::optional<std::string> text, text_of(record, "purpose"));
  if (!text || text->empty()) {
    return std::nullopt;
  }
  if (*text != "server" && *text != "client") {
    return fail(ErrorKind::Data, "purpose: expected \"server\" or \"client\"");
  }
  return *text == "client" ? Purpose::Client : Purpose::Server;
}

Result<void> read_fields(const Json& record, QuestionLine& out) {
  if (auto chain = read_chain(record, out); !chain) {
    return chain;
  }
  MEDIC_TRY(out.name, text_of(record, "name"));
  MEDIC_TRY(out.roots, text_of(record, "roots"));
  MEDIC_TRY(out.profile, text_of(record, "profile"));
  MEDIC_TRY(out.at, time_of(record));
  MEDIC_TRY(out.purpose, purpose_of(record));
  return {};
}

}  // namespace

bool is_pem(std::string_view text) {
  return text.find("-----BEGIN") != std::string_view::npos;
}

Result<Chain> parse_chain(ByteView bytes) {
  x509::Certificates read = x509::read_certificates(bytes);
  if (!read.problems.empty() && read.certificates.empty()) {
    return fail(ErrorKind::Data, fmt::format("chain: {}: {}", read.problems.front().place,
                                             read.problems.front().what));
  }
  return bounded(std::move(read.certificates));
}

QuestionLine parse_question_line(std::string_view line) {
  QuestionLine out;
  if (nests_deeper_than(line, kMaxJsonDepth)) {
    out.problem = fmt::format("nested deeper than {} levels", kMaxJsonDepth);
    return out;
  }
  const Json record = Json::parse(line, nullptr, false);
  if (!record.is_object()) {
    out.problem = "not a JSON object";
    return out;
  }
  if (const auto id = record.find("id"); id != record.end()) {
    out.id = id->dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  if (const Result<void> read = read_fields(record, out); !read) {
    out.problem = read.error().what;
  }
  return out;
}

}  // namespace medic::verify
