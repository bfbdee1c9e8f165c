#include "cli/audit_run.h"

#include <fmt/core.h>

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/files.h"
#include "base/json.h"
#include "base/subprocess.h"

namespace medic::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxListBytes = std::size_t{64} << 20U;

Result<std::string> git(std::vector<std::string> words, const fs::path& directory) {
  words.insert(words.begin(), {"git", "-c", "core.quotepath=off"});
  const ProcessRequest request{.argv = std::move(words),
                               .directory = directory,
                               .deadline = std::chrono::seconds(60),
                               .max_output_bytes = kMaxListBytes};
  MEDIC_TRY(const ProcessOutcome outcome, run_process(request));
  if (outcome.exit_status != 0) {
    return fail(ErrorKind::Usage,
                fmt::format("git does not know what changed: {}", escaped(outcome.err, 200)),
                "--changed-since asks git which files to look at", "tlsmedic audit .");
  }
  return outcome.out;
}

void add_names(std::string_view list, const fs::path& top,
               std::set<std::string, std::less<>>& files) {
  while (!list.empty()) {
    const std::size_t end = list.find('\0');
    const std::string_view name = list.substr(0, end);
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
    std::error_code error;
    const fs::path real = fs::weakly_canonical(top / name, error);
    if (!error && !name.empty()) {
      files.insert(real.generic_string());
    }
  }
}

}  // namespace

Result<std::set<std::string, std::less<>>> changed_since(const std::string& revision,
                                                         const fs::path& directory) {
  if (revision.starts_with('-')) {
    return fail(ErrorKind::Usage, fmt::format("'{}' is no revision", escaped(revision)));
  }
  const fs::path where = fs::is_directory(directory) ? directory : directory.parent_path();
  MEDIC_TRY(std::string top, git({"rev-parse", "--show-toplevel"}, where));
  while (top.ends_with('\n') || top.ends_with('\r')) {
    top.pop_back();
  }
  MEDIC_TRY(const std::string changed,
            git({"diff", "--name-only", "-z", "--diff-filter=d", revision, "--"}, top));
  MEDIC_TRY(const std::string fresh,
            git({"ls-files", "-z", "--others", "--exclude-standard"}, top));
  std::set<std::string, std::less<>> files;
  add_names(changed, top, files);
  add_names(fresh, top, files);
  return files;
}

Result<std::set<std::string, std::less<>>> read_baseline(const fs::path& path) {
  MEDIC_TRY(const std::string text, read_text_file(path));
  const auto wrong = [&] {
    return fail(ErrorKind::Data, fmt::format("{} is no baseline", escaped(path.string())),
                "findings that it should know would be reported again",
                "tlsmedic audit --format json > baseline.json");
  };
  const auto document = parse_json(text).value_or(nlohmann::ordered_json());
  if (!document.is_object() || !document.contains("findings") || !document["findings"].is_array()) {
    return wrong();
  }
  std::set<std::string, std::less<>> known;
  for (const auto& finding : document["findings"]) {
    if (finding.is_object() && finding.contains("fingerprint") &&
        finding["fingerprint"].is_string()) {
      known.insert(finding["fingerprint"].get<std::string>());
    }
  }
  return known;
}

void keep_new(audit::AuditReport& report, audit::Severity minimum,
              const std::set<std::string, std::less<>>& baseline, report::AuditView& view) {
  view.below = std::erase_if(
      report.findings, [&](const audit::Finding& finding) { return finding.severity < minimum; });
  view.baseline = std::erase_if(report.findings, [&](const audit::Finding& finding) {
    return baseline.contains(finding.fingerprint);
  });
}

}  // namespace medic::cli
