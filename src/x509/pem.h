#pragma once

// Finding and decoding PEM blocks (RFC 7468) in text that people have edited. Only places are given
// here; what a block holds is the caller's business (container.h, trust/).

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"

namespace medic::x509 {

// Views into the text that was given.
struct PemBlock {
  std::string_view label;  // "CERTIFICATE"
  std::string_view body;   // between the BEGIN and the END line, headers included
  std::size_t offset = 0;  // of "-----BEGIN"
  bool at_line_start = true;
  bool ended = true;  // false: no END line of this label before the next BEGIN or the end
};

class PemScanner {
 public:
  explicit PemScanner(std::string_view text) : text_(text) {}
  // The next block, or none.
  std::optional<PemBlock> next();

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// 1-based line of an offset.
std::size_t line_of(std::string_view text, std::size_t offset);

// The octets of a block; RFC 1421 headers are skipped. An Error names the offset in `body`.
Result<Bytes> decode_pem_body(std::string_view body);
// Decodes base64 with white space into `out`, at most `limit` octets (0: all); false: not base64.
// For scanners that need only the beginning of many blocks.
bool decode_base64_prefix(std::string_view body, std::size_t limit, Bytes& out);

// One block of 64 columns.
std::string pem_block(std::string_view label, ByteView der);

}  // namespace medic::x509
