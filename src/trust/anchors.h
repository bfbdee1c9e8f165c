#pragma once

// A set of trust anchors with provenance, looked up lazily by subject: loading a bundle indexes it,
// and only the certificates that a path asks for are parsed (measured elsewhere: 22 ms against 0.2
// ms).

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"
#include "x509/certificate.h"

namespace medic::trust {

struct Anchor {
  x509::CertificatePtr certificate;
  std::string source;   // file path, "embedded Mozilla roots", ...
  std::string place{};  // in the source: "line 41", "offset 0"; empty: not known
};

class AnchorSet {
 public:
  virtual ~AnchorSet() = default;
  // "system", "mozilla", "file:/path"
  [[nodiscard]] virtual const std::string& id() const = 0;
  // For people: where it is, how many.
  [[nodiscard]] virtual std::string description() const = 0;
  [[nodiscard]] virtual std::size_t size() const = 0;
  // Anchors whose subject has this canonical form; in the order of the store.
  [[nodiscard]] virtual std::vector<Anchor> by_subject(const Bytes& canonical) const = 0;
  // The anchor that is exactly this certificate, if there.
  [[nodiscard]] virtual bool contains(const Sha256& fingerprint) const = 0;
  // The same of a certificate at hand: reads only the anchors of its subject, where contains() must
  // hash every one of a bundle.
  [[nodiscard]] bool holds(const x509::Certificate& certificate) const;
  // Every readable anchor: slow, for listings.
  [[nodiscard]] virtual std::vector<Anchor> all() const = 0;
  // What could not be read and what is there twice, each a sentence with its place. The first call
  // reads every certificate.
  [[nodiscard]] virtual const std::vector<std::string>& problems() const = 0;
};

using AnchorSetPtr =
    std::shared_ptr<const AnchorSet>;  // shared by profiles, verdicts and experiments

AnchorSetPtr make_anchor_set(std::string id, std::string description, std::vector<Anchor> anchors);
// The Mozilla roots compiled into this binary.
AnchorSetPtr mozilla_anchors();
// The first system bundle that exists (the list and its sources are in system_store.cpp), under
// `root` ("" for this machine). An absent store is an Error that says where we looked.
Result<AnchorSetPtr> system_anchors(const std::string& root = {});
// Where systems keep that bundle, in the order in which they are tried.
std::span<const std::string_view> system_bundle_paths();
// The same, opened when it is first asked for anything: for a diagnosis that may never need it. An
// absent one is then an empty set, with the Error among its problems.
AnchorSetPtr lazy_system_anchors();
// A file (PEM, DER, PKCS#7) or a directory of them.
Result<AnchorSetPtr> read_anchors(const std::string& path);
// problems() and what depends on the time: expired and not yet valid anchors, anchors that are no
// CA, keys and sizes no client takes. Reads every certificate.
std::vector<std::string> anchor_problems(const AnchorSet& anchors, Time at);
// "system", "mozilla" or a path, as --roots takes it.
Result<AnchorSetPtr> open_anchors(const std::string& spec);

}  // namespace medic::trust
