#include <fmt/core.h>

#include "trust/cursor.h"
#include "trust/jks.h"
#include "trust/merged_bundle.h"
#include "trust/store_edit.h"
#include "trust/store_format.h"
#include "x509/digest.h"

namespace medic::trust {
namespace {

constexpr std::size_t kHeaderOctets = 12;  // magic, version, count
constexpr std::size_t kCountAt = 8;

std::unexpected<Error> cannot(std::string_view reason) {
  return fail(ErrorKind::Usage, fmt::format("this keystore cannot be changed: {}", reason),
              "nothing is written that Java would refuse to open",
              "keytool -importcert -cacerts -file ROOT");
}

// The password under which the digest at the end is right.
std::optional<std::string> password_of(ByteView bytes, const EditOptions& options) {
  const ByteView body = bytes.first(bytes.size() - kJksDigestOctets);
  for (const std::string& password : candidate_passwords({.password = options.password})) {
    const x509::Sha1 digest = jks_digest(body, password);
    if (as_text(digest) == as_text(bytes.subspan(body.size()))) {
      return password;
    }
  }
  return std::nullopt;
}

struct Open {
  ByteView body;  // without the digest
  std::uint32_t version = 0;
  std::uint32_t count = 0;
  std::string password;
};

Result<Open> opened(ByteView bytes, const EditOptions& options) {
  if (bytes.size() < kHeaderOctets + kJksDigestOctets) {
    return cannot("it is cut");
  }
  const auto password = password_of(bytes, options);
  if (!password) {
    return cannot("its password is none of those that keystores come with");
  }
  Cursor cursor(bytes);
  cursor.u32();
  Open open{.body = bytes.first(bytes.size() - kJksDigestOctets),
            .version = cursor.u32(),
            .count = cursor.u32(),
            .password = *password};
  if (open.version != 1 && open.version != 2) {
    return cannot("its version is not known");
  }
  return open;
}

std::string sealed(std::string body, std::uint32_t count, std::string_view password) {
  for (std::size_t i = 0; i < 4; ++i) {
    body[kCountAt + i] = static_cast<char>((count >> (24U - 8U * i)) & 0xFFU);
  }
  const x509::Sha1 digest = jks_digest(as_bytes(body), password);
  body += as_text(digest);
  return body;
}

// One entry from the cursor on; its certificate when it is a trusted one. False: nothing behind it
// can be read.
bool skip_entry(Cursor& cursor, std::uint32_t version, ByteView& trusted) {
  trusted = {};
  const std::uint32_t kind = cursor.u32();
  cursor.take(cursor.u16());
  cursor.take(8);
  const auto certificate = [&] {
    if (version == 2) {
      cursor.take(cursor.u16());
    }
    return cursor.take(cursor.u32());
  };
  if (kind == static_cast<std::uint32_t>(JksEntry::TrustedCertificate)) {
    trusted = certificate();
    return cursor.ok();
  }
  if (kind != static_cast<std::uint32_t>(JksEntry::PrivateKey)) {
    return false;
  }
  cursor.take(cursor.u32());
  const std::uint32_t chain = cursor.u32();
  for (std::uint32_t i = 0; i < chain && cursor.ok(); ++i) {
    certificate();
  }
  return cursor.ok();
}

}  // namespace

// The new entry stands last, right before the digest: no other needs to be understood.
Result<std::string> jks_with(const std::string& bytes, const x509::Certificate& root,
                             const EditOptions& options) {
  MEDIC_TRY(const Open open, opened(as_bytes(bytes), options));
  std::string body(as_text(open.body));
  body += as_text(jks_trusted_entry(root, alias_of(root), open.version, options.at));
  return sealed(std::move(body), open.count + 1, open.password);
}

Result<std::string> jks_without(const std::string& bytes, const Sha256& fingerprint,
                                const EditOptions& options) {
  MEDIC_TRY(const Open open, opened(as_bytes(bytes), options));
  Cursor cursor(open.body, kHeaderOctets);
  std::string body(as_text(open.body.first(kHeaderOctets)));
  std::uint32_t left = open.count;
  for (std::uint32_t i = 0; i < open.count; ++i) {
    const std::size_t begin = cursor.at();
    ByteView trusted;
    if (!skip_entry(cursor, open.version, trusted)) {
      return cannot("it holds a secret key, or is cut");
    }
    if (!trusted.empty() && x509::sha256(trusted) == fingerprint) {
      --left;
      continue;
    }
    body += as_text(open.body.subspan(begin, cursor.at() - begin));
  }
  if (!cursor.at_end()) {
    return cannot("something stands behind its entries");
  }
  return left == open.count ? bytes : sealed(std::move(body), left, open.password);
}

}  // namespace medic::trust
