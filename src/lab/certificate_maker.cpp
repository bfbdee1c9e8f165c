#include "lab/certificate_maker.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <openssl/rand.h>

#include <array>
#include <span>

#include "base/check.h"
#include "lab/der_writer.h"

namespace medic::lab {
namespace {

using std::chrono::days;

struct AttributeType {
  std::string_view name;
  std::string_view oid;
  std::uint8_t tag;
};
// RFC 5280 appendix A.1: countryName is a PrintableString, DC and emailAddress are IA5String.
constexpr std::array<AttributeType, 8> kAttributeTypes = {{
    {"CN", "2.5.4.3", der::kUtf8String},
    {"O", "2.5.4.10", der::kUtf8String},
    {"OU", "2.5.4.11", der::kUtf8String},
    {"C", "2.5.4.6", der::kPrintableString},
    {"ST", "2.5.4.8", der::kUtf8String},
    {"L", "2.5.4.7", der::kUtf8String},
    {"DC", "0.9.2342.19200300.100.1.25", der::kIa5String},
    {"emailAddress", "1.2.840.113549.1.9.1", der::kIa5String},
}};

Bytes attribute_der(std::string_view type, std::string_view value) {
  for (const AttributeType& known : kAttributeTypes) {
    if (known.name == type) {
      return der::sequence({der::oid(known.oid), der::tlv(known.tag, value)});
    }
  }
  return der::sequence({der::oid(type), der::tlv(der::kUtf8String, value)});
}

Bytes ip_octets(const std::string& text) {
  std::array<std::uint8_t, 16> octets{};
  if (inet_pton(AF_INET, text.c_str(), octets.data()) == 1) {
    return {octets.begin(), octets.begin() + 4};
  }
  if (inet_pton(AF_INET6, text.c_str(), octets.data()) == 1) {
    return {octets.begin(), octets.end()};
  }
  return {};
}

class Extensions {
 public:
  void add(std::string_view oid, bool critical, ByteView value) {
    const Bytes flag = critical ? der::boolean(true) : Bytes{};
    der::append(all_, der::sequence({der::oid(oid), flag, der::octet_string(value)}));
  }
  // [3] EXPLICIT, or nothing.
  [[nodiscard]] Bytes field() const {
    return all_.empty() ? Bytes{}
                        : der::tlv(der::context_constructed(3), der::tlv(der::kSequence, all_));
  }

 private:
  Bytes all_;
};

Bytes alt_names(const Recipe& recipe) {
  Bytes names;
  for (const std::string& dns : recipe.dns) {
    der::append(names, der::tlv(der::context(2), dns));
  }
  for (const std::string& ip : recipe.ips) {
    der::append(names, der::tlv(der::context(7), ip_octets(ip)));
  }
  return der::tlv(der::kSequence, names);
}

Bytes basic_constraints(const x509::BasicConstraints& constraints) {
  const Bytes ca = constraints.ca ? der::boolean(true) : Bytes{};
  const Bytes length = constraints.path_length ? der::integer(*constraints.path_length) : Bytes{};
  return der::sequence({ca, length});
}

Bytes subtrees(std::uint8_t number, const std::vector<std::string>& dns,
               const std::vector<Bytes>& ip, const std::vector<DistinguishedName>& directory) {
  Bytes all;
  for (const std::string& name : dns) {
    der::append(all, der::sequence({der::tlv(der::context(2), name)}));
  }
  for (const Bytes& range : ip) {
    der::append(all, der::sequence({der::tlv(der::context(7), range)}));
  }
  for (const DistinguishedName& name : directory) {
    der::append(all, der::sequence({der::tlv(der::context_constructed(4), name_der(name))}));
  }
  return all.empty() ? Bytes{} : der::tlv(der::context_constructed(number), all);
}

Bytes oids(const std::vector<std::string>& dotted, bool each_in_sequence) {
  Bytes all;
  for (const std::string& oid : dotted) {
    der::append(all, each_in_sequence ? der::sequence({der::oid(oid)}) : der::oid(oid));
  }
  return der::tlv(der::kSequence, all);
}

Bytes authority_information(const Recipe& recipe) {
  Bytes all;
  for (const std::string& url : recipe.ocsp_urls) {
    der::append(all,
                der::sequence({der::oid("1.3.6.1.5.5.7.48.1"), der::tlv(der::context(6), url)}));
  }
  for (const std::string& url : recipe.ca_issuer_urls) {
    der::append(all,
                der::sequence({der::oid("1.3.6.1.5.5.7.48.2"), der::tlv(der::context(6), url)}));
  }
  return der::tlv(der::kSequence, all);
}

Bytes distribution_points(const std::vector<std::string>& urls) {
  Bytes all;
  for (const std::string& url : urls) {
    const Bytes name = der::tlv(der::context(6), url);
    const Bytes full_name = der::tlv(der::context_constructed(0), name);
    const Bytes point = der::tlv(der::context_constructed(0), full_name);
    der::append(all, der::sequence({point}));
  }
  return der::tlv(der::kSequence, all);
}

void add_key_ids(Extensions& extensions, const Recipe& recipe, const Key& key,
                 ByteView issuer_key_id) {
  if (recipe.subject_key_id) {
    const Bytes& id = recipe.subject_key_id_value ? *recipe.subject_key_id_value : key.key_id();
    extensions.add("2.5.29.14", false, der::octet_string(id));
  }
  if (recipe.authority_key_id) {
    const ByteView id =
        recipe.authority_key_id_value ? ByteView(*recipe.authority_key_id_value) : issuer_key_id;
    extensions.add("2.5.29.35", false, der::sequence({der::tlv(der::context(0), id)}));
  }
}

void add_purposes(Extensions& extensions, const Recipe& recipe) {
  if (recipe.basic_constraints) {
    extensions.add("2.5.29.19", recipe.basic_constraints->critical,
                   basic_constraints(*recipe.basic_constraints));
  }
  if (recipe.key_usage) {
    extensions.add("2.5.29.15", recipe.key_usage->critical,
                   der::named_bits(recipe.key_usage->bits));
  }
  if (!recipe.extended_key_usage.empty()) {
    extensions.add("2.5.29.37", recipe.extended_key_usage_critical,
                   oids(recipe.extended_key_usage, false));
  }
}

Extensions extensions_of(const Recipe& recipe, const Key& key, ByteView issuer_key_id) {
  Extensions extensions;
  add_purposes(extensions, recipe);
  add_key_ids(extensions, recipe, key, issuer_key_id);
  if (!recipe.dns.empty() || !recipe.ips.empty()) {
    extensions.add("2.5.29.17", recipe.subject_alt_names_critical, alt_names(recipe));
  }
  if (recipe.name_constraints) {
    const ConstraintsRecipe& c = *recipe.name_constraints;
    extensions.add(
        "2.5.29.30", c.critical,
        der::sequence({subtrees(0, c.permitted_dns, c.permitted_ip, c.permitted_directory),
                       subtrees(1, c.excluded_dns, c.excluded_ip, c.excluded_directory)}));
  }
  if (!recipe.ocsp_urls.empty() || !recipe.ca_issuer_urls.empty()) {
    extensions.add("1.3.6.1.5.5.7.1.1", false, authority_information(recipe));
  }
  if (!recipe.crl_urls.empty()) {
    extensions.add("2.5.29.31", false, distribution_points(recipe.crl_urls));
  }
  if (!recipe.policies.empty()) {
    extensions.add("2.5.29.32", false, oids(recipe.policies, true));
  }
  if (recipe.must_staple) {
    // RFC 7633: TLS feature status_request (5).
    extensions.add("1.3.6.1.5.5.7.1.24", false, der::sequence({der::integer(5)}));
  }
  for (const RawExtension& extra : recipe.extra) {
    extensions.add(extra.oid, extra.critical, extra.value);
  }
  return extensions;
}

Bytes fresh_serial() {
  Bytes serial(8);
  MEDIC_CHECK(RAND_bytes(serial.data(), static_cast<int>(serial.size())) == 1);
  // Positive (RFC 5280 section 4.1.2.2), and its first octet is not zero.
  serial[0] = static_cast<std::uint8_t>((serial[0] & 0x7FU) | 0x40U);
  return serial;
}

struct IssuerView {
  const DistinguishedName& subject;
  const Key& key;
  const Bytes& key_id;
};

Identity made(const Recipe& recipe, const Key& key, const IssuerView& issuer) {
  Identity identity{.der = {},
                    .key = key,
                    .subject = recipe.subject,
                    .issuer = recipe.issuer ? *recipe.issuer : issuer.subject,
                    .subject_key_id = recipe.subject_key_id_value.value_or(key.key_id()),
                    .serial = recipe.serial.empty() ? fresh_serial() : recipe.serial};
  Bytes version;
  Bytes extensions;
  if (recipe.version > 1) {
    version = der::tlv(der::context_constructed(0),
                       der::integer(static_cast<std::uint64_t>(recipe.version - 1)));
    extensions = extensions_of(recipe, key, issuer.key_id).field();
  }
  const Bytes tbs =
      der::sequence({version, der::tlv(der::kInteger, identity.serial),
                     signature_algorithm(issuer.key, recipe.hash), name_der(identity.issuer),
                     der::sequence({der::time(recipe.not_before), der::time(recipe.not_after)}),
                     name_der(identity.subject), key.spki(), extensions});
  identity.der = signed_der(tbs, issuer.key, recipe.hash);
  return identity;
}

}  // namespace

DistinguishedName common_name(std::string_view cn) {
  return {{"CN", std::string(cn)}};
}

Bytes name_der(const DistinguishedName& name) {
  Bytes rdns;
  for (const auto& [type, value] : name) {
    der::append(rdns, der::tlv(der::kSet, attribute_der(type, value)));
  }
  return der::tlv(der::kSequence, rdns);
}

x509::BasicConstraints ca_constraints(std::optional<std::uint32_t> path_length) {
  return {.ca = true, .path_length = path_length, .critical = true};
}

Recipe root_recipe(std::string_view cn, Time at) {
  Recipe recipe;
  recipe.subject = {{"O", "tlsmedic lab"}, {"CN", std::string(cn)}};
  recipe.not_before = at - days{365};
  recipe.not_after = at + days{9 * 365};
  recipe.basic_constraints = ca_constraints();
  recipe.key_usage = x509::KeyUsage{.bits = x509::kKeyCertSign | x509::kCrlSign, .critical = true};
  return recipe;
}

Recipe intermediate_recipe(std::string_view cn, Time at) {
  Recipe recipe = root_recipe(cn, at);
  recipe.not_before = at - days{180};
  recipe.not_after = at + days{4 * 365};
  recipe.basic_constraints = ca_constraints(0);
  return recipe;
}

Recipe leaf_recipe(std::string_view host, Time at) {
  Recipe recipe;
  recipe.subject = common_name(host);
  recipe.not_before = at - days{30};
  recipe.not_after = at + days{60};
  recipe.basic_constraints =
      x509::BasicConstraints{.ca = false, .path_length = {}, .critical = true};
  recipe.key_usage = x509::KeyUsage{.bits = x509::kDigitalSignature, .critical = true};
  recipe.extended_key_usage = {std::string(kServerAuth)};
  const std::string name(host);
  (ip_octets(name).empty() ? recipe.dns : recipe.ips).push_back(name);
  return recipe;
}

Identity make_self_signed(const Recipe& recipe, const Key& key) {
  const Bytes id = recipe.subject_key_id_value.value_or(key.key_id());
  return made(recipe, key, {.subject = recipe.subject, .key = key, .key_id = id});
}

Identity make_certificate(const Recipe& recipe, const Key& key, const Identity& issuer) {
  return made(recipe, key,
              {.subject = issuer.subject, .key = issuer.key, .key_id = issuer.subject_key_id});
}

Bytes signed_der(ByteView to_be_signed, const Key& key, Hash hash) {
  return der::sequence({to_be_signed, signature_algorithm(key, hash),
                        der::bit_string(signature_of(to_be_signed, key, hash))});
}

std::string pem_block(std::string_view label, ByteView der) {
  const std::string body = base64(der);
  std::string text = fmt::format("-----BEGIN {}-----\n", label);
  for (std::size_t i = 0; i < body.size(); i += 64) {
    text += std::string_view(body).substr(i, 64);
    text += '\n';
  }
  return text + fmt::format("-----END {}-----\n", label);
}

std::string certificate_pem(const Identity& identity) {
  return pem_block("CERTIFICATE", identity.der);
}

}  // namespace medic::lab
