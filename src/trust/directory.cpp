#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "base/files.h"
#include "trust/hashed_directory.h"
#include "trust/sources.h"
#include "x509/container.h"

namespace medic::trust {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFiles = 8192;         // /etc/ssl/certs has about 430
constexpr std::size_t kMaxOneFile = 4U << 20U;  // a bundle in the directory is 220 KB

// The hash of a link that holds certificates.
std::optional<std::uint32_t> link_hash(std::string_view name) {
  const std::optional<HashName> parsed = parse_hash_name(name);
  return parsed && !parsed->crl ? std::optional(parsed->hash) : std::nullopt;
}

struct FileContent {
  std::vector<Anchor> anchors;
  std::vector<std::string> problems;
};

FileContent read_one(const std::string& directory, const std::string& name) {
  FileContent content;
  const std::string path = (fs::path(directory) / name).string();
  const Result<Bytes> bytes = read_file(path, kMaxOneFile);
  if (!bytes) {
    content.problems.push_back(bytes.error().what);
    return content;
  }
  const x509::Certificates found = x509::read_certificates(*bytes);
  for (const auto& certificate : found.certificates) {
    content.anchors.push_back({.certificate = certificate, .source = path});
  }
  for (const auto& problem : found.problems) {
    content.problems.push_back(fmt::format("{}, {}: {}", path, problem.place, problem.what));
  }
  return content;
}

class HashedDirectory final : public AnchorSet {
 public:
  HashedDirectory(std::string id, std::string path, std::vector<std::string> names)
      : id_(std::move(id)), path_(std::move(path)) {
    // By hash and then by number, which is the order OpenSSL tries them in.
    for (std::string& name : names) {
      if (const auto hash = link_hash(name)) {
        links_.emplace(*hash, std::move(name));
      }
    }
  }

  [[nodiscard]] const std::string& id() const override { return id_; }
  [[nodiscard]] std::string description() const override {
    return fmt::format("{} ({} hash links)", path_, links_.size());
  }
  [[nodiscard]] std::size_t size() const override { return links_.size(); }

  [[nodiscard]] std::vector<Anchor> by_subject(const Bytes& canonical) const override {
    std::vector<Anchor> found;
    const auto [begin, end] = links_.equal_range(name_hash(canonical));
    for (auto link = begin; link != end; ++link) {
      for (const Anchor& anchor : content(link->second).anchors) {
        if (anchor.certificate->subject.canonical == canonical) {
          found.push_back(anchor);
        }
      }
    }
    return found;
  }

  [[nodiscard]] bool contains(const Sha256& fingerprint) const override {
    std::call_once(hashed_, [this] {
      for (const Anchor& one : all()) {
        fingerprints_.insert(one.certificate->fingerprint);
      }
    });
    return fingerprints_.contains(fingerprint);
  }

  [[nodiscard]] std::vector<Anchor> all() const override {
    std::vector<Anchor> found;
    for (const auto& [hash, name] : links_) {
      const FileContent& file = content(name);
      found.insert(found.end(), file.anchors.begin(), file.anchors.end());
    }
    return found;
  }

  [[nodiscard]] const std::vector<std::string>& problems() const override {
    std::call_once(checked_, [this] {
      for (const auto& [hash, name] : links_) {
        const FileContent& file = content(name);
        problems_.insert(problems_.end(), file.problems.begin(), file.problems.end());
        for (const Anchor& anchor : file.anchors) {
          if (name_hash(anchor.certificate->subject.canonical) != hash) {
            problems_.push_back(
                fmt::format("{}: the link's name is not the hash of the subject "
                            "'{}', so OpenSSL never finds it",
                            anchor.source, escaped(anchor.certificate->subject.display(), 64)));
          }
        }
      }
      report_duplicates(all(), problems_);
    });
    return problems_;
  }

 private:
  // Read once; the reference stays valid because a map's nodes do not move.
  [[nodiscard]] const FileContent& content(const std::string& name) const {
    const std::scoped_lock lock(mutex_);
    const auto known = contents_.find(name);
    return known != contents_.end() ? known->second
                                    : contents_.emplace(name, read_one(path_, name)).first->second;
  }

  std::string id_;
  std::string path_;
  std::multimap<std::uint32_t, std::string> links_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, FileContent> contents_;  // guarded by mutex_
  mutable std::once_flag hashed_;
  mutable std::set<Sha256> fingerprints_;
  mutable std::once_flag checked_;
  mutable std::vector<std::string> problems_;
};

bool named_as_certificate(std::string_view name) {
  for (const std::string_view ending : {".pem", ".crt", ".cer", ".der", ".p7b", ".p7c"}) {
    if (name.ends_with(ending)) {
      return true;
    }
  }
  return false;
}

}  // namespace

AnchorSetPtr open_hashed_directory(std::string id, std::string path,
                                   std::vector<std::string> names) {
  return std::make_shared<HashedDirectory>(std::move(id), std::move(path), std::move(names));
}

AnchorSetPtr read_plain_directory(std::string id, std::string path,
                                  const std::vector<std::string>& names) {
  std::vector<Anchor> anchors;
  std::vector<std::string> problems;
  for (const std::string& name : names) {
    FileContent file = read_one(path, name);
    anchors.insert(anchors.end(), file.anchors.begin(), file.anchors.end());
    if (named_as_certificate(name)) {  // a README is no problem
      problems.insert(problems.end(), file.problems.begin(), file.problems.end());
    }
  }
  std::string description = fmt::format("{} ({} certificates)", path, anchors.size());
  return make_listed_set(std::move(id), std::move(description), std::move(anchors),
                         std::move(problems));
}

Result<AnchorSetPtr> open_directory(std::string id, const std::string& path) {
  std::error_code error;
  std::vector<std::string> names;
  bool hashed = false;
  for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    std::string name = at->path().filename().string();
    std::error_code ignored;
    if (name.starts_with('.') || at->is_directory(ignored)) {
      continue;
    }
    hashed = hashed || link_hash(name).has_value();
    names.push_back(std::move(name));
    if (names.size() > kMaxFiles) {
      return fail(ErrorKind::Limit,
                  fmt::format("directory '{}' has more than {} files", escaped(path), kMaxFiles));
    }
  }
  if (error) {
    return fail(ErrorKind::Io,
                fmt::format("cannot read directory '{}': {}", escaped(path), error.message()));
  }
  std::sort(names.begin(), names.end());
  return hashed ? open_hashed_directory(std::move(id), path, std::move(names))
                : read_plain_directory(std::move(id), path, names);
}

}  // namespace medic::trust
