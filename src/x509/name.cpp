#include "x509/name.h"

#include <algorithm>
#include <array>
#include <optional>

#include "x509/der.h"
#include "x509/oid.h"
#include "x509/parts.h"
#include "x509/string_type.h"

namespace medic::x509 {
namespace {

struct KnownAttribute {
  Oid oid;
  std::string_view type;
};

constexpr std::array kKnownAttributes = {
    KnownAttribute{make_oid({2, 5, 4, 3}), "CN"},
    KnownAttribute{make_oid({2, 5, 4, 6}), "C"},
    KnownAttribute{make_oid({2, 5, 4, 10}), "O"},
    KnownAttribute{make_oid({2, 5, 4, 11}), "OU"},
    KnownAttribute{make_oid({2, 5, 4, 8}), "ST"},
    KnownAttribute{make_oid({2, 5, 4, 7}), "L"},
    KnownAttribute{make_oid({0, 9, 2342, 19200300, 100, 1, 25}), "DC"},
    KnownAttribute{make_oid({1, 2, 840, 113549, 1, 9, 1}), "emailAddress"},
};

std::string attribute_type(ByteView oid) {
  for (const KnownAttribute& known : kKnownAttributes) {
    if (known.oid == oid) {
      return std::string(known.type);
    }
  }
  return dotted(oid);
}

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// Leading and trailing white space dropped, inner runs made one space, ASCII letters made small
// (asn1_string_canon in crypto/x509/x_name.c). Octets over 0x7F are left as they are. Writes at
// most value.size() characters to `out`, and returns how many.
std::size_t fold(std::string_view value, char* out) {
  while (!value.empty() && is_space(value.front())) {
    value.remove_prefix(1);
  }
  while (!value.empty() && is_space(value.back())) {
    value.remove_suffix(1);
  }
  std::size_t size = 0;
  bool in_space = false;
  for (const char c : value) {
    const bool space = is_space(c);
    if (space && in_space) {
      continue;
    }
    in_space = space;
    out[size++] = space ? ' ' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return size;
}

std::string folded(std::string_view value) {
  std::string out(value.size(), '\0');
  out.resize(fold(value, out.data()));
  return out;
}

struct TypeAndValue {
  ByteView type;  // OID content octets
  der::Element value;
  ByteView at;  // where the value begins, for errors
};

TypeAndValue read_type_and_value(der::Reader& rdn) {
  der::Reader pair = rdn.inside(der::kSequence);
  TypeAndValue found;
  found.type = pair.oid();
  found.at = pair.rest();
  found.value = pair.element();
  pair.end();
  return found;
}

// The value as text; a failure where OpenSSL's d2i_X509_NAME fails.
std::string value_text(const TypeAndValue& pair, der::Failure& failure) {
  const bool refused = value_kind(pair.value.tag) == ValueKind::Refused;
  std::optional<std::string> text = refused ? std::nullopt : utf8_value(pair.value);
  if (!text) {
    failure.set(refused ? "a type that no attribute of a name may have"
                        : "text that is not of its string type",
                pair.at);
  }
  return std::move(text).value_or(std::string());
}

Bytes canonical_attribute(const TypeAndValue& pair, der::Failure& failure) {
  const std::string text = value_text(pair, failure);
  Bytes inner;
  inner.reserve(pair.type.size() + text.size() + 8);
  der::append(inner, der::kOid, pair.type);
  if (value_kind(pair.value.tag) == ValueKind::Folded) {
    der::append(inner, der::kUtf8String, as_bytes(folded(text)));
  } else {
    inner.insert(inner.end(), pair.value.whole.begin(), pair.value.whole.end());
  }
  return der::wrapped(der::kSequence, inner);
}

// The canonical RDN of one short attribute in ASCII, which nearly all are, without allocating:
// opening a store reads hundreds of names. False, with nothing appended: not of that form.
bool append_short_rdn(Bytes& out, const TypeAndValue& pair) {
  constexpr std::size_t kShortForm = 0x7F;  // a length in one octet, X.690 section 8.1.3.4
  constexpr std::size_t kHeaders = 6;       // of the SEQUENCE, the type and the value
  const std::uint8_t tag = pair.value.tag;
  const ByteView text = pair.value.content;
  if (tag != der::kUtf8String && tag != der::kPrintableString && tag != der::kIa5String) {
    return false;
  }
  if (pair.type.size() + text.size() + kHeaders > kShortForm ||
      std::ranges::any_of(text, [](std::uint8_t octet) { return octet >= 0x80; })) {
    return false;
  }
  std::array<char, kShortForm> small{};
  const std::size_t size = fold(as_text(text), small.data());
  const auto octet = [](std::size_t length) { return static_cast<std::uint8_t>(length); };
  const std::size_t inner = pair.type.size() + size + 4;
  const std::array<std::uint8_t, 6> head = {der::kSet,      octet(inner + 2),
                                            der::kSequence, octet(inner),
                                            der::kOid,      octet(pair.type.size())};
  out.insert(out.end(), head.begin(), head.end());
  out.insert(out.end(), pair.type.begin(), pair.type.end());
  out.push_back(der::kUtf8String);
  out.push_back(octet(size));
  out.insert(out.end(), small.begin(), small.begin() + static_cast<std::ptrdiff_t>(size));
  return true;
}

// X.690 section 11.6: the elements of a SET OF stand in ascending order of their encodings.
bool encodes_before(const Bytes& a, const Bytes& b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

void append_canonical_rdn(Bytes& out, der::Reader rdn) {
  const TypeAndValue first = read_type_and_value(rdn);
  if (!rdn.ok() || (rdn.at_end() && append_short_rdn(out, first))) {
    return;
  }
  std::vector<Bytes> encoded = {canonical_attribute(first, rdn.failure())};
  while (rdn.ok() && !rdn.at_end()) {
    const TypeAndValue next = read_type_and_value(rdn);
    if (rdn.ok()) {
      encoded.push_back(canonical_attribute(next, rdn.failure()));
    }
  }
  std::sort(encoded.begin(), encoded.end(), encodes_before);
  Bytes joined;
  for (const Bytes& one : encoded) {
    joined.insert(joined.end(), one.begin(), one.end());
  }
  der::append(out, der::kSet, joined);
}

Bytes canonical_rdns(der::Reader rdns) {
  Bytes canonical;
  canonical.reserve(rdns.rest().size());
  while (rdns.ok() && !rdns.at_end()) {
    const der::Reader rdn = rdns.inside(der::kSet);
    if (rdn.ok() && !rdn.at_end()) {  // OpenSSL drops an empty RDN
      append_canonical_rdn(canonical, rdn);
    }
  }
  return canonical;
}

}  // namespace

Bytes read_canonical_name(der::Reader& reader) {
  return canonical_rdns(reader.inside(der::kSequence));
}

Name read_name(der::Reader& reader) {
  const der::Element whole = reader.element(der::kSequence);
  Name name;
  name.der.assign(whole.whole.begin(), whole.whole.end());
  der::Reader rdns(whole.content, reader.failure());
  name.canonical = canonical_rdns(rdns);
  name.attributes.reserve(4);
  for (std::uint32_t index = 0; rdns.ok() && !rdns.at_end(); ++index) {
    der::Reader rdn = rdns.inside(der::kSet);
    while (rdn.ok() && !rdn.at_end()) {
      const TypeAndValue pair = read_type_and_value(rdn);
      name.attributes.push_back({.type = attribute_type(pair.type),
                                 .value = value_text(pair, reader.failure()),
                                 .rdn = index});
    }
  }
  if (!reader.ok()) {
    return {};
  }
  return name;
}

Result<Name> parse_name(ByteView der) {
  der::Failure failure;
  der::Reader reader(der, failure);
  Name name = read_name(reader);
  reader.end();
  if (failure.failed()) {
    return std::unexpected(failure.error("not a name", der));
  }
  return name;
}

std::string Name::first(std::string_view type) const {
  for (const Attribute& attribute : attributes) {
    if (attribute.type == type) {
      return attribute.value;
    }
  }
  return {};
}

std::string Name::text() const {
  std::string out;
  std::size_t end = attributes.size();
  while (end > 0) {
    std::size_t begin = end - 1;
    while (begin > 0 && attributes[begin - 1].rdn == attributes[end - 1].rdn) {
      --begin;
    }
    for (std::size_t i = begin; i < end; ++i) {
      if (!out.empty()) {
        out += i == begin ? ", " : " + ";
      }
      out += attributes[i].type + "=" + attributes[i].value;
    }
    end = begin;
  }
  return out;
}

std::string Name::display() const {
  for (const std::string_view type : {"CN", "O"}) {
    std::string value = first(type);
    if (!value.empty()) {
      return value;
    }
  }
  return text();
}

}  // namespace medic::x509
