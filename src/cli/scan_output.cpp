#include "cli/scan_output.h"

#include <fmt/core.h>

#include <filesystem>
#include <system_error>

#include "catalogue/cause.h"
#include "catalogue/loader.h"

namespace medic::cli {
namespace {

constexpr std::size_t kShownRanks = 10;
constexpr std::size_t kShownExpiring = 5;
constexpr std::size_t kShownShared = 3;

// A fault's or cause's id in words, where the catalogue has some.
std::string cause_words(const std::string& id, const Io& io) {
  const catalogue::Cause* const cause = catalogue::find_cause(id);
  return cause == nullptr ? id : fmt::format("{} ({})", cause->text(io.language).title, id);
}

std::string number(std::uint64_t value) {
  std::string digits = fmt::format("{}", value);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

void add_ranks(std::string& out, const std::map<std::string, std::uint64_t>& counts,
               std::string_view heading, const Io& io) {
  if (counts.empty()) {
    return;
  }
  out += "\n" + io.message(heading) + "\n";
  const auto list = scan::ranked(counts);
  for (std::size_t i = 0; i < std::min(list.size(), kShownRanks); ++i) {
    out += fmt::format("  {:>9}  {}\n", number(list[i].second), cause_words(list[i].first, io));
  }
}

void add_parties(std::string& out, const scan::Tally& tally, const Io& io) {
  if (tally.parties.empty()) {
    return;
  }
  out += "\n" + io.message("scan.who") + "\n";
  for (const auto& [party, count] : scan::ranked(tally.parties)) {
    out += fmt::format("  {:>9}  {}\n", number(count),
                       io.message(fmt::format("scan.party_{}", party)));
  }
}

void add_expiring(std::string& out, const scan::Tally& tally, const Io& io) {
  if (tally.expiring.empty()) {
    return;
  }
  out += "\n" + io.message("scan.expiring") + "\n";
  std::size_t shown = 0;
  for (const scan::Expiring& one : tally.expiring) {
    if (++shown > kShownExpiring) {
      break;
    }
    out += fmt::format("  {}  {}\n", iso_date(one.not_after), one.place);
  }
}

void add_shared(std::string& out, const scan::Tally& tally, const Io& io) {
  std::map<std::string, std::uint64_t> shared;
  for (const auto& [fingerprint, count] : tally.leaves) {
    if (count > 1) {
      shared[hex(as_bytes(fingerprint))] = count;
    }
  }
  if (shared.empty()) {
    return;
  }
  out += "\n" + io.message("scan.shared", {{"count", number(shared.size())}}) + "\n";
  const auto list = scan::ranked(shared);
  for (std::size_t i = 0; i < std::min(list.size(), kShownShared); ++i) {
    out += fmt::format("  {:>9}  {}\n", number(list[i].second), list[i].first);
  }
}

void add_input(std::string& out, const scan::InputCounts& input, const Io& io) {
  const std::pair<std::string_view, std::uint64_t> lines[] = {
      {"scan.twice", input.twice},
      {"scan.excluded", input.excluded},
      {"scan.done_before", input.done_before},
      {"scan.unreadable", input.unreadable}};
  for (const auto& [key, count] : lines) {
    if (count > 0) {
      out += io.message(key, {{"count", number(count)}}) + "\n";
    }
  }
  for (const std::string& problem : input.problems) {
    out += "  " + problem + "\n";
  }
}

}  // namespace

Result<std::unique_ptr<ScanOutput>> ScanOutput::open(const std::string& path, ScanFormat format,
                                                     bool resume, Io& io) {
  std::unique_ptr<ScanOutput> output(new ScanOutput(path, format, io));
  if (path.empty()) {
    if (format == ScanFormat::Csv) {
      output->write(scan::csv_header());
    }
    return output;
  }
  std::error_code ignored;
  if (resume && std::filesystem::exists(path, ignored)) {
    if (auto done = output->continue_file(); !done) {
      return std::unexpected(std::move(done.error()));
    }
  }
  output->file_.open(
      path, resume ? std::ios::app | std::ios::binary : std::ios::trunc | std::ios::binary);
  if (!output->file_) {
    return fail(ErrorKind::Io, fmt::format("{} cannot be written", escaped(path)),
                "no record would be kept");
  }
  if (format == ScanFormat::Csv && output->recorded_.empty()) {
    output->write(scan::csv_header());
  }
  return output;
}

Result<void> ScanOutput::continue_file() {
  std::ifstream before(path_, std::ios::binary);
  if (!before) {
    return fail(ErrorKind::Io, fmt::format("{} cannot be read", escaped(path_)),
                "what it holds would be scanned again");
  }
  std::string line;
  std::uintmax_t whole = 0;  // octets up to the last line end
  while (std::getline(before, line) && !before.eof()) {
    whole += line.size() + 1;
    if (auto place = scan::recorded_place(line)) {
      recorded_.push_back(*std::move(place));
    }
  }
  before.close();
  std::error_code failed;
  std::filesystem::resize_file(path_, whole, failed);
  if (failed) {
    return fail(ErrorKind::Io,
                fmt::format("{} cannot be continued: {}", escaped(path_), failed.message()));
  }
  return {};
}

void ScanOutput::write(const std::string& text) {
  if (path_.empty()) {
    io_.out << text;
  } else {
    file_ << text;
  }
}

void ScanOutput::take(const scan::Finding& finding) {
  tally_.add(finding);
  if (format_ == ScanFormat::Csv) {
    write(scan::csv_record(finding));
  } else if (format_ == ScanFormat::JsonLines) {
    std::string text;
    if (certificates_.size() >= kMostCertificates) {
      certificates_.clear();
    }
    for (const x509::CertificatePtr& certificate : finding.seen.chain) {
      if (certificates_.insert(as_text(certificate->fingerprint))) {
        text += scan::json_certificate(*certificate);
      }
    }
    write(text + scan::json_record(finding));
  }
  if (leaves_stdout_free()) {
    show(finding);
  }
}

void ScanOutput::show(const scan::Finding& finding) {
  if (finding.verdict == scan::Verdict::Pass || io_.quiet) {
    return;
  }
  std::string why;
  for (const scan::StatedCause& cause : finding.causes) {
    why +=
        (why.empty() ? "" : ", ") +
        fmt::format("{} ({}, {})", cause.id, io_.message(fmt::format("scan.party_{}", cause.party)),
                    io_.message(fmt::format("scan.{}", cause.certainty)));
  }
  if (why.empty()) {
    for (const std::string& fault : finding.faults) {
      why += (why.empty() ? "" : ", ") + fault;
    }
    if (finding.outcome != "completed") {
      why += (why.empty() ? "" : ": ") + finding.outcome + " " + escaped(finding.detail, 80);
    }
  }
  io_.progress->clear();
  io_.out << fmt::format(
      "{}  {}  {}\n",
      io_.message(finding.verdict == scan::Verdict::Fail ? "scan.fail" : "scan.unreachable"),
      finding.place.text(), why);
}

bool ScanOutput::is_whole() {
  if (path_.empty()) {
    return static_cast<bool>(io_.out);
  }
  file_.flush();
  return static_cast<bool>(file_);
}

std::string scan_summary(const scan::Tally& tally, const scan::InputCounts& input,
                         const scan::ScanEnd& end, std::chrono::milliseconds took, const Io& io) {
  const double seconds = std::max(0.001, static_cast<double>(took.count()) / 1000);
  std::string out =
      "\n" +
      io.message("scan.total",
                 {{"count", number(tally.findings)},
                  {"seconds", fmt::format("{:.1f}", seconds)},
                  {"rate", fmt::format("{:.0f}", static_cast<double>(tally.findings) / seconds)}}) +
      "\n";
  out += io.message("scan.verdicts", {{"pass", number(tally.pass)},
                                      {"fail", number(tally.fail)},
                                      {"unreachable", number(tally.unreachable)}}) +
         "\n";
  add_ranks(out, tally.causes, "scan.causes", io);
  add_ranks(out, tally.faults, "scan.faults", io);
  add_parties(out, tally, io);
  add_expiring(out, tally, io);
  add_shared(out, tally, io);
  out +=
      "\n" +
      io.message(
          "scan.connections",
          {{"count", number(end.connections)},
           {"libssl", number(end.left_to_libssl)},
           {"share", fmt::format("{:.1f}", end.connections == 0
                                               ? 0.0
                                               : 100.0 * static_cast<double>(end.left_to_libssl) /
                                                     static_cast<double>(end.connections))},
           {"retried", number(end.retried)}}) +
      "\n";
  if (end.shortages > 0) {
    out += io.message("scan.shortages", {{"count", number(end.shortages)}}) + "\n";
  }
  if (tally.undiagnosed > 0) {
    out += io.message("scan.undiagnosed", {{"count", number(tally.undiagnosed)}}) + "\n";
  }
  add_input(out, input, io);
  return out;
}

std::string scan_progress(const scan::Counters& counters, double seconds, const Io& io) {
  const std::uint64_t done = counters.finished;
  return io.message(
      "scan.progress",
      {{"done", number(done)},
       {"rate", fmt::format("{:.0f}", static_cast<double>(done) / std::max(0.001, seconds))},
       {"in_flight", number(counters.in_flight)}});
}

}  // namespace medic::cli
