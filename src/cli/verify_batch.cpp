#include "cli/verify_batch.h"

#include <fmt/core.h>

#include <istream>
#include <map>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/json.h"
#include "cli/verify_report.h"
#include "verify/question_line.h"
#include "verify/signature_cache.h"
#include "x509/container.h"

namespace medic::cli {
namespace {

using nlohmann::ordered_json;

// Certificates whose facts are kept between lines; intermediates repeat, leaves do not.
constexpr std::size_t kMaxCachedCertificates = 20000;
// Different stores kept open; inline PEM roots may be another on every line.
constexpr std::size_t kMaxOpenStores = 64;

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
        error(number, "null", fmt::format("longer than {} octets", kMaxBatchLineBytes));
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
  // `id` is JSON text, already bounded in depth.
  void error(std::size_t number, const std::string& id, std::string_view what) {
    errors_ = true;
    write(id, {{"line", number}, {"error", what}});
  }

  // The id goes out as the text that came in: a tree of it could be large, and is of no use.
  void write(const std::string& id, const ordered_json& rest) {
    const std::string fields = json_text(rest, kOneLine);
    io_.out << R"({"schema":"tlsmedic.verify/1","id":)" << id << ',' << fields.substr(1) << '\n';
  }

  void one(std::size_t number, const std::string& line) {
    const verify::QuestionLine asked = verify::parse_question_line(line);
    if (!asked.problem.empty()) {
      error(number, asked.id, asked.problem);
    } else if (const Result<void> judged = judge(asked); !judged) {
      error(number, asked.id, judged.error().what);
    }
  }

  Result<void> judge(const verify::QuestionLine& asked) {
    verify::Question question;
    question.cache = cache_.get();
    question.chain = asked.chain;
    if (!asked.chain_file.empty()) {
      MEDIC_TRY(const Bytes bytes, read_file(asked.chain_file, kMaxBatchLineBytes));
      MEDIC_TRY(question.chain, verify::parse_chain(bytes));
    }
    question.name = asked.name.value_or(options_.name);
    question.at = asked.at ? *asked.at : io_.clock->now();
    question.purpose = asked.purpose.value_or(options_.purpose);
    std::vector<const profiles::Profile*> selected = options_.profiles;
    if (const std::string profile = asked.profile.value_or(""); !profile.empty()) {
      MEDIC_TRY(selected, profiles::select_profiles(profile));
    }
    const std::string roots = asked.roots.value_or(options_.roots);
    for (const profiles::Profile* each : selected) {
      MEDIC_TRY(const trust::AnchorSetPtr anchors, store(roots.empty() ? each->store : roots));
      question.profile = each;
      question.anchors = anchors.get();
      answer(question, asked.id);
    }
    return {};
  }

  void answer(const verify::Question& question, const std::string& id) {
    const verify::Verdict verdict = verify::judge(question);
    verify::Agreement agreement;
    if (options_.compare) {
      agreement = verify::agreement(question, verdict);
    }
    failed_ = failed_ || !verdict.pass;
    ordered_json out = verdict_json(question, verdict, agreement, io_.language);
    out.erase("schema");
    write(id, out);
  }

  Result<trust::AnchorSetPtr> store(const std::string& roots) {
    if (const auto at = stores_.find(roots); at != stores_.end()) {
      return at->second;
    }
    trust::AnchorSetPtr opened;
    if (verify::is_pem(roots)) {
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
