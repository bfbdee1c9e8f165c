#include "probe/tls_context.h"

#include <openssl/rand.h>

#include <array>

#include "base/check.h"
#include "probe/openssl_ptr.h"
#include "probe/tls_client.h"
#include "x509/library.h"

namespace medic::probe {
namespace {

using evidence::Offer;

// RFC 8701: one of the sixteen extension types reserved for GREASE.
constexpr unsigned kGreaseExtension = 0x3A3A;
// An X25519MLKEM768 share: an ML-KEM-768 encapsulation key (FIPS 203: 1,184) and an X25519 key
// (32).
constexpr std::size_t kPostQuantumShareBytes = 1184 + 32;
using Share = std::array<unsigned char, kPostQuantumShareBytes>;

TlsClient* client_of(SSL* ssl) {
  return static_cast<TlsClient*>(SSL_get_app_data(ssl));
}

// NOLINTBEGIN(readability-function-size): these signatures are libssl's.
// SSL_custom_ext_add_cb_ex: 1 adds, 0 leaves out, -1 fails.
int add_share(SSL* ssl, unsigned /*type*/, unsigned /*context*/, const unsigned char** out,
              size_t* out_bytes, X509* /*leaf*/, size_t /*chain_index*/, int* /*alert*/,
              void* /*arg*/) {
  const TlsClient* const client = client_of(ssl);
  if (client == nullptr || !client->is_large_hello()) {
    return 0;
  }
  // Freed by free_share, which libssl calls once the bytes are copied.
  auto share = std::make_unique<Share>();
  if (RAND_bytes(share->data(), static_cast<int>(share->size())) != 1) {
    return -1;
  }
  *out_bytes = share->size();
  *out = share.release()->data();  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): free_share
  return 1;
}

void free_share(SSL* /*ssl*/, unsigned /*type*/, unsigned /*context*/, const unsigned char* out,
                void* /*arg*/) {
  // NOLINTNEXTLINE(cppcoreguidelines-owning-memory): given to libssl by add_share
  const std::unique_ptr<const Share> owned(reinterpret_cast<const Share*>(out));
}

int ignore_share(SSL* /*ssl*/, unsigned /*type*/, unsigned /*context*/, const unsigned char* /*in*/,
                 size_t /*in_bytes*/, X509* /*leaf*/, size_t /*chain_index*/, int* /*alert*/,
                 void* /*arg*/) {
  return 1;
}
// NOLINTEND(readability-function-size)

// The chain as libssl holds it, leaf first.
std::vector<Bytes> chain_of(X509_STORE_CTX* context) {
  std::vector<Bytes> chain;
  const STACK_OF(X509)* const sent = X509_STORE_CTX_get0_untrusted(context);
  for (int i = 0; i < sk_X509_num(sent); ++i) {
    unsigned char* der = nullptr;
    const int size = i2d_X509(sk_X509_value(sent, i), &der);
    if (size > 0) {
      chain.emplace_back(der, der + size);
    }
    OPENSSL_free(der);
  }
  return chain;
}

// A client without a judge looks and does not trust: its chain is judged later, by verify/, from
// the bytes as sent. Saying yes here also keeps libssl from building and checking a path at all
// (2.5 M instructions).
int judge_chain(X509_STORE_CTX* context, void* /*arg*/) {
  SSL* const ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
  TlsClient* const client = ssl == nullptr ? nullptr : client_of(ssl);
  if (client == nullptr || SSL_get_verify_mode(ssl) == SSL_VERIFY_NONE) {
    return 1;
  }
  const int verdict = client->judge(chain_of(context));
  X509_STORE_CTX_set_error(context, verdict);
  return verdict == X509_V_OK ? 1 : 0;
}

void offer_everything(SSL_CTX* context) {
  SSL_CTX_set_security_level(context, 0);
  // Anonymous suites and those without encryption last, so that no server that honours our order
  // picks one while it has another.
  MEDIC_CHECK(SSL_CTX_set_cipher_list(context, "ALL:COMPLEMENTOFALL:+aNULL:+eNULL:@SECLEVEL=0") ==
              1);
  SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
  // Key shares are made for the first group only, so the length of the list costs nothing.
  MEDIC_CHECK(SSL_CTX_set1_groups_list(
                  context,
                  "X25519:P-256:X448:P-521:P-384:secp256k1:brainpoolP256r1:brainpoolP384r1:"
                  "brainpoolP512r1:P-224:ffdhe2048:ffdhe3072:ffdhe4096:ffdhe6144:ffdhe8192") == 1);
}

SslContextPtr make_context(Offer offer) {
  // The patient's openssl.cnf may be the illness: neither it nor its engines are read.
  MEDIC_CHECK(OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr) == 1);
  SslContextPtr context(SSL_CTX_new_ex(x509::own_context(), nullptr, TLS_client_method()));
  MEDIC_CHECK(context != nullptr);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_cert_verify_callback(context.get(), judge_chain, nullptr);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_security_level(context.get(), 2);
  if (offer == Offer::Everything) {
    offer_everything(context.get());
  }
  // A handshake message of more than this is refused; 100 KiB of certificates is OpenSSL's own
  // bound.
  SSL_CTX_set_max_cert_list(context.get(), 128L * 1024);
  MEDIC_CHECK(SSL_CTX_add_custom_ext(context.get(), kGreaseExtension, SSL_EXT_CLIENT_HELLO,
                                     add_share, free_share, nullptr, ignore_share, nullptr) == 1);
  return context;
}

}  // namespace

// Both live until the process ends, which takes them back more cheaply than SSL_CTX_free().
SSL_CTX& client_context(Offer offer) {
  if (offer == Offer::Everything) {
    static SSL_CTX* const everything = make_context(Offer::Everything).release();
    return *everything;
  }
  static SSL_CTX* const mainstream = make_context(Offer::Mainstream).release();
  return *mainstream;
}

}  // namespace medic::probe
