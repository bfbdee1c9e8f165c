#include "trust/admission.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "trust/distrust.h"
#include "x509/container.h"
#include "x509/signature.h"

namespace medic::trust {
namespace {

constexpr std::size_t kSha1Digits = 40;
constexpr std::size_t kSha256Digits = 64;
// NIST SP 800-131A rev. 2: 2048 bits for RSA and DSA, 224 for elliptic curves.
constexpr std::uint32_t kMinimalRsaBits = 2048;
constexpr std::uint32_t kMinimalEcBits = 224;

bool weak_key(const x509::PublicKey& key) {
  switch (key.type) {
    case x509::KeyType::Rsa:
    case x509::KeyType::RsaPss:
    case x509::KeyType::Dsa:
      return key.bits < kMinimalRsaBits;
    case x509::KeyType::Ec:
      return key.bits < kMinimalEcBits;
    case x509::KeyType::Ed25519:
    case x509::KeyType::Ed448:
      return false;
    case x509::KeyType::Other:
      return true;  // nobody can verify with it
  }
  return true;
}

// A root nobody should trust any more, whoever vouches for it.
bool removed_by_programmes(const x509::Certificate& certificate) {
  const auto roots = distrusted_roots(certificate.subject.canonical);
  return std::ranges::any_of(roots, [&](const DistrustedRoot& root) {
    return root.certificate->fingerprint == certificate.fingerprint;
  });
}

Error not_admitted(const x509::Certificate& certificate, std::string_view path,
                   std::string_view reason) {
  return {.kind = ErrorKind::Usage,
          .what = fmt::format("'{}' of '{}' {}", escaped(certificate.subject.display(), 64),
                              escaped(path), reason),
          .matters = "whoever holds the key of a trusted root can pretend to be any site",
          .next_step = fmt::format(
              "get the SHA-256 fingerprint from who runs the CA, by another way than this "
              "connection; if it is {}, repeat with --sha256 {}",
              fingerprint_text(certificate.fingerprint), hex(certificate.fingerprint))};
}

// English, for the Error; commands print the sentence trust.refused-<id>.
std::string_view in_words(std::string_view id) {
  constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"not-a-ca", "is not a CA certificate (basicConstraints says so)"},
      {"no-basic-constraints", "has no basicConstraints, so clients do not take it for a CA"},
      {"intermediate", "is an intermediate certificate; trust the root above it"},
      {"key-usage", "may not sign certificates by its key usage"},
      {"expired", "has expired"},
      {"not-yet-valid", "is not valid yet"},
      {"weak-key", "has a key that is too small"},
      {"not-its-own-signature", "calls itself a root but did not sign itself"},
      {"distrusted", "was removed by the root programmes for cause"}};
  for (const auto& [known, words] : kWords) {
    if (known == id) {
      return words;
    }
  }
  return "is refused";
}

}  // namespace

std::optional<Refusal> refusal(const x509::Certificate& certificate, Time at) {
  const auto no = [](std::string_view id, std::string detail = {}) {
    return Refusal{.id = std::string(id), .detail = std::move(detail)};
  };
  if (!certificate.basic_constraints) {
    return no("no-basic-constraints");
  }
  if (!certificate.basic_constraints->ca) {
    return no("not-a-ca");
  }
  if (!certificate.self_issued()) {
    return no("intermediate", escaped(certificate.issuer.display(), 64));
  }
  if (certificate.key_usage && (certificate.key_usage->bits & x509::kKeyCertSign) == 0) {
    return no("key-usage");
  }
  if (at > certificate.not_after) {
    return no("expired", iso_date(certificate.not_after));
  }
  if (at < certificate.not_before) {
    return no("not-yet-valid", iso_date(certificate.not_before));
  }
  if (weak_key(certificate.public_key)) {
    return no("weak-key", std::to_string(certificate.public_key.bits));
  }
  if (x509::check_signature(certificate, certificate.public_key) == x509::SignatureCheck::Bad) {
    return no("not-its-own-signature");
  }
  if (removed_by_programmes(certificate)) {
    return no("distrusted");
  }
  return std::nullopt;
}

Result<Sha256> parse_fingerprint(std::string_view text) {
  std::string digits;
  constexpr std::string_view kPrefix = "sha256";
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::string_view rest = lower;
  if (rest.starts_with(kPrefix)) {
    rest.remove_prefix(kPrefix.size());
  }
  for (const char c : rest) {
    if (c == ':' || c == ' ' || c == '-' || c == '=') {
      continue;
    }
    digits.push_back(c);
  }
  if (digits.size() == kSha1Digits && parse_hex(digits)) {
    return fail(
        ErrorKind::Usage, "this is a SHA-1 thumbprint, as Windows prints it",
        "two certificates can be made with one SHA-1, so it proves nothing",
        "ask for the SHA-256 fingerprint: openssl x509 -in FILE -noout -fingerprint -sha256");
  }
  const auto bytes = parse_hex(digits);
  if (!bytes || digits.size() != kSha256Digits) {
    return fail(ErrorKind::Usage, fmt::format("'{}' is no SHA-256 fingerprint", escaped(text, 96)),
                "it has 64 hexadecimal digits",
                "openssl x509 -in FILE -noout -fingerprint -sha256");
  }
  Sha256 fingerprint{};
  std::ranges::copy(*bytes, fingerprint.begin());
  return fingerprint;
}

std::string fingerprint_text(const Sha256& fingerprint) {
  return fmt::format("{:02X}", fmt::join(fingerprint, ":"));
}

Result<std::vector<x509::CertificatePtr>> admitted(ByteView file, std::string_view path,
                                                   std::span<const Sha256> allowed, Time at) {
  x509::Certificates found = x509::read_certificates(file);
  if (found.certificates.empty()) {
    return fail(ErrorKind::Data, fmt::format("'{}' holds no certificate", escaped(path)),
                "there is nothing to trust in it", "tlsmedic bundle inspect FILE says what it is");
  }
  if (!found.problems.empty()) {
    return fail(ErrorKind::Data,
                fmt::format("'{}', {}: {}", escaped(path), found.problems.front().place,
                            found.problems.front().what),
                "a damaged file is not taken half", "tlsmedic bundle lint FILE");
  }
  for (const x509::CertificatePtr& certificate : found.certificates) {
    if (const auto why = refusal(*certificate, at)) {
      Error error = not_admitted(*certificate, path, in_words(why->id));
      error.matters = why->detail.empty() ? std::string() : why->detail;
      error.next_step = "give the root certificate of the CA";
      return std::unexpected(std::move(error));
    }
    if (std::ranges::find(allowed, certificate->fingerprint) == allowed.end()) {
      return std::unexpected(
          not_admitted(*certificate, path, "is named by no --sha256, and nobody vouches for it"));
    }
  }
  return std::move(found.certificates);
}

}  // namespace medic::trust
