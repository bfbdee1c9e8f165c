#pragma once

// The certificates of a PKCS#12 file used as a trust store, as Java's keytool makes it. What is not
// encrypted is read without a passphrase.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"

namespace medic::x509 {

struct Pkcs12Certificate {
  Bytes der;
  std::string alias;             // friendlyName, UTF-8; foreign
  bool trusted_by_java = false;  // carries Oracle's trustedKeyUsage attribute
};

struct Pkcs12Certificates {
  std::vector<Pkcs12Certificate> certificates;
  std::size_t others = 0;          // keys, CRLs, secrets: whatever is no certificate
  bool has_integrity = false;      // there is a MAC
  bool integrity_checked = false;  // and it is right under this passphrase
  // Why the encrypted part stayed closed; empty: everything was read.
  enum class Closed { No, WrongPassphrase, OldCipher } closed = Closed::No;
};

bool is_pkcs12(ByteView bytes);

Result<Pkcs12Certificates> read_pkcs12_certificates(ByteView bytes, std::string_view passphrase);

}  // namespace medic::x509
