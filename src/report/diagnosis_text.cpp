#include "report/diagnosis_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "report/wording.h"

namespace medic::report {
namespace {

using diagnose::Cell;
using diagnose::CellVerdict;
using diagnose::Diagnosis;
using diagnose::Finding;

constexpr std::size_t kMinWidth = 40;

class Page {
 public:
  Page(const Diagnosis& diagnosis, const evidence::Case& facts, const TextStyle& style)
      : diagnosis_(diagnosis),
        facts_(facts),
        style_(style),
        width_(std::max(kMinWidth, static_cast<std::size_t>(std::max(0, style.width)))) {}

  std::string text() {
    headline();
    for (const Finding& finding : diagnosis_.findings) {
      add_finding(finding);
    }
    if (style_.detail == Detail::Full) {
      matrix_table();
    }
    trials();
    unexplained();
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string say(std::string_view key, const text::Facts& facts = {}) const {
    return text::message(style_.language, key, facts);
  }
  [[nodiscard]] std::string paint(std::string_view text, Paint paint) const {
    return painted(text, paint, style_.color);
  }
  void line(std::string_view text, std::size_t indent = 0) {
    out_ += std::string(indent, ' ');
    out_ += wrapped(text, width_ - indent, indent);
    out_ += '\n';
  }
  // "  proof   text...": a label column and a hanging text.
  void row(std::string_view label, std::string_view text) {
    constexpr std::size_t kIndent = 2;
    const std::size_t column = kIndent + label_width();
    out_ += std::string(kIndent, ' ');
    out_ += paint(padded(label, label_width()), Paint::Dim);
    out_ += wrapped(text, width_ - column, column);
    out_ += '\n';
  }
  [[nodiscard]] std::size_t label_width() const {
    std::size_t widest = 0;
    for (const std::string_view key :
         {"report.who", "report.what", "report.proof", "report.fails", "report.passes-for",
          "report.fix", "report.more", "report.certificate", "report.next"}) {
      widest = std::max(widest, display_width(say(key)));
    }
    return widest + 2;
  }

  void headline() {
    const std::string target = fmt::format(
        "{}:{}", facts_.target.unicode.empty() ? facts_.target.host : facts_.target.unicode,
        facts_.target.port);
    const std::string verdict =
        say(fmt::format("report.verdict-{}", diagnose::health_id(diagnosis_.health)));
    const Paint colour = diagnosis_.health == diagnose::Health::Healthy ? Paint::Green : Paint::Red;
    out_ += fmt::format("{}  {}\n", paint(target, Paint::Bold), paint(verdict, colour));
    line(counts(), 0);
  }

  [[nodiscard]] std::string counts() const {
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::size_t untested = 0;
    for (const Cell& cell : diagnosis_.matrix) {
      passed += cell.verdict == CellVerdict::Pass ? 1U : 0U;
      failed += cell.verdict == CellVerdict::Fail ? 1U : 0U;
      untested += cell.verdict == CellVerdict::Untested ? 1U : 0U;
    }
    if (diagnosis_.matrix.empty()) {
      return say("report.counts-none");
    }
    const text::Facts facts{{"passed", fmt::format("{}", passed)},
                            {"failed", fmt::format("{}", failed)},
                            {"untested", fmt::format("{}", untested)},
                            {"connections", fmt::format("{}", diagnosis_.connections)}};
    return say(untested == 0 ? "report.counts" : "report.counts-untested", facts);
  }

  void add_finding(const Finding& finding) {
    const bool error = finding.severity == diagnose::Severity::Error;
    const bool proven = finding.certainty == diagnose::Certainty::Proven;
    out_ += '\n';
    line(fmt::format(
        "{} {}",
        paint(say(error ? "report.error" : "report.warning"), error ? Paint::Red : Paint::Yellow),
        paint(finding.cause->text(style_.language).title, Paint::Bold)));
    row(say("report.what"), finding_sentence(finding, style_.language));
    if (finding.fingerprint) {
      row(say("report.certificate"),
          fmt::format("{}SHA-256 {}", finding.subject.empty() ? "" : finding.subject + ", ",
                      hex(*finding.fingerprint)));
    }
    row(say("report.who"), say(fmt::format("report.party-{}", catalogue::party_id(finding.party))));
    if (proven && finding.proof.empty()) {
      row(say("report.proof"), say("report.proof-by-protocol"));
    }
    for (const diagnose::Observation& seen : finding.proof) {
      row(say("report.proof"), proof_sentence(seen, style_.language));
    }
    clients(finding);
    if (!proven) {
      row(say("report.next"), next_sentence(finding, facts_, style_.language));
    }
    remedies(finding);
    row(say("report.more"), fmt::format("tlsmedic explain {}", finding.cause->id));
  }

  void clients(const Finding& finding) {
    const std::set<std::size_t> explained(finding.explains.begin(), finding.explains.end());
    std::vector<std::string> failing;
    std::vector<std::string> passing;
    for (std::size_t i = 0; i < diagnosis_.matrix.size(); ++i) {
      const Cell& cell = diagnosis_.matrix[i];
      const std::string& id = diagnose::row_name(cell);
      if (explained.contains(i) && std::ranges::find(failing, id) == failing.end()) {
        failing.push_back(id);
      }
      if (cell.verdict == CellVerdict::Pass && std::ranges::find(passing, id) == passing.end()) {
        passing.push_back(id);
      }
    }
    if (!failing.empty()) {
      row(say("report.fails"),
          passing.empty() && failing.size() > 4
              ? say("report.every-client", {{"count", fmt::format("{}", failing.size())}})
              : fmt::format("{}", fmt::join(failing, ", ")));
    }
    if (!passing.empty() && !failing.empty()) {
      row(say("report.passes-for"), fmt::format("{}", fmt::join(passing, ", ")));
    }
  }

  void remedies(const Finding& finding) {
    const auto products =
        style_.detail == Detail::Full ? std::vector<std::string>() : products_at_hand(facts_);
    bool first = true;
    for (const std::string& id : finding.cause->remedies) {
      const catalogue::Remedy* remedy = catalogue::find_remedy(id);
      if (remedy == nullptr || (!first && style_.detail == Detail::Short)) {
        continue;
      }
      row(say("report.fix"), remedy->text(style_.language).title);
      row("", remedy_text(*remedy, facts_, style_.language));
      how(*remedy, products);
      first = false;
    }
  }

  void how(const catalogue::Remedy& remedy, std::span<const std::string> products) {
    for (const catalogue::HowTo* way : how_tos(remedy, products)) {
      const std::string& sentence =
          style_.language == text::Language::Korean ? way->korean : way->english;
      row("", fmt::format("{}: {}", paint(catalogue::product_name(way->product), Paint::Bold),
                          sentence));
      const std::string command = command_text(*way, facts_);
      std::size_t from = 0;
      while (from < command.size()) {
        const std::size_t end = std::min(command.find('\n', from), command.size());
        out_ += std::string(2 + label_width() + 2, ' ') + command.substr(from, end - from) + '\n';
        from = end + 1;
      }
    }
  }

  void matrix_table() {
    out_ += '\n';
    line(paint(say("report.matrix"), Paint::Bold));
    std::size_t widest = 0;
    for (const Cell& cell : diagnosis_.matrix) {
      widest = std::max(widest, display_width(escaped(diagnose::row_name(cell))));
    }
    for (const Cell& cell : diagnosis_.matrix) {
      std::string what = say(fmt::format("report.cell-{}", diagnose::verdict_id(cell.verdict)));
      if (!cell.faults.empty()) {
        what += fmt::format("  {}", fault_sentence(cell.faults.front(), style_.language));
      } else if (!cell.why.empty()) {
        what += fmt::format("  {}", say(cell.why));
      }
      const std::size_t column = 2 + widest + 2 + display_width(endpoint(cell)) + 2;
      out_ += fmt::format("  {}  {}  {}\n", padded(escaped(diagnose::row_name(cell)), widest),
                          endpoint(cell),
                          wrapped(what, width_ > column + 20 ? width_ - column : 20, column));
    }
    const bool tried = std::ranges::any_of(diagnosis_.matrix,
                                           [](const Cell& cell) { return !cell.observed.empty(); });
    line(say(tried ? "report.observed" : "report.simulated"));
  }
  [[nodiscard]] const std::string& endpoint(const Cell& cell) const {
    return diagnosis_.endpoint_labels[cell.endpoint];
  }

  // What the real clients said, and where that is not what was simulated.
  void trials() {
    for (const Cell& cell : diagnosis_.matrix) {
      if (const std::string gap = trial_gap(cell, style_.language); !gap.empty()) {
        line(fmt::format("{}: {}", escaped(cell.client), gap));
      }
      if (cell.observed.empty()) {
        continue;
      }
      const text::Facts facts{
          {"client", escaped(cell.client)},
          {"observed", say(fmt::format("report.cell-{}", cell.observed))},
          {"simulated", say(fmt::format("report.cell-{}", diagnose::verdict_id(cell.verdict)))},
          {"said", cell.said}};
      out_ += '\n';
      if (diagnose::disagrees(cell)) {
        line(paint(say("report.trial-differs", facts), Paint::Yellow));
      } else {
        line(say("report.trial", facts));
      }
      if (!cell.said.empty()) {
        line(cell.said, 2);
      }
    }
  }

  void unexplained() {
    // Suspected findings speak for these; say plainly that nothing was proven.
    if (!diagnosis_.unexplained.empty()) {
      out_ += '\n';
      line(
          say("report.unexplained", {{"count", fmt::format("{}", diagnosis_.unexplained.size())}}));
    }
  }

  const Diagnosis& diagnosis_;
  const evidence::Case& facts_;
  const TextStyle& style_;
  std::size_t width_;
  std::string out_;
};

}  // namespace

std::string diagnosis_text(const Diagnosis& diagnosis, const evidence::Case& facts,
                           const TextStyle& style) {
  return Page(diagnosis, facts, style).text();
}

}  // namespace medic::report
