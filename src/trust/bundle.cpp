#include <fmt/core.h>

#include <algorithm>
#include <mutex>
#include <set>

#include "trust/sources.h"
#include "trust/subject_index.h"
#include "x509/container.h"
#include "x509/pem.h"

namespace medic::trust {
namespace {

// Decoded to find a subject; long names fall back on the whole block. 99 of 100 Mozilla roots fit,
// and more would cost more than the others do.
constexpr std::size_t kPeekOctets = 480;

struct Entry {
  std::string_view body;
  std::size_t line = 0;  // of its BEGIN, from 1
  bool trusted = false;  // "TRUSTED CERTIFICATE": OpenSSL's trust settings follow the certificate
};

bool holds_certificate(std::string_view label) {
  return label == "CERTIFICATE" || label == "TRUSTED CERTIFICATE" || label == "X509 CERTIFICATE";
}

class BundleAnchors final : public AnchorSet {
 public:
  BundleAnchors(std::string id, std::string path, std::string text)
      : id_(std::move(id)), path_(std::move(path)), text_(std::move(text)) {
    x509::PemScanner scanner(text_);
    Bytes scratch;
    while (const auto block = scanner.next()) {
      if (block->ended && holds_certificate(block->label)) {
        index(*block, scratch);
      }
    }
    subjects_.sort();
    parsed_.resize(entries_.size());
  }

  [[nodiscard]] const std::string& id() const override { return id_; }
  [[nodiscard]] std::string description() const override {
    return fmt::format("{} ({} certificates)", path_, entries_.size());
  }
  [[nodiscard]] std::size_t size() const override { return entries_.size(); }

  [[nodiscard]] std::vector<Anchor> by_subject(const Bytes& canonical) const override {
    std::vector<Anchor> found;
    for (const std::size_t position : subjects_.find(canonical)) {
      if (auto certificate = parsed(position)) {
        found.push_back(anchor(position, std::move(certificate)));
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
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (auto certificate = parsed(i)) {
        found.push_back(anchor(i, std::move(certificate)));
      }
    }
    return found;
  }

  // The careful reader goes over the whole file once: what the index passed over is named here.
  [[nodiscard]] const std::vector<std::string>& problems() const override {
    std::call_once(checked_, [this] {
      for (const auto& problem : x509::read_certificates(as_bytes(text_)).problems) {
        problems_.push_back(fmt::format("{}, {}: {}", path_, problem.place, problem.what));
      }
      report_duplicates(all(), problems_);
    });
    return problems_;
  }

 private:
  void index(const x509::PemBlock& block, Bytes& scratch) {
    std::optional<Bytes> subject;
    if (x509::decode_base64_prefix(block.body, kPeekOctets, scratch)) {
      subject = x509::peek_canonical_subject(scratch);
    }
    if (!subject && x509::decode_base64_prefix(block.body, 0, scratch)) {
      subject = x509::peek_canonical_subject(scratch);
    }
    if (!subject) {
      return;  // problems() says why
    }
    // Blocks come in order, so every line end is passed once; find() jumps from one to the next.
    for (std::size_t end = text_.find('\n', counted_); end < block.offset;
         end = text_.find('\n', counted_)) {
      ++line_;
      counted_ = end + 1;
    }
    subjects_.add(*std::move(subject), entries_.size());
    entries_.push_back(
        {.body = block.body, .line = line_, .trusted = block.label.starts_with("TRUSTED")});
  }

  [[nodiscard]] Anchor anchor(std::size_t position, x509::CertificatePtr certificate) const {
    return {.certificate = std::move(certificate),
            .source = path_,
            .place = fmt::format("line {}", entries_[position].line)};
  }

  // Null when the block is not a certificate after all.
  [[nodiscard]] x509::CertificatePtr parsed(std::size_t position) const {
    const std::scoped_lock lock(mutex_);
    x509::CertificatePtr& kept = parsed_[position];
    if (!kept) {
      const Entry& entry = entries_[position];
      const std::string_view label = entry.trusted ? "TRUSTED CERTIFICATE" : "CERTIFICATE";
      kept = x509::certificate_of_block(label, entry.body).value_or(nullptr);
    }
    return kept;
  }

  std::string id_;
  std::string path_;
  std::string text_;            // entries_ point into it
  std::size_t line_ = 1;        // at counted_
  std::size_t counted_ = 0;     // offset where that line begins
  std::vector<Entry> entries_;  // in the order of the file
  SubjectIndex subjects_;
  mutable std::mutex mutex_;
  mutable std::vector<x509::CertificatePtr> parsed_;  // guarded by mutex_
  mutable std::once_flag hashed_;
  mutable std::set<Sha256> fingerprints_;
  mutable std::once_flag checked_;
  mutable std::vector<std::string> problems_;
};

}  // namespace

AnchorSetPtr open_bundle(std::string id, std::string path, std::string text) {
  return std::make_shared<BundleAnchors>(std::move(id), std::move(path), std::move(text));
}

}  // namespace medic::trust
