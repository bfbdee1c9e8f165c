#include "audit/record.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/glob.h"
#include "audit/rule.h"
#include "audit/source.h"
#include "base/bytes.h"
#include "base/files.h"
#include "x509/digest.h"

namespace medic::audit {
namespace {

constexpr std::size_t kMaxLines = 200'000;
constexpr std::size_t kMaxBytes = std::size_t{16} << 20U;

std::string base64url(ByteView bytes) {
  std::string text = base64(bytes);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  while (text.ends_with('=')) {
    text.pop_back();
  }
  return text;
}

bool is_watched(const Rule& rule, std::string_view path) {
  return std::ranges::any_of(rule.records,
                             [path](const RecordRule& part) { return fits_any(part.files, path); });
}

}  // namespace

std::vector<RecordLine> parse_record(std::string_view text) {
  constexpr std::string_view kHash = ",sha256=";
  std::vector<RecordLine> lines;
  while (!text.empty() && lines.size() < kMaxLines) {
    const std::size_t newline = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, newline);
    text.remove_prefix(std::min(newline + 1, text.size()));
    const std::size_t hash = line.rfind(kHash);
    if (hash == std::string_view::npos) {
      continue;
    }
    std::string_view path = line.substr(0, hash);
    if (path.size() >= 2 && path.front() == '"' && path.back() == '"') {
      path = path.substr(1, path.size() - 2);
    }
    const std::string_view rest = line.substr(hash + kHash.size());
    lines.push_back(
        {.path = std::string(path), .sha256 = std::string(rest.substr(0, rest.find(',')))});
  }
  return lines;
}

void find_in_record(const std::filesystem::path& record, std::string_view shown,
                    std::vector<Finding>& findings) {
  const auto text = read_text_file(record, kMaxBytes);
  if (!text) {
    return;
  }
  const std::filesystem::path site = record.parent_path().parent_path();
  for (const RecordLine& line : parse_record(*text)) {
    for (const Rule& rule : all_rules()) {
      // What RECORD names outside of its directory is not looked at.
      if (!is_watched(rule, line.path) || line.path.find("..") != std::string::npos) {
        continue;
      }
      const auto content = read_file(site / line.path, kMaxBytes);
      if (!content || base64url(x509::sha256(*content)) == line.sha256) {
        continue;
      }
      const std::string path = std::string(shown) + line.path;
      findings.push_back(Source(path, {}).finding(rule, 0, 0));
    }
  }
}

}  // namespace medic::audit
