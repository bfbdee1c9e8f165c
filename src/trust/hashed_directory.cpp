#include "trust/hashed_directory.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "trust/store_format.h"
#include "x509/digest.h"

namespace medic::trust {
namespace {

class Directory {
 public:
  Directory(std::span<const DirectoryFile> files, const std::string& path)
      : files_(files), path_(&path) {
    store_.format = "hashed-directory";
  }

  Store read() {
    for (const DirectoryFile& file : files_) {
      const std::optional<HashName> name = parse_hash_name(file.name);
      if (name && !name->crl) {
        links_[name->hash][name->number] = &file;
      } else if (!name) {
        plain_.push_back(&file);
      }
      check_state(file);
    }
    for (const auto& [hash, numbered] : links_) {
      follow(hash, numbered);
    }
    check_plain();
    return std::move(store_);
  }

 private:
  void report(std::string_view id, Weight weight, const std::string& place,
              std::map<std::string, std::string, std::less<>> facts = {}) {
    store_.report({.id = std::string(id),
                   .weight = weight,
                   .place = escaped(place, 128),
                   .facts = std::move(facts)});
  }

  void check_state(const DirectoryFile& file) {
    if (file.state == DirectoryFile::State::Dangling) {
      report("link-dangling", Weight::Entry, file.name, {{"target", escaped(file.target, 128)}});
    } else if (file.state == DirectoryFile::State::Unreadable) {
      report("file-unreadable", Weight::Entry, file.name);
    }
  }

  // Everything in one file, with the file's problems told once under its first name.
  const Store& content(const DirectoryFile& file) {
    const std::string& key = file.real.empty() ? file.name : file.real;
    const auto known = contents_.find(key);
    if (known != contents_.end()) {
      return known->second;
    }
    Store one;
    if (file.text) {
      read_certificate_file(as_bytes(*file.text), *path_, one);
    }
    return contents_.emplace(key, std::move(one)).first->second;
  }

  // OpenSSL opens H.0, H.1, ... and stops at the first name that is not there; a link that leads
  // nowhere, an empty file or another certificate does not stop it (seen with 3.0: verify -CApath).
  void follow(std::uint32_t hash, const std::map<std::uint32_t, const DirectoryFile*>& numbered) {
    std::uint32_t expected = 0;
    for (const auto& [number, file] : numbered) {
      if (number != expected) {
        report("hash-gap", Weight::Entry, file->name,
               {{"missing", fmt::format("{:08x}.{}", hash, expected)}});
        return;
      }
      ++expected;
      if (file->text) {
        add_link(hash, *file);
      }
    }
  }

  void add_link(std::uint32_t hash, const DirectoryFile& file) {
    const Store& one = content(file);
    if (one.format != "pem") {
      report("hash-file-not-pem", Weight::Entry, file.name);
      return;
    }
    bool found = false;
    for (const Anchor& anchor : one.anchors) {
      if (name_hash(anchor.certificate->subject.canonical) == hash) {
        found = true;
        if (reachable_.insert(anchor.certificate->fingerprint).second) {
          store_.anchors.push_back({.certificate = anchor.certificate,
                                    .source = *path_ + "/" + file.name,
                                    .place = anchor.place});
        } else {
          report("duplicate", Weight::Note, file.name,
                 {{"name", escaped(anchor.certificate->subject.display(), 64)},
                  {"other", "another hash link"}});
        }
      }
    }
    if (!found && !one.anchors.empty()) {
      report(
          "hash-wrong", Weight::Entry, file.name,
          {{"name", escaped(one.anchors.front().certificate->subject.display(), 64)},
           {"hash",
            fmt::format("{:08x}", name_hash(one.anchors.front().certificate->subject.canonical))}});
    }
  }

  void check_plain() {
    std::set<Sha256> unreachable;
    for (const DirectoryFile* const file : plain_) {
      const Store& one = content(*file);
      std::size_t missed = 0;
      for (const Anchor& anchor : one.anchors) {
        const Sha256& fingerprint = anchor.certificate->fingerprint;
        if (!reachable_.contains(fingerprint)) {
          ++missed;
          if (unreachable.insert(fingerprint).second) {
            store_.untrusted.push_back({.certificate = anchor.certificate,
                                        .source = *path_ + "/" + file->name,
                                        .place = anchor.place});
          }
        }
      }
      if (missed != 0 && !links_.empty()) {
        report("hash-missing", Weight::Entry, file->name, {{"count", std::to_string(missed)}});
      }
      for (const StoreProblem& problem : one.problems) {
        if (problem.id != "crlf" && problem.id != "no-anchors" && problem.id != "not-a-store") {
          StoreProblem copy = problem;
          copy.weight = std::min(copy.weight, Weight::Entry);
          copy.place = copy.place.empty() ? escaped(file->name, 128)
                                          : escaped(file->name, 128) + ", " + copy.place;
          store_.report(std::move(copy));
        }
      }
    }
    if (links_.empty()) {
      report(store_.untrusted.empty() ? "no-anchors" : "no-hash-links", Weight::Store, {},
             {{"count", std::to_string(store_.untrusted.size())}});
    }
  }

  std::span<const DirectoryFile> files_;
  const std::string* path_;
  Store store_;
  std::map<std::uint32_t, std::map<std::uint32_t, const DirectoryFile*>> links_;  // by hash, number
  std::vector<const DirectoryFile*> plain_;
  std::map<std::string, Store, std::less<>> contents_;  // by identity of the file
  std::set<Sha256> reachable_;
};

}  // namespace

std::uint32_t name_hash(const Bytes& canonical) {
  const x509::Sha1 digest = x509::sha1(canonical);
  return digest[0] | (std::uint32_t{digest[1]} << 8U) | (std::uint32_t{digest[2]} << 16U) |
         (std::uint32_t{digest[3]} << 24U);
}

std::optional<HashName> parse_hash_name(std::string_view name) {
  if (name.size() < 10 || name[8] != '.') {
    return std::nullopt;
  }
  HashName parsed;
  const auto hash = parse_hex(name.substr(0, 8));
  const bool upper =
      std::any_of(name.begin(), name.begin() + 8, [](char c) { return c >= 'A' && c <= 'F'; });
  if (!hash || upper) {  // OpenSSL asks for lower case
    return std::nullopt;
  }
  for (const std::uint8_t octet : *hash) {
    parsed.hash = (parsed.hash << 8U) | octet;
  }
  std::string_view digits = name.substr(9);
  parsed.crl = digits.starts_with('r');
  digits.remove_prefix(parsed.crl ? 1 : 0);
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), parsed.number);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return parsed;
}

Store read_hashed_directory(std::span<const DirectoryFile> files, const std::string& path) {
  return Directory(files, path).read();
}

}  // namespace medic::trust
