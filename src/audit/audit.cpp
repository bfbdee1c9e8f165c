#include "audit/audit.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "audit/allow.h"
#include "audit/gate.h"
#include "audit/notebook.h"
#include "audit/python_rules.h"
#include "audit/record.h"
#include "audit/source.h"
#include "audit/text_rules.h"
#include "audit/walk.h"
#include "base/bytes.h"
#include "base/check.h"
#include "x509/digest.h"

namespace medic::audit {
namespace {

constexpr std::size_t kBinaryLook = 8192;
constexpr std::size_t kMaxFindingsPerFile = 2000;

// Of one rule only one finding a place: patterns of a rule may overlap.
void thin_out(std::vector<Finding>& findings) {
  std::ranges::stable_sort(findings, [](const Finding& a, const Finding& b) {
    return std::tie(a.begin, a.rule, b.end) < std::tie(b.begin, b.rule, a.end);
  });
  std::map<std::string, std::size_t, std::less<>> covered;
  std::vector<Finding> kept;
  for (Finding& finding : findings) {
    const auto at = covered.find(finding.rule);
    if (at != covered.end() && finding.begin < at->second) {
      continue;
    }
    covered[finding.rule] = std::max(finding.end, finding.begin + 1);
    if (kept.size() < kMaxFindingsPerFile) {
      kept.push_back(std::move(finding));
    }
  }
  findings = std::move(kept);
}

bool read_whole(const std::filesystem::path& path, std::string& into) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return false;
  }
  into.resize(kMaxFileToRead + 1);
  in.read(into.data(), static_cast<std::streamsize>(into.size()));
  into.resize(static_cast<std::size_t>(in.gcount()));
  return !in.bad() && into.size() <= kMaxFileToRead;
}

class Run {
 public:
  Run(const AuditRequest& request, const Gate& gate, const std::vector<WalkedFile>& files)
      : request_(request), gate_(gate), files_(files), results_(files.size()) {}

  void work() {
    Gate::Searcher searcher(gate_);
    std::string text;
    std::uint64_t bytes = 0;
    std::uint64_t hit = 0;
    for (std::size_t i = next_.fetch_add(1); i < files_.size() && !stopped();
         i = next_.fetch_add(1)) {
      if (!read_whole(files_[i].real, text)) {
        results_[i].unreadable = true;
        continue;
      }
      bytes += text.size();
      hit += look(files_[i], text, searcher, results_[i]) ? 1U : 0U;
    }
    bytes_ += bytes;
    hit_ += hit;
  }

  AuditReport report() {
    AuditReport report;
    report.files = files_.size();
    report.bytes = bytes_;
    report.files_hit = hit_;
    report.cut = stopped();
    for (std::size_t i = 0; i < results_.size(); ++i) {
      std::ranges::move(results_[i].text.findings, std::back_inserter(report.findings));
      std::ranges::move(results_[i].text.allowances, std::back_inserter(report.allowances));
      if (results_[i].unreadable && report.unreadable.size() < 100) {
        report.unreadable.push_back(files_[i].path);
      }
    }
    return report;
  }

 private:
  struct Outcome {
    TextAudit text;
    bool unreadable = false;
  };

  [[nodiscard]] bool stopped() const { return request_.stop != nullptr && request_.stop->load(); }

  // True: the file held a word of a rule.
  bool look(const WalkedFile& file, const std::string& text, Gate::Searcher& searcher,
            Outcome& outcome) const {
    const Language* language = file.language != nullptr ? file.language : language_of_text(text);
    if (language == nullptr) {
      return false;
    }
    bool allows = false;
    const std::vector<const Rule*>& rules = searcher.rules_for(text, allows);
    if ((rules.empty() && !allows) ||
        std::string_view(text).substr(0, kBinaryLook).find('\0') != std::string_view::npos) {
      return false;
    }
    outcome.text = audit_text(file.path, text, language, rules, request_.today);
    return true;
  }

  const AuditRequest& request_;
  const Gate& gate_;
  const std::vector<WalkedFile>& files_;
  std::vector<Outcome> results_;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<std::uint64_t> hit_{0};
};

AuditReport run_over(const AuditRequest& request, const Gate& gate,
                     const std::vector<WalkedFile>& files) {
  Run run(request, gate, files);
  const std::size_t count = std::clamp<std::size_t>(request.threads, 1, files.size() / 64 + 1);
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < count; ++i) {
    threads.emplace_back([&run] { run.work(); });
  }
  run.work();
  threads.clear();
  return run.report();
}

void add(AuditReport& all, AuditReport more) {
  std::ranges::move(more.findings, std::back_inserter(all.findings));
  std::ranges::move(more.allowances, std::back_inserter(all.allowances));
  std::ranges::move(more.unreadable, std::back_inserter(all.unreadable));
  all.files += more.files;
  all.bytes += more.bytes;
  all.files_hit += more.files_hit;
  all.too_big += more.too_big;
  all.cut = all.cut || more.cut;
}

// What a person would type to see the file: the path behind the directory that was named.
std::string shown(const std::filesystem::path& start, const std::string& path) {
  const std::filesystem::path plain = start.lexically_normal();
  if (plain == "." || plain.empty() || !std::filesystem::is_directory(start)) {
    return path;
  }
  return (plain / path).generic_string();
}

}  // namespace

TextAudit audit_text(std::string_view path, std::string_view text, const Language* language,
                     const std::vector<const Rule*>& rules, Time today) {
  TextAudit result;
  if (language == nullptr) {
    language = language_of_path(path);
  }
  if (language == nullptr) {
    language = language_of_text(text);
  }
  if (language == nullptr) {
    return result;
  }
  const Source source(path, text);
  if (language->reader == "notebook") {
    find_in_notebook(source, rules, result.findings);
  } else {
    if (language->id == "python") {
      find_in_python(source, rules, result.findings);
    }
    if (language->script) {
      find_in_script(source, *language, rules, result.findings);
    }
    if (!language->reader.empty()) {
      find_in_settings(source, *language, rules, result.findings);
    } else {
      find_in_tokens(source, *language, rules, result.findings);
    }
  }
  thin_out(result.findings);
  result.allowances = allowances_in(source, today);
  apply_allowances(result.allowances, source, result.findings);
  return result;
}

TextAudit audit_text(std::string_view path, std::string_view text, Time today) {
  static const Gate gate = [] {
    auto made = Gate::make(all_rules());
    MEDIC_CHECK(made.has_value());
    return *std::move(made);
  }();
  Gate::Searcher searcher(gate);
  bool allows = false;
  const std::vector<const Rule*>& rules = searcher.rules_for(text, allows);
  TextAudit result = audit_text(path, text, nullptr, rules, today);
  name_findings(result.findings);
  return result;
}

void name_findings(std::vector<Finding>& findings) {
  std::map<std::string, int> seen;
  for (Finding& finding : findings) {
    std::string words;
    for (const char c : finding.excerpt) {
      if (c != ' ' && c != '\t') {
        words += c;
      }
    }
    std::string key = finding.rule + '\n' + finding.file + '\n' + words;
    const int number = seen[key]++;
    key += '\n' + std::to_string(number);
    finding.fingerprint = hex(x509::sha256(as_bytes(key))).substr(0, 32);
  }
}

Result<AuditReport> audit(const AuditRequest& request) {
  MEDIC_TRY(const Gate gate, Gate::make(all_rules()));
  AuditReport all;
  std::vector<std::filesystem::path> paths = request.paths;
  if (paths.empty()) {
    paths.emplace_back(".");
  }
  for (const std::filesystem::path& start : paths) {
    MEDIC_TRY(Walk found, walk(start, request.ignored, request.stop));
    for (WalkedFile& file : found.files) {
      file.path = shown(start, file.path);
    }
    if (request.only) {
      std::erase_if(found.files, [&](const WalkedFile& file) {
        std::error_code error;
        const auto real = std::filesystem::weakly_canonical(file.real, error);
        return error || !request.only->contains(real.generic_string());
      });
    }
    AuditReport report = run_over(request, gate, found.files);
    for (const std::filesystem::path& record : found.records) {
      const std::filesystem::path site = record.parent_path().parent_path();
      const std::string name = site.lexically_normal().generic_string();
      find_in_record(record, name.empty() || name == "." ? "" : name + "/", report.findings);
    }
    report.too_big = found.too_big;
    report.cut = report.cut || found.cut;
    for (const std::string& directory : found.unreadable) {
      report.unreadable.push_back(shown(start, directory));
    }
    add(all, std::move(report));
  }
  name_findings(all.findings);
  return all;
}

}  // namespace medic::audit
