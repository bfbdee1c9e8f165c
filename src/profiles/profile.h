#pragma once

// How one client (and version) decides: data from data/profiles/<id>.toml, inherited and resolved.
// Every value of the file carries a source; the loader refuses one without.

#include <cstdint>
#include <map>
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

// Whose host-name code runs, and when. Only OpenSsl is part of the verifier's own order of checks;
// the others run after the chain was accepted.
enum class HostRules {
  OpenSsl,  // X509_VERIFY_PARAM_set1_host, partial wildcards refused (s_client, Python 3.7 and
            // later, curl 8)
  OpenSslPartialWildcards,  // the same with OpenSSL's default flags: "f*.example.com" counts
  Curl,                     // lib/vtls/hostcheck.c
  Node,                     // tls.checkServerIdentity: a partial wildcard counts
  Python,  // a match in Python code on top of OpenSSL (urllib3): as OpenSsl, after the chain
  Go,
  GnuTls,
  Java,
  WebPki,
  Chromium,
  Nss,
};

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
  bool offers_p521 = true;        // as a certificate key
  bool offers_p521_group = true;  // for the key exchange; X25519, P-256 and P-384 all clients have
  bool offers_rsa_pss_key =
      true;  // id-RSASSA-PSS as a certificate key (RFC 4055), not as a signature
};

struct VerifyRules {
  PathBuilding building = PathBuilding::AllPaths;
  bool partial_chain = false;        // a non-self-signed certificate in the store is an anchor
  bool strict = false;               // OpenSSL X509_V_FLAG_X509_STRICT
  bool reports_last_error = false;   // Node: every error is met, the last one is shown
  bool anchor_dates_checked = true;  // an expired anchor fails
  bool anchor_constraints_checked =
      true;                       // basicConstraints, path length, EKU, ... of the anchor itself
  bool anchor_must_be_ca = true;  // basicConstraints CA:TRUE (or none at all: next) and keyCertSign
  bool anchor_without_basic_constraints = false;  // passes although version 3
  bool anchor_name_constraints_checked = true;
  bool matches_key_ids = false;               // an issuer whose key identifier does not fit is none
  bool self_issued_counts = false;            // in the path length
  bool handles_directory_constraints = true;  // else critical ones are unknown, others ignored
  bool refuses_empty_names = false;     // an empty issuer, an empty subject without critical SAN
  bool parses_all_sent = false;         // an unreadable certificate anywhere in the message fails
  bool allows_rsa_pss_keys = true;      // id-RSASSA-PSS in the SubjectPublicKeyInfo
  bool server_gated_crypto = false;     // the old SGC purposes count as serverAuth
  bool matches_anchor_key_ids = false;  // the same, for anchors only
  bool checks_netscape_type = false;
  bool pinned_leaf_checked = true;  // false: a leaf of the store is asked nothing but its name
  bool pinned_leaf =
      true;  // a leaf that is itself in the store, though no CA signed by itself, passes
  HostRules host_rules = HostRules::OpenSsl;
  CommonName common_name = CommonName::WhenNoDnsSan;
  bool checks_eku = true;
  bool checks_ca_eku = true;  // an intermediate with an EKU must allow the purpose too
  bool checks_leaf_key_usage = true;
  bool checks_ca_key_usage = true;
  std::uint32_t min_rsa_bits = 2048;
  std::uint32_t min_ec_bits = 224;
  bool allows_sha1 = false;
  bool allows_md5 = false;
  bool allows_p521 = true;  // as a certificate key or signer
  bool allows_ed25519 = true;
  std::uint32_t security_level = 2;  // OpenSSL engines
  bool requires_must_staple = false;
  bool checks_stapled_ocsp = false;      // a stapled "revoked" fails
  bool fetches_missing_issuers = false;  // AIA
  bool ca_certificate_as_leaf = true;    // false: webpki's CaUsedAsEndEntity
  bool negative_serial = true;
  bool reads_subject_key_id = true;  // false: one that cannot be read is no fault
  std::uint32_t max_validity_days =
      0;  // 0: no limit (for chains to public roots, where the profile says so)

  bool operator==(const VerifyRules&) const = default;
};

struct Profile {
  std::string id;     // "python-3.13"
  std::string title;  // "Python 3.13 and later, ssl.create_default_context()"
  std::string title_ko;
  std::string family;  // "python", "curl", ...: what --profile python selects
  Engine engine = Engine::OpenSsl;
  std::string as_of;       // date the facts were established
  bool mainstream = true;  // a failure here is an error; else a warning
  bool executed = false;   // the engine itself is run beside ours (OpenSSL); else simulated
  std::string store;       // where trust comes from by default: "system", "mozilla"
  std::string store_rule;  // which rule makes it so, for the report
  std::string store_rule_ko;
  TlsRules tls;
  VerifyRules verify;
  // What this client prints, by fault id; "{text}" in `says_frame` is where an OpenSSL verify
  // error's text goes when the fault id has no text of its own. Either may be empty.
  std::map<std::string, std::string, std::less<>> says;
  std::string says_frame;
  std::vector<std::string> sources;  // "verify.strict: CPython 3.13 Lib/ssl.py, ...", in key order
};

// Parses, inherits and checks: every problem of every file is in the one Error, each "file:line:
// key: what".
Result<std::vector<Profile>> parse_profiles(std::span<const EmbeddedFile> files);
// Every resolved value, one "key = value" a line: the golden form of tests and `--explain`.
std::string resolved_text(const Profile& profile);

// Resolved and in a stable order (by id). Parsed on first use; a broken embedded file is our bug
// and is caught at build time.
const std::vector<Profile>& all_profiles();
const Profile* find_profile(std::string_view id);
// An id, a family, or "all"; an unknown one is a Usage error that names the nearest.
Result<std::vector<const Profile*>> select_profiles(std::string_view selection);

std::span<const EmbeddedFile> profile_files();

}  // namespace medic::profiles
