#pragma once

// One set of anchors out of several, each certificate once, each with where it came from: the
// public roots of today and what this machine trusts besides. What the root programmes have
// withdrawn does not come back through an old store of the system.

#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"
#include "trust/anchors.h"

namespace medic::trust {

struct MergedRoot {
  x509::CertificatePtr certificate;
  std::vector<std::string> sources;  // "Mozilla", "/etc/ssl/certs/ca-certificates.crt", …
};

struct LeftOut {
  x509::CertificatePtr certificate;
  std::string source;
  std::string reason;  // "withdrawn": a public root that is in Mozilla's list no more; else an
                       // id of admission.h that says why it cannot be a root
};

struct MergedRoots {
  std::vector<MergedRoot> roots;  // public ones first, in the order of their source
  std::vector<LeftOut> left_out;
};

struct RootSource {
  std::string label;
  std::vector<Anchor> anchors;
};

// `sources` in their order; the first is the public list.
MergedRoots merged_roots(std::span<const RootSource> sources, Time at);

// PEM with a comment over each certificate: name, fingerprint, end, sources. `title` goes on top;
// the text depends on nothing but its arguments.
std::string commented_pem(const MergedRoots& merged, const std::string& title);

// The names of files that OpenSSL finds in a hashed directory: "<hash>.<n>" and their PEM.
struct HashedFile {
  std::string name;
  std::string pem;
};
std::vector<HashedFile> hashed_files(const MergedRoots& merged);

// Keystores for Java. `password` is ASCII.
Bytes jks_of(const MergedRoots& merged, std::string_view password, Time at);
Result<Bytes> pkcs12_of(const MergedRoots& merged, std::string_view password);

// What a keystore calls an entry: "amazon-root-ca-1-8ecde6884f3d", from its name and fingerprint.
std::string alias_of(const x509::Certificate& certificate);

}  // namespace medic::trust
