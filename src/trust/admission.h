#pragma once

// Whether a certificate may be made a trust anchor at all, whoever asks for it. Trust itself comes
// from the person: only a SHA-256 fingerprint that they give lets a certificate in.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"
#include "x509/certificate.h"

namespace medic::trust {

// Why not: the sentence is trust.refused-<id> in data/messages, with {name}, {fingerprint} and
// {detail}.
struct Refusal {
  std::string id;
  std::string detail;  // a date, a size, a signature algorithm; empty: nothing to add
};

// None: it is a root that clients can use as one.
std::optional<Refusal> refusal(const x509::Certificate& certificate, Time at);

// 64 hex digits in any usual writing: "AB:CD:…", "sha256:ab…", with blanks. The 40 digits of SHA-1,
// as Windows prints them, are an Error of kind Usage that says why they are not enough.
Result<Sha256> parse_fingerprint(std::string_view text);

// "AB:CD:EF:…", the form in which people compare.
std::string fingerprint_text(const Sha256& fingerprint);

// The certificates of a PEM, DER or PKCS#7 file, if each is a usable root and its fingerprint is
// one of `allowed`. An Error names the first that is not, with the command that would let it in.
Result<std::vector<x509::CertificatePtr>> admitted(ByteView file, std::string_view path,
                                                   std::span<const Sha256> allowed, Time at);

}  // namespace medic::trust
