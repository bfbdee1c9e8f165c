#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <limits>

#include "x509/der.h"
#include "x509/oid.h"
#include "x509/parts.h"

namespace medic::x509 {
namespace {

void note(Certificate& certificate, const Extension& extension, std::string id,
          std::string detail) {
  certificate.anomalies.push_back(
      {.id = std::move(id), .detail = std::move(detail), .oid = extension.oid});
}

void basic_constraints(der::Reader& value, const Extension& extension, Certificate& certificate) {
  der::Reader fields = value.inside(der::kSequence);
  BasicConstraints constraints{.critical = extension.critical};
  if (fields.next_is(der::kBoolean)) {
    constraints.ca = fields.boolean();
    if (fields.ok() && !constraints.ca) {
      note(certificate, extension, "explicit-default", "cA FALSE is written out");
    }
  }
  if (fields.next_is(der::kInteger)) {
    const ByteView length = fields.integer();
    if (fields.ok() && (length[0] & 0x80U) != 0) {
      note(certificate, extension, "negative-path-length", "the path length is negative");
    } else if (fields.ok()) {
      std::uint32_t number = 0;
      for (const std::uint8_t octet : length) {
        number = (number << 8U) | octet;
      }
      // Larger than any chain: the same as no limit.
      constraints.path_length =
          der::bit_length(length) > 31 ? std::numeric_limits<std::uint32_t>::max() : number;
      if (!constraints.ca) {
        note(certificate, extension, "path-length-without-ca",
             "a path length in a certificate that is not a CA");
      }
    }
  }
  fields.end();
  if (fields.ok()) {
    certificate.basic_constraints = constraints;
  }
}

void key_usage(der::Reader& value, const Extension& extension, Certificate& certificate) {
  const der::BitString string = der::bit_string(value);
  if (!value.ok()) {
    return;
  }
  std::uint16_t bits = 0;
  for (std::size_t i = 0; i < 9 && i / 8 < string.octets.size(); ++i) {
    if ((string.octets[i / 8] & (0x80U >> (i % 8))) != 0) {
      bits = static_cast<std::uint16_t>(bits | (1U << i));
    }
  }
  certificate.key_usage = KeyUsage{.bits = bits, .critical = extension.critical};
  if (bits == 0) {
    note(certificate, extension, "empty-key-usage", "keyUsage allows nothing");
  }
}

void extended_key_usage(der::Reader& value, const Extension& extension, Certificate& certificate) {
  constexpr Oid kServerAuth = make_oid({1, 3, 6, 1, 5, 5, 7, 3, 1});
  constexpr Oid kClientAuth = make_oid({1, 3, 6, 1, 5, 5, 7, 3, 2});
  constexpr Oid kOcspSigning = make_oid({1, 3, 6, 1, 5, 5, 7, 3, 9});
  constexpr Oid kAny = make_oid({2, 5, 29, 37, 0});
  ExtendedKeyUsage usage;
  usage.critical = extension.critical;
  der::Reader purposes = value.inside(der::kSequence);
  while (purposes.ok() && !purposes.at_end()) {
    const ByteView purpose = purposes.oid();
    if (kServerAuth == purpose) {
      usage.server_auth = true;
    } else if (kClientAuth == purpose) {
      usage.client_auth = true;
    } else if (kOcspSigning == purpose) {
      usage.ocsp_signing = true;
    } else if (kAny == purpose) {
      usage.any = true;
    } else if (purposes.ok()) {
      usage.others.push_back(dotted(purpose));
    }
  }
  if (value.ok()) {
    certificate.extended_key_usage = std::move(usage);
  }
}

// IA5String is ASCII; an internationalised name must have been made A-labels (RFC 5280 section 7).
bool is_ascii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80U) {
      return false;
    }
  }
  return true;
}

void note_odd_names(const GeneralNames& names, std::size_t address_scale,
                    const Extension& extension, Certificate& certificate) {
  for (const Bytes& address : names.ip) {
    if (address.size() != 4 * address_scale && address.size() != 16 * address_scale) {
      note(certificate, extension, "bad-ip-length",
           fmt::format("an IP address of {} octets", address.size()));
    }
  }
  for (const auto* list : {&names.dns, &names.email, &names.uri}) {
    for (const std::string& name : *list) {
      if (!is_ascii(name)) {
        note(certificate, extension, "non-ascii-name", escaped(name, 32));
      }
    }
  }
}

void subject_alt_name(der::Reader& value, const Extension& extension, Certificate& certificate) {
  GeneralNames names;
  der::Reader list = value.inside(der::kSequence);
  read_general_names(list, names);
  if (!value.ok()) {
    return;
  }
  note_odd_names(names, 1, extension, certificate);
  if (names.empty()) {
    note(certificate, extension, "empty-subject-alt-name", "subjectAltName lists no name");
  }
  certificate.subject_alt_names = std::move(names);
  certificate.subject_alt_names_critical = extension.critical;
}

// GeneralSubtrees (RFC 5280 section 4.2.1.10); true when a subtree has bounds, which must not be.
bool read_subtrees(der::Reader& list, GeneralNames& names) {
  bool bounded = false;
  while (list.ok() && !list.at_end()) {
    der::Reader subtree = list.inside(der::kSequence);
    read_general_name(subtree, names);
    if (subtree.next_is(der::context(0))) {
      bounded = der::bit_length(subtree.integer(der::context(0))) != 0 || bounded;
    }
    if (subtree.next_is(der::context(1))) {
      subtree.integer(der::context(1));
      bounded = true;
    }
    subtree.end();
  }
  return bounded;
}

void name_constraints(der::Reader& value, const Extension& extension, Certificate& certificate) {
  NameConstraints constraints;
  constraints.critical = extension.critical;
  der::Reader fields = value.inside(der::kSequence);
  bool bounded = false;
  if (fields.next_is(der::context_constructed(0))) {
    der::Reader list = fields.inside(der::context_constructed(0));
    bounded = read_subtrees(list, constraints.permitted);
  }
  if (fields.next_is(der::context_constructed(1))) {
    der::Reader list = fields.inside(der::context_constructed(1));
    bounded = read_subtrees(list, constraints.excluded) || bounded;
  }
  fields.end();
  if (!value.ok()) {
    return;
  }
  if (bounded) {
    note(certificate, extension, "subtree-bounds", "a name constraint with minimum or maximum");
  }
  if (constraints.permitted.empty() && constraints.excluded.empty()) {
    note(certificate, extension, "empty-name-constraints", "nameConstraints lists no name");
  }
  note_odd_names(constraints.permitted, 2, extension, certificate);
  note_odd_names(constraints.excluded, 2, extension, certificate);
  certificate.name_constraints = std::move(constraints);
}

Bytes copied(ByteView bytes) {
  return {bytes.begin(), bytes.end()};
}

void authority_key_identifier(der::Reader& value, const Extension& extension,
                              Certificate& certificate) {
  AuthorityKeyIdentifier identifier;
  identifier.critical = extension.critical;
  der::Reader fields = value.inside(der::kSequence);
  if (const auto key_id = fields.optional(der::context(0))) {
    identifier.key_id = copied(key_id->content);
  }
  if (fields.next_is(der::context_constructed(1))) {
    GeneralNames names;
    der::Reader list = fields.inside(der::context_constructed(1));
    read_general_names(list, names);
    if (!names.directory.empty()) {
      identifier.issuer = std::move(names.directory.front());
    }
  }
  if (fields.next_is(der::context(2))) {
    identifier.serial = copied(fields.integer(der::context(2)));
  }
  fields.end();
  if (value.ok()) {
    certificate.authority_key_id = std::move(identifier);
  }
}

void subject_key_identifier(der::Reader& value, const Extension& extension,
                            Certificate& certificate) {
  const der::Element octets = value.element(der::kOctetString);
  if (value.ok()) {
    certificate.subject_key_id = copied(octets.content);
    certificate.subject_key_id_critical = extension.critical;
  }
}

void authority_info_access(der::Reader& value, const Extension& /*extension*/,
                           Certificate& certificate) {
  constexpr Oid kCaIssuers = make_oid({1, 3, 6, 1, 5, 5, 7, 48, 2});
  constexpr Oid kOcsp = make_oid({1, 3, 6, 1, 5, 5, 7, 48, 1});
  GeneralNames issuers;
  GeneralNames ocsp;
  GeneralNames others;
  der::Reader list = value.inside(der::kSequence);
  while (list.ok() && !list.at_end()) {
    der::Reader access = list.inside(der::kSequence);
    const ByteView method = access.oid();
    GeneralNames& to = kCaIssuers == method ? issuers : kOcsp == method ? ocsp : others;
    read_general_name(access, to);
    access.end();
  }
  if (value.ok()) {
    certificate.ca_issuer_urls = std::move(issuers.uri);
    certificate.ocsp_urls = std::move(ocsp.uri);
  }
}

void crl_distribution_points(der::Reader& value, const Extension& /*extension*/,
                             Certificate& certificate) {
  GeneralNames names;
  der::Reader list = value.inside(der::kSequence);
  while (list.ok() && !list.at_end()) {
    der::Reader point = list.inside(der::kSequence);
    if (point.next_is(der::context_constructed(0))) {
      der::Reader where = point.inside(der::context_constructed(0));
      if (where.next_is(der::context_constructed(0))) {
        der::Reader full_name = where.inside(der::context_constructed(0));
        read_general_names(full_name, names);
      } else {
        where.element(der::context_constructed(1));  // nameRelativeToCRLIssuer: no URL in it
      }
      where.end();
    }
    point.optional(der::context(1));
    point.optional(der::context_constructed(2));
    point.end();
  }
  if (value.ok()) {
    certificate.crl_urls = std::move(names.uri);
  }
}

void certificate_policies(der::Reader& value, const Extension& /*extension*/,
                          Certificate& certificate) {
  std::vector<std::string> policies;
  der::Reader list = value.inside(der::kSequence);
  while (list.ok() && !list.at_end()) {
    der::Reader information = list.inside(der::kSequence);
    const ByteView policy = information.oid();
    information.optional(der::kSequence);
    information.end();
    if (information.ok()) {
      policies.push_back(dotted(policy));
    }
  }
  if (value.ok()) {
    certificate.policies = std::move(policies);
  }
}

// RFC 7633: a list of TLS extension numbers; 5 is status_request.
void tls_feature(der::Reader& value, const Extension& /*extension*/, Certificate& certificate) {
  der::Reader list = value.inside(der::kSequence);
  bool staple = false;
  while (list.ok() && !list.at_end()) {
    const ByteView feature = list.integer();
    staple = staple || (feature.size() == 1 && feature[0] == 5);
  }
  certificate.must_staple = value.ok() && staple;
}

void netscape_cert_type(der::Reader& value, const Extension& /*extension*/,
                        Certificate& certificate) {
  const der::BitString bits = der::bit_string(value);
  if (value.ok()) {
    certificate.netscape_cert_type = bits.octets.empty() ? std::uint8_t{0} : bits.octets[0];
  }
}

struct KnownExtension {
  Oid oid;
  // Null: we know what it is, and need nothing of it.
  void (*read)(der::Reader& value, const Extension& extension, Certificate& certificate) = nullptr;
  // OpenSSL lets it be critical (X509_supported_extension in crypto/x509/v3_purp.c).
  bool may_be_critical = false;
};

constexpr std::array kKnownExtensions = {
    KnownExtension{make_oid({2, 5, 29, 15}), key_usage, true},
    KnownExtension{make_oid({2, 5, 29, 37}), extended_key_usage, true},
    KnownExtension{make_oid({2, 5, 29, 19}), basic_constraints, true},
    KnownExtension{make_oid({2, 5, 29, 14}), subject_key_identifier, false},
    KnownExtension{make_oid({2, 5, 29, 35}), authority_key_identifier, false},
    KnownExtension{make_oid({2, 5, 29, 17}), subject_alt_name, true},
    KnownExtension{make_oid({1, 3, 6, 1, 5, 5, 7, 1, 1}), authority_info_access, false},
    KnownExtension{make_oid({2, 5, 29, 32}), certificate_policies, true},
    KnownExtension{make_oid({2, 5, 29, 31}), crl_distribution_points, true},
    KnownExtension{make_oid({2, 5, 29, 30}), name_constraints, true},
    KnownExtension{make_oid({1, 3, 6, 1, 5, 5, 7, 1, 24}), tls_feature, false},
    KnownExtension{make_oid({2, 16, 840, 1, 113730, 1, 1}), netscape_cert_type, true},
    KnownExtension{make_oid({2, 5, 29, 36}), nullptr, true},                // policyConstraints
    KnownExtension{make_oid({2, 5, 29, 33}), nullptr, true},                // policyMappings
    KnownExtension{make_oid({2, 5, 29, 54}), nullptr, true},                // inhibitAnyPolicy
    KnownExtension{make_oid({1, 3, 6, 1, 5, 5, 7, 1, 7}), nullptr, true},   // IP address blocks
    KnownExtension{make_oid({1, 3, 6, 1, 5, 5, 7, 1, 8}), nullptr, true},   // AS numbers
    KnownExtension{make_oid({1, 3, 6, 1, 5, 5, 7, 1, 14}), nullptr, true},  // proxyCertInfo
};

const KnownExtension* find_known(ByteView oid) {
  for (const KnownExtension& known : kKnownExtensions) {
    if (known.oid == oid) {
      return &known;
    }
  }
  return nullptr;
}

// For each extension: does an earlier one have its OID? Sorted, because a hostile certificate has
// room for tens of thousands of them.
std::vector<bool> repeated(const std::vector<Extension>& extensions) {
  std::vector<std::pair<std::string_view, std::size_t>> order;
  order.reserve(extensions.size());
  for (const Extension& extension : extensions) {
    order.emplace_back(as_text(extension.oid_octets), order.size());
  }
  std::sort(order.begin(), order.end());
  std::vector<bool> result(extensions.size());
  for (std::size_t i = 1; i < order.size(); ++i) {
    result[order[i].second] = order[i].first == order[i - 1].first;
  }
  return result;
}

void interpret(const KnownExtension& known, const Extension& extension, Certificate& certificate) {
  der::Failure failure;
  der::Reader value(extension.value, failure);
  known.read(value, extension, certificate);
  if (failure.failed()) {
    note(certificate, extension, "bad-extension",
         failure.error("extension " + extension.oid, extension.value).what);
  } else if (!value.at_end()) {
    note(certificate, extension, "trailing-extension-data",
         fmt::format("{} octets after the value", value.rest().size()));
  }
}

}  // namespace

void read_general_name(der::Reader& reader, GeneralNames& names) {
  const ByteView at = reader.rest();
  const der::Element name = reader.element();
  if (!reader.ok()) {
    return;
  }
  switch (name.tag) {
    case der::context(1):
      names.email.emplace_back(as_text(name.content));
      break;
    case der::context(2):
      names.dns.emplace_back(as_text(name.content));
      break;
    case der::context(6):
      names.uri.emplace_back(as_text(name.content));
      break;
    case der::context(7):
      names.ip.push_back(copied(name.content));
      break;
    case der::context_constructed(4): {  // EXPLICIT, because Name is a CHOICE
      der::Reader inner(name.content, reader.failure());
      Name directory = read_name(inner);
      inner.end();
      names.directory.push_back(std::move(directory.der));
      break;
    }
    case der::context_constructed(0):  // otherName
    case der::context_constructed(3):  // x400Address
    case der::context_constructed(5):  // ediPartyName
    case der::context(8):              // registeredID
      ++names.other;
      break;
    default:
      reader.failure().set("a kind of GeneralName that does not exist", at);
      break;
  }
}

void read_general_names(der::Reader& reader, GeneralNames& names) {
  while (reader.ok() && !reader.at_end()) {
    read_general_name(reader, names);
  }
}

std::vector<Extension> read_extensions(der::Reader& reader) {
  std::vector<Extension> extensions;
  extensions.reserve(12);
  der::Reader list = reader.inside(der::kSequence);
  while (list.ok() && !list.at_end()) {
    der::Reader fields = list.inside(der::kSequence);
    const ByteView oid = fields.oid();
    const bool critical = fields.next_is(der::kBoolean) && fields.boolean();
    const der::Element value = fields.element(der::kOctetString);
    fields.end();
    if (fields.ok()) {
      extensions.push_back(
          {.oid = dotted(oid), .critical = critical, .value = value.content, .oid_octets = oid});
    }
  }
  return extensions;
}

void interpret_extensions(Certificate& certificate) {
  const std::vector<bool> is_repeated = repeated(certificate.extensions);
  for (std::size_t i = 0; i < certificate.extensions.size(); ++i) {
    const Extension& extension = certificate.extensions[i];
    const KnownExtension* const known = find_known(extension.oid_octets);
    if (extension.critical && (known == nullptr || !known->may_be_critical)) {
      certificate.unknown_critical.push_back(extension.oid);
    }
    if (is_repeated[i]) {
      note(certificate, extension, "duplicate-extension", "the extension appears twice");
    } else if (known != nullptr && known->read != nullptr) {
      interpret(*known, extension, certificate);
    }
  }
}

}  // namespace medic::x509
