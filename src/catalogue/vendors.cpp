#include "catalogue/vendors.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "base/embedded.h"
#include "base/toml.h"
#include "catalogue/cause.h"
#include "catalogue/loader.h"

namespace medic::catalogue {
namespace {

constexpr std::string_view kPath = "data/vendors/interception.toml";
constexpr std::size_t kShortestPattern = 4;  // shorter ones occur inside ordinary names

// ASCII only: bytes of UTF-8 sequences are left alone.
std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// `pattern` as whole words: "eset" must not be found in "reset". Hangul has no such border here,
// because particles and company forms are written without a space.
bool holds_words(std::string_view text, std::string_view pattern) {
  for (std::size_t at = text.find(pattern); at != std::string_view::npos;
       at = text.find(pattern, at + 1)) {
    const std::size_t end = at + pattern.size();
    const bool starts =
        at == 0 || !is_letter_or_digit(text[at - 1]) || !is_letter_or_digit(pattern.front());
    const bool ends =
        end == text.size() || !is_letter_or_digit(text[end]) || !is_letter_or_digit(pattern.back());
    if (starts && ends) {
      return true;
    }
  }
  return false;
}

VendorKind parsed_kind(const TomlTable& table) {
  constexpr std::array kAll = {VendorKind::Appliance, VendorKind::Antivirus, VendorKind::Vpn,
                               VendorKind::DeveloperTool};
  const std::string id = table.string("kind");
  for (const VendorKind kind : kAll) {
    if (vendor_kind_id(kind) == id) {
      return kind;
    }
  }
  table.report("kind", "expected appliance, antivirus, vpn or developer-tool");
  return VendorKind::Appliance;
}

Vendor parsed_vendor(const TomlTable& table) {
  Vendor vendor{.name = table.string("name"),
                .kind = parsed_kind(table),
                .patterns = table.strings("patterns"),
                .source = table.string("source"),
                .confidence = table.string("confidence")};
  for (const std::string& pattern : vendor.patterns) {
    if (pattern != lower(pattern) || pattern.size() < kShortestPattern) {
      table.report("patterns", fmt::format("'{}': expected lower case, {} bytes or more", pattern,
                                           kShortestPattern));
    }
  }
  if (vendor.patterns.empty()) {
    table.report("patterns", "expected at least one");
  }
  constexpr std::array<std::string_view, 3> kConfidence = {"documented", "reported", "name"};
  if (std::find(kConfidence.begin(), kConfidence.end(), vendor.confidence) == kConfidence.end()) {
    table.report("confidence", "expected documented, reported or name");
  }
  return vendor;
}

std::vector<Vendor> embedded_vendors() {
  for (const EmbeddedFile& file : catalogue_files()) {
    if (file.path == kPath) {
      Problems problems;
      std::vector<Vendor> vendors = parse_vendors(file, problems);
      MEDIC_CHECK(problems.empty());  // the build checked the file
      return vendors;
    }
  }
  return {};
}

}  // namespace

std::string_view vendor_kind_id(VendorKind kind) {
  switch (kind) {
    case VendorKind::Appliance:
      return "appliance";
    case VendorKind::Antivirus:
      return "antivirus";
    case VendorKind::Vpn:
      return "vpn";
    case VendorKind::DeveloperTool:
      return "developer-tool";
  }
  return "appliance";
}

std::vector<Vendor> parse_vendors(const EmbeddedFile& file, Problems& problems) {
  auto root = parse_toml(as_text(file.bytes), file.path);
  if (!root) {
    problems.push_back(root.error().what);
    return {};
  }
  std::vector<Vendor> vendors;
  for (const TomlTable* table : (*root)->tables("vendor")) {
    vendors.push_back(parsed_vendor(*table));
  }
  const std::vector<std::string> found = (*root)->problems();
  problems.insert(problems.end(), found.begin(), found.end());
  return vendors;
}

const std::vector<Vendor>& all_vendors() {
  static const std::vector<Vendor> vendors = embedded_vendors();
  return vendors;
}

std::optional<Vendor> recognise(std::string_view issuer_text) {
  const std::string text = lower(issuer_text);
  for (const Vendor& vendor : all_vendors()) {
    const bool found =
        std::any_of(vendor.patterns.begin(), vendor.patterns.end(),
                    [&](const std::string& pattern) { return holds_words(text, pattern); });
    if (found) {
      return vendor;
    }
  }
  return std::nullopt;
}

}  // namespace medic::catalogue
