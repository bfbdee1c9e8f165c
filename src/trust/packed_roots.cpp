#include "trust/packed_roots.h"

#include <algorithm>
#include <numeric>

#include "x509/digest.h"

namespace medic::trust {
namespace {

constexpr std::string_view kMagic = "MEDICROOTS1\n";
constexpr std::size_t kHashOctets = 20;
constexpr std::size_t kRowOctets = kHashOctets + 8;
constexpr std::size_t kFingerprintOctets = 32;

void append_number(Bytes& out, std::size_t value) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    out.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

std::uint32_t number_at(ByteView bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = (value << 8U) | bytes[at + i];
  }
  return value;
}

struct Row {
  x509::Sha1 subject{};
  std::size_t offset = 0;
  std::size_t octets = 0;
};

}  // namespace

Bytes packed_roots(const std::vector<x509::CertificatePtr>& roots, std::string_view origin) {
  std::vector<Row> rows;
  std::vector<Sha256> fingerprints;
  Bytes certificates;
  for (const x509::CertificatePtr& root : roots) {
    rows.push_back({.subject = x509::sha1(root->subject.canonical),
                    .offset = certificates.size(),
                    .octets = root->der.size()});
    fingerprints.push_back(root->fingerprint);
    certificates.insert(certificates.end(), root->der.begin(), root->der.end());
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.subject < b.subject; });
  std::sort(fingerprints.begin(), fingerprints.end());

  Bytes out(kMagic.begin(), kMagic.end());
  append_number(out, rows.size());
  append_number(out, origin.size());
  out.insert(out.end(), origin.begin(), origin.end());
  for (const Row& row : rows) {
    out.insert(out.end(), row.subject.begin(), row.subject.end());
    append_number(out, row.offset);
    append_number(out, row.octets);
  }
  for (const Sha256& fingerprint : fingerprints) {
    out.insert(out.end(), fingerprint.begin(), fingerprint.end());
  }
  out.insert(out.end(), certificates.begin(), certificates.end());
  return out;
}

std::optional<PackedRoots> PackedRoots::open(ByteView file) {
  constexpr std::size_t kFixed = kMagic.size() + 8;
  if (file.size() < kFixed || !as_text(file).starts_with(kMagic)) {
    return std::nullopt;
  }
  PackedRoots roots;
  roots.count_ = number_at(file, kMagic.size());
  const std::size_t origin_octets = number_at(file, kMagic.size() + 4);
  const std::size_t table_octets = roots.count_ * (kRowOctets + kFingerprintOctets);
  if (file.size() - kFixed < origin_octets || file.size() - kFixed - origin_octets < table_octets) {
    return std::nullopt;
  }
  roots.origin_ = as_text(file.subspan(kFixed, origin_octets));
  const ByteView tables = file.subspan(kFixed + origin_octets);
  roots.subjects_ = tables.first(roots.count_ * kRowOctets);
  roots.fingerprints_ = tables.subspan(roots.subjects_.size(), roots.count_ * kFingerprintOctets);
  roots.certificates_ = tables.subspan(table_octets);
  return roots;
}

ByteView PackedRoots::row(std::size_t index) const {
  return subjects_.subspan(index * kRowOctets, kRowOctets);
}

std::optional<ByteView> PackedRoots::certificate(std::size_t index) const {
  const ByteView found = row(index);
  const std::size_t offset = number_at(found, kHashOctets);
  const std::size_t octets = number_at(found, kHashOctets + 4);
  if (offset > certificates_.size() || octets > certificates_.size() - offset) {
    return std::nullopt;
  }
  return certificates_.subspan(offset, octets);
}

std::vector<ByteView> PackedRoots::by_subject(const Bytes& canonical) const {
  const x509::Sha1 wanted = x509::sha1(canonical);
  const std::string_view hash = as_text(wanted);
  const auto hash_of = [this](std::size_t index) { return as_text(row(index).first(kHashOctets)); };
  std::size_t low = 0;
  std::size_t high = count_;
  while (low < high) {
    const std::size_t middle = std::midpoint(low, high);
    if (hash_of(middle) < hash) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  std::vector<ByteView> found;
  for (; low < count_ && hash_of(low) == hash; ++low) {
    if (const auto der = certificate(low)) {
      found.push_back(*der);
    }
  }
  return found;
}

bool PackedRoots::contains(const Sha256& fingerprint) const {
  const std::string_view wanted = as_text(fingerprint);
  std::size_t low = 0;
  std::size_t high = count_;
  while (low < high) {
    const std::size_t middle = std::midpoint(low, high);
    const std::string_view at =
        as_text(fingerprints_.subspan(middle * kFingerprintOctets, kFingerprintOctets));
    if (at == wanted) {
      return true;
    }
    if (at < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return false;
}

std::vector<ByteView> PackedRoots::all() const {
  std::vector<ByteView> found;
  for (std::size_t i = 0; i < count_; ++i) {
    if (const auto der = certificate(i)) {
      found.push_back(*der);
    }
  }
  std::sort(found.begin(), found.end(), [](ByteView a, ByteView b) { return a.data() < b.data(); });
  return found;
}

}  // namespace medic::trust
