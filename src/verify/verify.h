#pragma once

// chain x profile x store x time x name -> verdict. Our own path builder: every signature edge
// checked once and memoised (SignatureCache), policies evaluated as data over parsed certificates,
// every path tried and every fault collected, within bounds that turn hostile chains into a
// `resource-limit` fault.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "profiles/profile.h"
#include "trust/anchors.h"
#include "x509/certificate.h"

namespace medic::verify {

enum class Place { Leaf, Intermediate, Root, Chain };

// A rule that a chain breaks. `id` is of the public vocabulary ("expired", "hostname-mismatch",
// ...).
struct Fault {
  std::string id;
  Place certificate = Place::Chain;
  int depth = 0;        // 0: leaf; as OpenSSL counts
  std::string subject;  // display name of the certificate, escaped; empty for the chain
  std::optional<Sha256> fingerprint;
  std::string detail;  // a key of data/messages/*/fault.toml with its facts filled by report/; see
                       // FaultDetail
  std::vector<std::pair<std::string, std::string>>
      facts;              // for the sentence: {"not_after", "2026-01-01"}
  int openssl_error = 0;  // X509_V_ERR_* that OpenSSL gives for it; 0: none
};

struct Path {
  std::vector<x509::CertificatePtr> certificates;  // leaf first
  bool anchored = false;                           // the last one is (or is issued by) an anchor
  std::string anchor_source;
  std::vector<Fault> faults;  // in the order this engine would meet them
};

enum class Purpose { Server, Client };
enum class Revocation { Off, Soft, Hard };

// Shared by everything that judges the same certificates; not thread-safe.
class SignatureCache;
std::shared_ptr<SignatureCache>
make_signature_cache();  // shared: one per run, held by every Question

struct Question {
  std::vector<x509::CertificatePtr> chain;  // as sent, leaf first
  std::vector<x509::CertificatePtr> extra;  // further candidates for issuers (fetched, local pool)
  std::string name;  // host name (A-labels) or IP literal; empty: not checked
  Time at;
  Purpose purpose = Purpose::Server;
  const profiles::Profile* profile = nullptr;
  const trust::AnchorSet* anchors = nullptr;
  Revocation revocation = Revocation::Off;
  std::vector<Bytes> crls;  // DER
  Bytes ocsp_staple;
  std::vector<std::string> waived;  // fault ids not to count: the "waive one rule" experiment
  SignatureCache* cache = nullptr;  // null: a private one
};

struct Verdict {
  bool pass = false;
  std::vector<Fault>
      faults;  // of the best path, first = what the client would report; empty when pass
  std::vector<Path> paths;  // every path tried, best first
};

Verdict judge(const Question& question);

// What the verdict leaves out although it might decide: to be said beside it, never guessed.
struct Untested {
  std::string id;       // "certificate-policies", "partial-crl"
  std::string subject;  // display name of the certificate concerned, escaped; may be empty
};
std::vector<Untested> untested(const Question& question, const Verdict& verdict);

using VerdictPtr = std::shared_ptr<const Verdict>;  // shared by the cells whose rules are the same

// The question put for every profile and store (its own profile and anchors are not looked at):
// cell [p * stores.size() + s]. Path building, signatures and equal rules are shared.
std::vector<VerdictPtr> judge_all(const Question& question,
                                  std::span<const profiles::Profile* const> profiles,
                                  std::span<const trust::AnchorSet* const> stores);

// What this client prints for a fault, filled with its facts; empty when we do not know.
std::string client_says(const profiles::Profile& profile, const Fault& fault);

// The same question put to OpenSSL's own verifier (for profiles with engine OpenSsl).
struct ReferenceVerdict {
  bool pass = false;
  int error = 0;  // X509_V_ERR_*: what the client would report
  int depth = 0;
  std::string text;
  bool unreadable = false;  // OpenSSL cannot parse a certificate: there is no verdict to compare
};
ReferenceVerdict openssl_verdict(const Question& question);

// Ours beside OpenSSL's: verdict, first error and its depth must be equal. A difference is a bug of
// ours; `difference` says it in English for the report, and is empty when they agree.
struct Agreement {
  bool compared = false;  // false: not an OpenSSL engine, or nothing to compare
  bool agree = true;
  std::string difference;
};
Agreement agreement(const Question& question, const Verdict& verdict);

}  // namespace medic::verify
