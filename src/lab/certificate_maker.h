#pragma once

// Certificates to order: a recipe of plain values in, DER and its key out. It makes what is asked
// for, also what no CA may issue. Nothing here fails: a recipe that cannot be written (an invalid
// OID, MD5 with an EC key) is a bug of the caller and stops the program.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "lab/key.h"
#include "x509/certificate.h"

namespace medic::lab {

// "CN", "O", "OU", "C", "ST", "L", "DC", "emailAddress", or a dotted OID; one RDN each, in this
// order.
using DistinguishedName = std::vector<std::pair<std::string, std::string>>;
DistinguishedName common_name(std::string_view cn);
Bytes name_der(const DistinguishedName& name);

struct RawExtension {
  std::string oid;
  bool critical = false;
  Bytes value;  // content of the OCTET STRING
};

// RFC 5280 section 4.2.1.10. DNS: "lab.test" or ".lab.test"; IP: address and mask, 8 or 32 octets.
struct ConstraintsRecipe {
  std::vector<std::string> permitted_dns;
  std::vector<std::string> excluded_dns;
  std::vector<Bytes> permitted_ip;
  std::vector<Bytes> excluded_ip;
  std::vector<DistinguishedName> permitted_directory;
  std::vector<DistinguishedName> excluded_directory;
  bool critical = true;
};

// Critical, as RFC 5280 section 4.2.1.9 demands of a CA.
x509::BasicConstraints ca_constraints(std::optional<std::uint32_t> path_length = {});

struct Recipe {
  DistinguishedName subject;
  std::optional<DistinguishedName> issuer;  // none: the issuer's own subject
  Time not_before;
  Time not_after;
  Hash hash = Hash::Sha256;  // of the issuer's signature
  int version = 3;           // 1 writes no extensions at all
  Bytes serial;              // content octets; empty: fresh, positive, 8 octets

  std::vector<std::string> dns;  // subjectAltName, written as they are (also invalid ones)
  std::vector<std::string> ips;  // numeric, IPv4 or IPv6
  bool subject_alt_names_critical = false;
  std::optional<x509::BasicConstraints> basic_constraints;
  std::optional<x509::KeyUsage> key_usage;
  std::vector<std::string> extended_key_usage;  // dotted OIDs; empty: no extension
  bool extended_key_usage_critical = false;
  std::optional<ConstraintsRecipe> name_constraints;
  bool subject_key_id = true;
  bool authority_key_id = true;
  std::optional<Bytes> subject_key_id_value;    // none: the key's own
  std::optional<Bytes> authority_key_id_value;  // none: the issuer's subject key id
  bool must_staple = false;
  std::vector<std::string> ca_issuer_urls;
  std::vector<std::string> ocsp_urls;
  std::vector<std::string> crl_urls;
  std::vector<std::string> policies;  // dotted OIDs
  std::vector<RawExtension> extra;    // behind all others, in order
};

inline constexpr std::string_view kServerAuth = "1.3.6.1.5.5.7.3.1";
inline constexpr std::string_view kClientAuth = "1.3.6.1.5.5.7.3.2";
inline constexpr std::string_view kCodeSigning = "1.3.6.1.5.5.7.3.3";

// What a well-behaved CA of today makes, valid around `at`: change what the case is about.
Recipe root_recipe(std::string_view cn, Time at);          // 10 years
Recipe intermediate_recipe(std::string_view cn, Time at);  // 5 years, path length 0
Recipe leaf_recipe(std::string_view host, Time at);        // 90 days; `host` a DNS name or an IP

// A certificate with all that is needed to issue below it.
struct Identity {
  Bytes der;
  Key key;
  DistinguishedName subject;
  DistinguishedName issuer;
  Bytes subject_key_id;  // the key's own even when the certificate does not say it
  Bytes serial;          // content octets
};

Identity make_self_signed(const Recipe& recipe, const Key& key);
Identity make_certificate(const Recipe& recipe, const Key& key, const Identity& issuer);

// Any TBSCertificate, TBSCertList or ResponseData with its signature around it: how a generator
// signs what it has mutated. `algorithm` of the inner field is the caller's.
Bytes signed_der(ByteView to_be_signed, const Key& key, Hash hash);

// RFC 7468.
std::string pem_block(std::string_view label, ByteView der);
std::string certificate_pem(const Identity& identity);

}  // namespace medic::lab
