#include "x509/identity.h"

#include <fmt/core.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "x509/iterations.h"
#include "x509/openssl.h"
#include "x509/pem.h"

namespace medic::x509 {
namespace {

using KeyHandle = Handle<EVP_PKEY, EVP_PKEY_free>;
using Reading = Handle<BIO, BIO_free_all>;

constexpr std::size_t kMaxIdentityBytes = 1U << 20U;

std::string openssl_reason() {
  const unsigned long code = ERR_peek_last_error();
  const char* const text = code == 0 ? nullptr : ERR_reason_error_string(code);
  return text == nullptr ? "no reason given" : text;
}

struct Asked {
  std::string_view passphrase;
  bool asked = false;  // the key is encrypted
};

int give_passphrase(char* buffer, int size, int /*for_writing*/, void* user) {
  auto* const asked = static_cast<Asked*>(user);
  asked->asked = true;
  if (asked->passphrase.empty() || std::cmp_greater(asked->passphrase.size(), size)) {
    return -1;
  }
  std::copy(asked->passphrase.begin(), asked->passphrase.end(), buffer);
  return static_cast<int>(asked->passphrase.size());
}

Result<SecretBytes> pkcs8_of(const EVP_PKEY& key) {
  const Handle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> info(EVP_PKEY2PKCS8(&key));
  unsigned char* der = nullptr;
  const int size = info ? i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der) : -1;
  if (size <= 0) {
    return fail(ErrorKind::Data,
                fmt::format("the private key cannot be encoded: {}", openssl_reason()));
  }
  SecretBytes secret(ByteView(der, static_cast<std::size_t>(size)));
  OPENSSL_clear_free(der, static_cast<std::size_t>(size));
  return secret;
}

Reading reading(ByteView bytes) {
  return Reading(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

Bytes der_of(X509* certificate) {
  const int size = i2d_X509(certificate, nullptr);
  Bytes der(static_cast<std::size_t>(std::max(size, 0)));
  unsigned char* at = der.data();
  if (size > 0) {
    i2d_X509(certificate, &at);
  }
  return der;
}

Error pkcs12_error(std::string_view passphrase) {
  const unsigned long code = ERR_peek_last_error();
  bool legacy = false;
  while (const unsigned long one = ERR_get_error()) {
    legacy =
        legacy || ERR_GET_REASON(one) == ERR_R_UNSUPPORTED ||
        (ERR_GET_LIB(one) == ERR_LIB_EVP && ERR_GET_REASON(one) == EVP_R_UNSUPPORTED_ALGORITHM);
  }
  if (legacy) {
    return {
        .kind = ErrorKind::Data,
        .what = "the PKCS#12 file is encrypted with an old cipher (RC2 or DES)",
        .matters = "the cipher is in OpenSSL's legacy provider, which this program does not have",
        .next_step = "openssl pkcs12 -legacy -in OLD.p12 -out client.pem"};
  }
  const bool wrong = ERR_GET_REASON(code) == PKCS12_R_MAC_VERIFY_FAILURE;
  return {.kind = wrong ? ErrorKind::Usage : ErrorKind::Data,
          .what = wrong ? (passphrase.empty() ? "the PKCS#12 file needs a passphrase"
                                              : "the passphrase does not open the PKCS#12 file")
                        : "the PKCS#12 file cannot be read",
          .matters = {},
          .next_step = {}};
}

Result<std::vector<CertificatePtr>> parsed_chain(X509* leaf, const STACK_OF(X509) * others) {
  std::vector<CertificatePtr> chain;
  if (leaf != nullptr) {
    MEDIC_TRY(CertificatePtr parsed, parse_certificate(der_of(leaf)));
    chain.push_back(std::move(parsed));
  }
  for (int i = 0; i < sk_X509_num(others); ++i) {
    MEDIC_TRY(CertificatePtr parsed, parse_certificate(der_of(sk_X509_value(others, i))));
    chain.push_back(std::move(parsed));
  }
  return chain;
}

void free_certificates(STACK_OF(X509) * certificates) {
  sk_X509_pop_free(certificates, X509_free);
}

bool any_block_asks_too_much(std::string_view text) {
  PemScanner scanner(text);
  while (const auto block = scanner.next()) {
    const Result<Bytes> der = decode_pem_body(block->body);
    if (der && asks_too_much(*der)) {
      return true;
    }
  }
  return false;
}

std::unexpected<Error> too_many_iterations(std::string_view what) {
  return fail(ErrorKind::Limit, fmt::format("{} asks for more than {} rounds of key derivation",
                                            what, kMaxIterations));
}

}  // namespace

SecretBytes::SecretBytes(ByteView bytes)
    : bytes_(std::make_unique<std::uint8_t[]>(bytes.size())), size_(bytes.size()) {
  std::copy(bytes.begin(), bytes.end(), bytes_.get());
}
SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}
SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this != &other) {
    wipe();
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}
SecretBytes::~SecretBytes() {
  wipe();
}
void SecretBytes::wipe() {
  if (bytes_) {
    OPENSSL_cleanse(bytes_.get(), size_);
  }
}

Result<SecretBytes> read_private_key(ByteView bytes, std::string_view passphrase) {
  if (bytes.size() > kMaxIdentityBytes) {
    return fail(ErrorKind::Limit, fmt::format("a private key file of {} bytes", bytes.size()));
  }
  const ErrorMark mark;
  const Reading file = reading(bytes);
  Asked asked{.passphrase = passphrase};
  const bool is_der = !bytes.empty() && bytes[0] == 0x30;
  if (is_der ? asks_too_much(bytes) : any_block_asks_too_much(as_text(bytes))) {
    return too_many_iterations("the private key");
  }
  const KeyHandle key(is_der ? d2i_PrivateKey_ex_bio(file.get(), nullptr, own_context(), nullptr)
                             : PEM_read_bio_PrivateKey_ex(file.get(), nullptr, give_passphrase,
                                                          &asked, own_context(), nullptr));
  if (key) {
    return pkcs8_of(*key);
  }
  if (asked.asked) {
    return fail(ErrorKind::Usage, passphrase.empty()
                                      ? "the private key is encrypted: its passphrase is needed"
                                      : "the passphrase does not open the private key");
  }
  return fail(ErrorKind::Data, fmt::format("no private key in it: {}", openssl_reason()));
}

Result<Identity> read_pkcs12(ByteView bytes, std::string_view passphrase) {
  if (bytes.size() > kMaxIdentityBytes) {
    return fail(ErrorKind::Limit, fmt::format("a PKCS#12 file of {} bytes", bytes.size()));
  }
  const ErrorMark mark;
  // Made in our context first: d2i then parses with it, not with the system's configuration.
  PKCS12* made = PKCS12_init_ex(NID_pkcs7_data, own_context(), nullptr);
  const unsigned char* at = bytes.data();
  if (d2i_PKCS12(&made, &at, static_cast<long>(bytes.size())) == nullptr) {
    return fail(ErrorKind::Data, "not a PKCS#12 file");
  }
  const Handle<PKCS12, PKCS12_free> file(made);
  if (asks_too_much(bytes) || asks_too_much(*file)) {
    return too_many_iterations("the PKCS#12 file");
  }
  std::string terminated(passphrase);
  EVP_PKEY* key = nullptr;
  X509* leaf = nullptr;
  STACK_OF(X509)* others = nullptr;
  const int ok = PKCS12_parse(file.get(), terminated.c_str(), &key, &leaf, &others);
  OPENSSL_cleanse(terminated.data(), terminated.size());
  const KeyHandle key_owner(key);
  const Handle<X509, X509_free> leaf_owner(leaf);
  const Handle<STACK_OF(X509), free_certificates> others_owner(others);
  if (ok != 1) {
    return std::unexpected(pkcs12_error(passphrase));
  }
  Identity identity;
  MEDIC_TRY(identity.chain, parsed_chain(leaf, others));
  if (key != nullptr) {
    MEDIC_TRY(identity.key, pkcs8_of(*key));
  }
  return identity;
}

Result<Bytes> public_half(ByteView pkcs8) {
  const ErrorMark mark;
  const unsigned char* at = pkcs8.data();
  const KeyHandle key(
      d2i_AutoPrivateKey_ex(nullptr, &at, static_cast<long>(pkcs8.size()), own_context(), nullptr));
  const int size = key ? i2d_PUBKEY(key.get(), nullptr) : -1;
  if (size <= 0) {
    return fail(ErrorKind::Data, "not a private key");
  }
  Bytes der(static_cast<std::size_t>(size));
  unsigned char* out = der.data();
  i2d_PUBKEY(key.get(), &out);
  return der;
}

}  // namespace medic::x509
