#pragma once

// Roots packed into one file that is searched without being read: what pack_roots (tools/) writes
// at build time and mozilla_anchors() looks up in. All numbers are big-endian.
//
//   "MEDICROOTS1\n"
//   u32 count, u32 octets of the origin text, origin text ("ca-certificates 20230311, Debian")
//   count x { SHA-1 of the canonical subject (20), u32 offset, u32 octets }   sorted by SHA-1, then
//   place count x SHA-256 of the certificate (32)                                   sorted
//   certificates, DER, one after the other; offsets count from the first

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "x509/certificate.h"

namespace medic::trust {

Bytes packed_roots(const std::vector<x509::CertificatePtr>& roots, std::string_view origin);

class PackedRoots {
 public:
  // `file` must outlive this. None when it was not made by packed_roots().
  static std::optional<PackedRoots> open(ByteView file);

  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] std::string_view origin() const { return origin_; }
  // DER of every root whose subject has this canonical form, as far as its SHA-1 can tell.
  [[nodiscard]] std::vector<ByteView> by_subject(const Bytes& canonical) const;
  [[nodiscard]] bool contains(const Sha256& fingerprint) const;
  // In the order in which they were packed.
  [[nodiscard]] std::vector<ByteView> all() const;

 private:
  [[nodiscard]] ByteView row(std::size_t index) const;
  [[nodiscard]] std::optional<ByteView> certificate(std::size_t index) const;

  std::size_t count_ = 0;
  std::string_view origin_;
  ByteView subjects_;
  ByteView fingerprints_;
  ByteView certificates_;
};

}  // namespace medic::trust
