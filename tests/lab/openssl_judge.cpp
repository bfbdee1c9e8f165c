#include "tests/lab/openssl_judge.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>

#include "lab/openssl_ptr.h"

namespace medic::lab {
namespace {

using StorePtr = Handle<X509_STORE, X509_STORE_free>;
using StoreCtxPtr = Handle<X509_STORE_CTX, X509_STORE_CTX_free>;
using CrlPtr = Handle<X509_CRL, X509_CRL_free>;

X509Ptr parsed(const Bytes& der) {
  const unsigned char* at = der.data();
  return X509Ptr(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

bool is_ip(const std::string& host) {
  std::array<unsigned char, 16> octets{};
  return inet_pton(AF_INET, host.c_str(), octets.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), octets.data()) == 1;
}

void set_parameters(X509_VERIFY_PARAM* parameters, const std::string& host, Time at,
                    const JudgeOptions& options) {
  X509_VERIFY_PARAM_set_time(parameters, at.time_since_epoch().count());
  X509_VERIFY_PARAM_set_auth_level(parameters, options.security_level);
  if (options.strict) {
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT);
  }
  if (!options.crls.empty()) {
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_CRL_CHECK);
  }
  if (is_ip(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str());
  } else if (!host.empty()) {
    X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size());
  }
}

}  // namespace

std::vector<Bytes> pem_certificates(const std::string& pem) {
  std::vector<Bytes> all;
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  while (const X509Ptr certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate.get(), &der);
    all.emplace_back(der, der + size);
    OPENSSL_free(der);
  }
  return all;
}

Judgement openssl_judgement(const std::vector<Bytes>& chain, const std::string& roots_pem,
                            const std::string& host, Time at, const JudgeOptions& options) {
  const StorePtr store(X509_STORE_new());
  for (const Bytes& root : pem_certificates(roots_pem)) {
    X509_STORE_add_cert(store.get(), parsed(root).get());
  }
  for (const Bytes& der : options.crls) {
    const unsigned char* p = der.data();
    const CrlPtr crl(d2i_X509_CRL(nullptr, &p, static_cast<long>(der.size())));
    X509_STORE_add_crl(store.get(), crl.get());
  }
  std::vector<X509Ptr> held;
  STACK_OF(X509)* untrusted = sk_X509_new_null();
  for (const Bytes& der : chain) {
    held.push_back(parsed(der));
    if (held.back() == nullptr) {
      sk_X509_free(untrusted);
      return {.error = -1, .depth = 0, .text = "OpenSSL cannot parse a certificate of the chain"};
    }
    sk_X509_push(untrusted, held.back().get());
  }
  const StoreCtxPtr context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), held.front().get(), untrusted);
  X509_STORE_CTX_set_default(context.get(), "ssl_server");
  set_parameters(X509_STORE_CTX_get0_param(context.get()), host, at, options);
  X509_verify_cert(context.get());
  const int error = X509_STORE_CTX_get_error(context.get());
  Judgement judgement{.error = error,
                      .depth = X509_STORE_CTX_get_error_depth(context.get()),
                      .text = X509_verify_cert_error_string(error)};
  sk_X509_free(untrusted);
  return judgement;
}

}  // namespace medic::lab
