#include "x509/der.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>

namespace medic::x509::der {
namespace {

constexpr std::size_t kShownBytes = 32;

}  // namespace

Error Failure::error(std::string_view subject, ByteView origin) const {
  const std::size_t offset =
      rest.data() >= origin.data() && rest.data() <= origin.data() + origin.size()
          ? static_cast<std::size_t>(rest.data() - origin.data())
          : origin.size();
  const ByteView shown = rest.first(std::min(rest.size(), kShownBytes));
  std::string text = fmt::format("{}: {} at offset {}", subject, what, offset);
  if (!shown.empty()) {
    text += fmt::format(": '{}'", escaped(as_text(shown), kShownBytes));
  }
  return Error{.kind = ErrorKind::Data, .what = text, .matters = {}, .next_step = {}};
}

Element Reader::element() {
  if (!ok()) {
    return {};
  }
  if (rest_.size() < 2) {
    failure_->set("the data ends where an element should begin", rest_);
    return {};
  }
  const std::uint8_t tag = rest_[0];
  if ((tag & 0x1FU) == 0x1FU) {
    failure_->set("a tag of more than one octet", rest_);
    return {};
  }
  std::size_t header = 2;
  std::size_t length = rest_[1];
  if (length >= 0x80U) {
    const std::size_t count = length & 0x7FU;
    // Four length octets are 4 GiB: more than any bound of ours.
    if (count == 0 || count > 4) {
      failure_->set(count == 0 ? "an indefinite length" : "a length of more than four octets",
                    rest_);
      return {};
    }
    if (rest_.size() < 2 + count) {
      failure_->set("the data ends inside a length", rest_);
      return {};
    }
    length = 0;
    for (std::size_t i = 0; i < count; ++i) {
      length = (length << 8U) | rest_[2 + i];
    }
    header += count;
    if (length < 0x80U || rest_[2] == 0) {
      failure_->set("a length that is not minimal", rest_);
      return {};
    }
  }
  if (length > rest_.size() - header) {
    failure_->set("a length longer than the data", rest_);
    return {};
  }
  const Element found{
      .tag = tag, .content = rest_.subspan(header, length), .whole = rest_.first(header + length)};
  rest_ = rest_.subspan(header + length);
  return found;
}

Element Reader::element(std::uint8_t tag) {
  const ByteView before = rest_;
  const Element found = element();
  if (ok() && found.tag != tag) {
    failure_->set("an element of another type than expected", before);
    return {};
  }
  return found;
}

std::optional<Element> Reader::optional(std::uint8_t tag) {
  if (!next_is(tag)) {
    return std::nullopt;
  }
  const Element found = element();
  if (!ok()) {
    return std::nullopt;
  }
  return found;
}

bool is_minimal_integer(ByteView content) {
  if (content.empty()) {
    return false;
  }
  if (content.size() == 1) {
    return true;
  }
  const bool next_is_negative = (content[1] & 0x80U) != 0;
  return content[0] != (next_is_negative ? 0xFF : 0x00);
}

ByteView Reader::integer(std::uint8_t tag) {
  const Element found = element(tag);
  if (ok() && !is_minimal_integer(found.content)) {
    failure_->set("an INTEGER that is empty or padded", found.whole);
    return {};
  }
  return found.content;
}

std::uint32_t Reader::small_integer(std::uint8_t tag) {
  const Element found = element(tag);
  if (!ok()) {
    return 0;
  }
  if (!is_minimal_integer(found.content)) {
    failure_->set("an INTEGER that is empty or padded", found.whole);
    return 0;
  }
  if ((found.content[0] & 0x80U) != 0 || bit_length(found.content) > 31) {
    failure_->set("an INTEGER out of range", found.whole);
    return 0;
  }
  std::uint32_t value = 0;
  for (const std::uint8_t octet : found.content) {
    value = (value << 8U) | octet;
  }
  return value;
}

bool Reader::boolean() {
  const Element found = element(kBoolean);
  if (ok() && found.content.size() != 1) {
    failure_->set("a BOOLEAN that is not one octet", found.whole);
  }
  // X.690 section 11.1 wants 0xFF for true; OpenSSL takes every octet but zero, and so do we.
  return ok() && found.content[0] != 0;
}

ByteView Reader::oid() {
  const Element found = element(kOid);
  if (!ok()) {
    return {};
  }
  if (found.content.empty() || (found.content.back() & 0x80U) != 0) {
    failure_->set("an OBJECT IDENTIFIER that is empty or cut", found.whole);
    return {};
  }
  bool at_arc = true;
  for (const std::uint8_t octet : found.content) {
    if (at_arc && octet == 0x80U) {
      failure_->set("an OBJECT IDENTIFIER with a padded arc", found.whole);
      return {};
    }
    at_arc = (octet & 0x80U) == 0;
  }
  return found.content;
}

void Reader::end() {
  if (ok() && !rest_.empty()) {
    failure_->set("more data than expected", rest_);
  }
}

BitString bit_string_content(ByteView content, Failure& failure) {
  if (content.empty() || content[0] > 7 || (content.size() == 1 && content[0] != 0)) {
    failure.set("a BIT STRING with a wrong count of unused bits", content);
    return {};
  }
  return {.octets = content.subspan(1), .unused_bits = content[0]};
}

BitString bit_string(Reader& reader, std::uint8_t tag) {
  const Element found = reader.element(tag);
  if (!reader.ok()) {
    return {};
  }
  return bit_string_content(found.content, reader.failure());
}

std::uint32_t bit_length(ByteView content) {
  while (!content.empty() && content.front() == 0) {
    content = content.subspan(1);
  }
  if (content.empty()) {
    return 0;
  }
  return static_cast<std::uint32_t>((content.size() - 1) * 8) +
         static_cast<std::uint32_t>(std::bit_width(content.front()));
}

void append(Bytes& out, std::uint8_t tag, ByteView content) {
  out.push_back(tag);
  const std::size_t length = content.size();
  if (length < 0x80U) {
    out.push_back(static_cast<std::uint8_t>(length));
  } else {
    std::uint8_t count = 1;
    while (count < sizeof(length) && (length >> (8U * count)) != 0) {
      ++count;
    }
    out.push_back(static_cast<std::uint8_t>(0x80U | count));
    while (count-- > 0) {
      out.push_back(static_cast<std::uint8_t>(length >> (8U * count)));
    }
  }
  out.insert(out.end(), content.begin(), content.end());
}

Bytes wrapped(std::uint8_t tag, ByteView content) {
  Bytes out;
  out.reserve(content.size() + 6);
  append(out, tag, content);
  return out;
}

}  // namespace medic::x509::der
