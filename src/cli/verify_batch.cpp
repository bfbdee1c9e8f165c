#include "cli/verify_batch.h"

#include <fmt/core.h>

#include <istream>
#include <map>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "cli/verify_report.h"
#include "verify/signature_cache.h"
#include "x509/container.h"

namespace medic::cli {
namespace {

using nlohmann::ordered_json;

// Certificates whose facts are kept between lines; intermediates repeat, leaves do not.
constexpr std::size_t kMaxCachedCertificates = 20000;
// Different stores kept open; inline PEM roots may be another on every line.
constexpr std::size_t kMaxOpenStores = 64;
constexpr std::size_t kMaxCertificatesPerLine = 128;

enum class Line { Read, TooLong, End };

// std::getline with a bound.
Line next_line(std::istream& in, std::string& line) {
  line.clear();
  for (int c = in.get(); c != std::istream::traits_type::eof(); c = in.get()) {
    if (c == '\n') {
      return Line::Read;
    }
    if (line.size() == kMaxBatchLineBytes) {
      while (c != '\n' && c != std::istream::traits_type::eof()) {
        c = in.get();
      }
      return Line::TooLong;
    }
    line.push_back(static_cast<char>(c));
  }
  return line.empty() ? Line::End : Line::Read;
}

bool is_pem(std::string_view text) {
  return text.find("-----BEGIN") != std::string_view::npos;
}

class Batch {
 public:
  Batch(const BatchOptions& options, Io& io)
      : options_(options), io_(io), cache_(verify::make_signature_cache()) {}

  ExitCode run(std::istream& in) {
    std::string line;
    for (std::size_t number = 1; !io_.stopped(); ++number) {
      const Line read = next_line(in, line);
      if (read == Line::End) {
        break;
      }
      if (read == Line::TooLong) {
        error(number, nullptr, fmt::format("longer than {} octets", kMaxBatchLineBytes));
      } else if (line.find_first_not_of(" \t\r") != std::string::npos) {
        one(number, line);
      }
      if (cache_->size() > kMaxCachedCertificates) {
        cache_ = verify::make_signature_cache();
      }
    }
    io_.out.flush();
    if (failed_) {
      return ExitCode::Found;
    }
    return errors_ ? ExitCode::CouldNotLook : ExitCode::Healthy;
  }

 private:
  void error(std::size_t number, const ordered_json& id, std::string_view what) {
    errors_ = true;
    const ordered_json record = {
        {"schema", "tlsmedic.verify/1"}, {"id", id}, {"line", number}, {"error", what}};
    write(record);
  }

  void write(const ordered_json& record) {
    io_.out << record.dump(-1, ' ', false, ordered_json::error_handler_t::replace) << '\n';
  }

  void one(std::size_t number, const std::string& line) {
    const ordered_json record = ordered_json::parse(line, nullptr, false);
    if (!record.is_object()) {
      error(number, nullptr, "not a JSON object");
      return;
    }
    const ordered_json id = record.contains("id") ? record["id"] : ordered_json(nullptr);
    const Result<void> judged = judge(record, id);
    if (!judged) {
      error(number, id, judged.error().what);
    }
  }

  Result<void> judge(const ordered_json& record, const ordered_json& id) {
    verify::Question question;
    question.cache = cache_.get();
    MEDIC_TRY(question.chain, chain_of(record));
    MEDIC_TRY(question.name, text_of(record, "name", options_.name));
    MEDIC_TRY(question.at, time_of(record));
    MEDIC_TRY(const std::string purpose, text_of(record, "purpose", ""));
    question.purpose = options_.purpose;
    if (!purpose.empty()) {
      if (purpose != "server" && purpose != "client") {
        return fail(ErrorKind::Data, "purpose: expected \"server\" or \"client\"");
      }
      question.purpose = purpose == "client" ? verify::Purpose::Client : verify::Purpose::Server;
    }
    std::vector<const profiles::Profile*> selected = options_.profiles;
    MEDIC_TRY(const std::string profile, text_of(record, "profile", ""));
    if (!profile.empty()) {
      MEDIC_TRY(selected, profiles::select_profiles(profile));
    }
    MEDIC_TRY(const std::string roots, text_of(record, "roots", options_.roots));
    for (const profiles::Profile* each : selected) {
      MEDIC_TRY(const trust::AnchorSetPtr anchors, store(roots.empty() ? each->store : roots));
      question.profile = each;
      question.anchors = anchors.get();
      answer(question, id);
    }
    return {};
  }

  void answer(const verify::Question& question, const ordered_json& id) {
    const verify::Verdict verdict = verify::judge(question);
    verify::Agreement agreement;
    if (options_.compare) {
      agreement = verify::agreement(question, verdict);
    }
    failed_ = failed_ || !verdict.pass;
    ordered_json out = verdict_json(question, verdict, agreement, io_.language);
    ordered_json numbered = {{"schema", out["schema"]}, {"id", id}};
    out.erase("schema");
    numbered.update(out);
    write(numbered);
  }

  static Result<std::string> text_of(const ordered_json& record, const char* key,
                                     std::string_view fallback) {
    const auto at = record.find(key);
    if (at == record.end() || at->is_null()) {
      return std::string(fallback);
    }
    if (!at->is_string()) {
      return fail(ErrorKind::Data, fmt::format("{}: expected a string", key));
    }
    return at->get<std::string>();
  }

  Result<Time> time_of(const ordered_json& record) const {
    const auto at = record.find("at");
    if (at == record.end() || at->is_null()) {
      return io_.clock->now();
    }
    if (at->is_number_integer()) {
      return parse_time(fmt::format("@{}", at->get<std::int64_t>()));
    }
    if (!at->is_string()) {
      return fail(ErrorKind::Data, "at: expected a time or Unix seconds");
    }
    return parse_time(at->get<std::string>());
  }

  static Result<std::vector<x509::CertificatePtr>> chain_of(const ordered_json& record) {
    const auto at = record.find("chain");
    if (at == record.end()) {
      return fail(ErrorKind::Data, "chain: missing");
    }
    if (at->is_array()) {
      return listed_chain(*at);
    }
    if (!at->is_string()) {
      return fail(ErrorKind::Data, "chain: expected PEM, a file or an array of base64");
    }
    const auto text = at->get<std::string>();
    Bytes bytes;
    if (is_pem(text)) {
      const ByteView view = as_bytes(text);
      bytes.assign(view.begin(), view.end());
    } else {
      MEDIC_TRY(bytes, read_file(text, kMaxBatchLineBytes));
    }
    x509::Certificates read = x509::read_certificates(bytes);
    if (!read.problems.empty() && read.certificates.empty()) {
      return fail(ErrorKind::Data, fmt::format("chain: {}: {}", read.problems.front().place,
                                               read.problems.front().what));
    }
    return bounded(std::move(read.certificates));
  }

  static Result<std::vector<x509::CertificatePtr>> listed_chain(const ordered_json& list) {
    std::vector<x509::CertificatePtr> chain;
    for (const ordered_json& item : list) {
      if (!item.is_string()) {
        return fail(ErrorKind::Data, "chain: expected base64 strings");
      }
      MEDIC_TRY(const Bytes der, parse_base64(item.get<std::string>()));
      auto certificate = x509::parse_certificate(der);
      if (!certificate) {
        return std::unexpected(
            std::move(certificate).error().within(fmt::format("chain[{}]", chain.size())));
      }
      chain.push_back(*std::move(certificate));
    }
    return bounded(std::move(chain));
  }

  static Result<std::vector<x509::CertificatePtr>> bounded(
      std::vector<x509::CertificatePtr> chain) {
    if (chain.empty()) {
      return fail(ErrorKind::Data, "chain: no certificate");
    }
    if (chain.size() > kMaxCertificatesPerLine) {
      return fail(ErrorKind::Limit,
                  fmt::format("chain: more than {} certificates", kMaxCertificatesPerLine));
    }
    return chain;
  }

  Result<trust::AnchorSetPtr> store(const std::string& roots) {
    if (const auto at = stores_.find(roots); at != stores_.end()) {
      return at->second;
    }
    trust::AnchorSetPtr opened;
    if (is_pem(roots)) {
      std::vector<trust::Anchor> anchors;
      for (x509::CertificatePtr& certificate :
           x509::read_certificates(as_bytes(roots)).certificates) {
        anchors.push_back({.certificate = std::move(certificate), .source = "inline PEM"});
      }
      opened = trust::make_anchor_set("inline", "inline PEM", std::move(anchors));
    } else {
      MEDIC_TRY(opened, trust::open_anchors(roots));
    }
    if (stores_.size() == kMaxOpenStores) {
      stores_.clear();
    }
    stores_.emplace(roots, opened);
    return opened;
  }

  const BatchOptions& options_;
  Io& io_;
  std::shared_ptr<verify::SignatureCache> cache_;  // shared: every Question of a line holds it
  std::map<std::string, trust::AnchorSetPtr, std::less<>> stores_;
  bool failed_ = false;
  bool errors_ = false;
};

}  // namespace

Result<ExitCode> verify_batch(std::istream& in, const BatchOptions& options, Io& io) {
  return Batch(options, io).run(in);
}

}  // namespace medic::cli
