#pragma once

// How one client (and version) decides: data from data/profiles/<id>.toml, inherited and resolved.
// Every value of the file carries a source; the loader refuses one without.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.h"
#include "base/error.h"

namespace medic::profiles {

enum class Engine { OpenSsl, Go, GnuTls, Java, WebPki, Chromium, Nss };

// How a path is looked for.
enum class PathBuilding {
  OpenSslTrustedFirst,  // one greedy chain, the store before the peer's certificates (1.1.0 and
                        // later)
  AllPaths,             // any path that satisfies every rule will do (Go, webpki, Java, Chromium)
  AsSent,  // the peer's order matters (GnuTLS: sorted and cut at the first trusted one)
};

enum class CommonName { Never, WhenNoDnsSan };

// What the handshake may be. Versions as "1.0".."1.3".
struct TlsRules {
  std::uint16_t min_version = 0x0303;
  std::uint16_t max_version = 0x0304;
  bool sends_sni = true;
  bool offers_dhe = true;
  bool offers_rsa_key_exchange = false;
  std::uint32_t min_dh_bits = 2048;
  bool needs_secure_renegotiation = false;  // refuses TLS <= 1.2 without RFC 5746
  bool post_quantum_hello = false;          // its ClientHello is larger than 1,400 bytes
  bool offers_sha1_signatures = false;      // in signature_algorithms
  bool offers_ed25519 = true;
  bool offers_p521 = true;  // as a certificate key
};

struct VerifyRules {
  PathBuilding building = PathBuilding::AllPaths;
  bool partial_chain = false;        // a non-self-signed certificate in the store is an anchor
  bool strict = false;               // OpenSSL X509_V_FLAG_X509_STRICT
  bool anchor_dates_checked = true;  // an expired anchor fails
  bool anchor_constraints_checked =
      true;  // basicConstraints, name constraints, ... of the anchor itself
  CommonName common_name = CommonName::WhenNoDnsSan;
  bool checks_eku = true;
  std::uint32_t min_rsa_bits = 2048;
  std::uint32_t min_ec_bits = 224;
  bool allows_sha1 = false;
  bool allows_md5 = false;
  std::uint32_t security_level = 2;  // OpenSSL engines
  bool requires_must_staple = false;
  bool checks_stapled_ocsp = false;      // a stapled "revoked" fails
  bool fetches_missing_issuers = false;  // AIA
  bool ca_certificate_as_leaf = true;    // false: webpki's CaUsedAsEndEntity
  bool negative_serial = true;
  std::uint32_t max_validity_days =
      0;  // 0: no limit (for chains to public roots, where the profile says so)
};

struct Profile {
  std::string id;      // "python-3.13"
  std::string title;   // "Python 3.13 and later, ssl.create_default_context()"
  std::string family;  // "python", "curl", ...: what --profile python selects
  Engine engine = Engine::OpenSsl;
  std::string as_of;       // date the facts were established
  bool mainstream = true;  // a failure here is an error; else a warning
  bool executed = false;   // the engine itself is run beside ours (OpenSSL); else simulated
  std::string store;       // where trust comes from by default: "system", "mozilla"
  std::string store_rule;  // which rule makes it so, for the report
  TlsRules tls;
  VerifyRules verify;
  // The names this client prints for our fault ids, where it differs from the id: shown in reports.
  std::vector<std::string> sources;
};

// Resolved and in a stable order (by id). Parsed on first use; a broken embedded file is our bug
// and is caught at build time.
const std::vector<Profile>& all_profiles();
const Profile* find_profile(std::string_view id);
// An id, a family, or "all"; an unknown one is a Usage error that names the nearest.
Result<std::vector<const Profile*>> select_profiles(std::string_view selection);

std::span<const EmbeddedFile> profile_files();

}  // namespace medic::profiles
