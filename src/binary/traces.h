#pragma once

// Texts that TLS libraries and toolchains compile into what they build, found by content: they tell
// which library is inside when no name does (a static build, a renamed DLL).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace medic::binary {

struct TlsLibrary {
  std::string family;   // "openssl", "libressl", "boringssl", "aws-lc"
  std::string version;  // "3.0.16"; BoringSSL has none of its own: empty
  std::string text;     // as compiled in: "OpenSSL 3.0.16 11 Feb 2025"
  // OPENSSLDIR: where cert.pem, certs and openssl.cnf are looked for; empty: not found.
  std::string directory;
};

// The first library whose version text stands in `bytes`. A text that only mentions a version
// ("requires OpenSSL 1.1.1") is not one: the date or the words in brackets must follow.
std::optional<TlsLibrary> find_tls_library(ByteView bytes);

// The compile-time default of `OPENSSLDIR: "…"` alone.
std::string find_openssl_directory(ByteView bytes);

struct GoBuild {
  std::string version;  // "go1.22.3"
  std::string modules;  // what `go version -m` prints; empty in builds without modules
};

// Where the writable segments of a 64-bit little-endian ELF program begin in its file, told by its
// first bytes: near the start of one of them linkers put Go's block. Empty: they do not tell.
std::vector<std::uint64_t> writable_segments(ByteView header);

// Go's build information block (debug/buildinfo, the form written since Go 1.18).
std::optional<GoBuild> find_go_build(ByteView bytes);

}  // namespace medic::binary
