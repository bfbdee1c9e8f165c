#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <set>

#include "cli/cure.h"
#include "remedy/diff.h"
#include "trust/dating.h"
#include "trust/store.h"

namespace medic::cli {
namespace {

constexpr std::size_t kMostNamed = 10;

std::string bytes_of(const remedy::State& state) {
  const auto* const file = std::get_if<remedy::File>(&state);
  return file != nullptr ? file->bytes : std::string();
}

// Certificates of `one` that `other` lacks.
std::vector<x509::CertificatePtr> beyond(const trust::Store& one, const trust::Store& other) {
  std::set<Sha256> known;
  for (const trust::Anchor& anchor : other.anchors) {
    known.insert(anchor.certificate->fingerprint);
  }
  std::vector<x509::CertificatePtr> all;
  for (const trust::Anchor& anchor : one.anchors) {
    if (known.insert(anchor.certificate->fingerprint).second) {
      all.push_back(anchor.certificate);
    }
  }
  return all;
}

// Private roots by name, public ones by their number.
std::string named(char sign, const std::vector<x509::CertificatePtr>& certificates, const Io& io) {
  std::string text;
  std::size_t known = 0;
  std::size_t shown = 0;
  for (const x509::CertificatePtr& one : certificates) {
    if (trust::is_public_root(one->fingerprint)) {
      ++known;
    } else if (++shown <= kMostNamed) {
      text +=
          fmt::format("{}{}\n", sign,
                      io.message("fix.store_root", {{"name", escaped(one->subject.display(), 100)},
                                                    {"until", iso_date(one->not_after)},
                                                    {"fingerprint", hex(one->fingerprint)}}));
    }
  }
  const auto counted = [&](std::size_t count, std::string_view key) {
    if (count > 0) {
      text += fmt::format("{}{}\n", sign, io.message(key, {{"count", std::to_string(count)}}));
    }
  };
  counted(shown - std::min(shown, kMostNamed), "fix.store_more");
  counted(known, "fix.store_public");
  return text;
}

// A store is told by its certificates: nobody compares base64. None: it is no store, or the same
// certificates stand in it.
std::optional<std::string> store_text(const std::string& path, const remedy::State& from,
                                      const remedy::State& to, const Io& io) {
  const trust::Store before = trust::read_store(as_bytes(bytes_of(from)), path);
  const trust::Store after = trust::read_store(as_bytes(bytes_of(to)), path);
  const auto added = beyond(after, before);
  const auto removed = beyond(before, after);
  if (added.empty() && removed.empty()) {
    return std::nullopt;
  }
  const text::Facts facts = {{"path", escaped(path)},
                             {"before", std::to_string(before.anchors.size())},
                             {"after", std::to_string(after.anchors.size())}};
  const std::string_view key = std::holds_alternative<remedy::Absent>(from) ? "fix.store_created"
                               : std::holds_alternative<remedy::Absent>(to) ? "fix.store_removed"
                                                                            : "fix.store_changed";
  return io.message(key, facts) + "\n" + named('-', removed, io) + named('+', added, io);
}

}  // namespace

std::string change_text(const std::string& path, const remedy::State& from, const remedy::State& to,
                        const Io& io) {
  const auto is_file = [](const remedy::State& state) {
    return std::holds_alternative<remedy::File>(state);
  };
  if (is_file(from) || is_file(to)) {
    auto text = store_text(path, from, to, io);
    return text ? *std::move(text) : remedy::unified_diff(bytes_of(from), bytes_of(to), path);
  }
  const text::Facts facts = {{"path", escaped(path)}};
  if (std::holds_alternative<remedy::Directory>(to)) {
    return io.message("fix.makes_directory", facts) + "\n";
  }
  if (std::holds_alternative<remedy::Absent>(to)) {
    return io.message("fix.removes", facts) + "\n";
  }
  return io.message("fix.makes_link", facts) + "\n";
}

}  // namespace medic::cli
