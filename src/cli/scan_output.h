#pragma once

// Where a scan's findings go: records to a file or standard output, failing places and a summary to
// a person.

#include <fstream>
#include <memory>
#include <string>

#include "cli/command.h"
#include "scan/hash_set.h"
#include "scan/record.h"
#include "scan/scan.h"
#include "scan/tally.h"

namespace medic::cli {

enum class ScanFormat { Text, JsonLines, Csv };

class ScanOutput {
 public:
  // `path` empty: records go to standard output, or with Text nowhere. `resume`: what the file
  // holds stays, but for a last line that was cut off.
  static Result<std::unique_ptr<ScanOutput>> open(const std::string& path, ScanFormat format,
                                                  bool resume, Io& io);

  void take(const scan::Finding& finding);
  // The places that the resumed file holds.
  [[nodiscard]] std::vector<std::string> take_recorded() { return std::move(recorded_); }
  [[nodiscard]] const scan::Tally& tally() const { return tally_; }
  // The disk took everything.
  [[nodiscard]] bool is_whole();
  // No records go there.
  [[nodiscard]] bool leaves_stdout_free() const {
    return format_ == ScanFormat::Text || !path_.empty();
  }
  // What to do with a stopped or broken-off scan is said by this name.
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  ScanOutput(std::string path, ScanFormat format, Io& io)
      : path_(std::move(path)), format_(format), io_(io) {}

  Result<void> continue_file();
  void write(const std::string& text);
  void show(const scan::Finding& finding);

  // Certificates told apart before one may be written again.
  static constexpr std::size_t kMostCertificates = 2'000'000;

  std::string path_;
  ScanFormat format_;
  Io& io_;
  std::ofstream file_;
  std::vector<std::string> recorded_;
  scan::Tally tally_;
  scan::HashSet certificates_;
};

// What a person can act on: causes ranked, who must act, what expires next, shared certificates.
std::string scan_summary(const scan::Tally& tally, const scan::InputCounts& input,
                         const scan::ScanEnd& end, std::chrono::milliseconds took, const Io& io);
// "1,234 done, 56/s, 7 fail".
std::string scan_progress(const scan::Counters& counters, double seconds, const Io& io);

}  // namespace medic::cli
