#include "probe/proxy_trust.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include "probe/openssl_ptr.h"
#include "target/ip_address.h"

namespace medic::probe {
namespace {

using StorePtr = Handle<X509_STORE, X509_STORE_free>;
using StoreContextPtr = Handle<X509_STORE_CTX, X509_STORE_CTX_free>;

void free_stack(STACK_OF(X509) * stack) {
  sk_X509_pop_free(stack, X509_free);
}
using StackPtr = Handle<STACK_OF(X509), free_stack>;

X509Ptr certificate(const Bytes& der) {
  const unsigned char* cursor = der.data();
  return X509Ptr(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())));
}

bool verified(const std::vector<Bytes>& chain, const std::string& host,
              const std::vector<Bytes>& anchors) {
  const StorePtr store(X509_STORE_new());
  const StackPtr sent(sk_X509_new_null());
  const StoreContextPtr context(X509_STORE_CTX_new());
  if (!store || !sent || !context || chain.empty()) {
    return false;
  }
  for (const Bytes& der : anchors) {
    if (const X509Ptr anchor = certificate(der)) {
      X509_STORE_add_cert(store.get(), anchor.get());
    }
  }
  for (const Bytes& der : chain) {
    X509Ptr parsed = certificate(der);
    if (!parsed || sk_X509_push(sent.get(), parsed.get()) == 0) {
      return false;
    }
    // The stack owns it now.
    static_cast<void>(parsed.release());  // NOLINT(bugprone-unused-return-value)
  }
  if (X509_STORE_CTX_init(context.get(), store.get(), sk_X509_value(sent.get(), 0), sent.get()) !=
          1 ||
      X509_STORE_CTX_set_default(context.get(), "ssl_server") != 1) {
    return false;
  }
  X509_VERIFY_PARAM* const rules = X509_STORE_CTX_get0_param(context.get());
  const int named = target::parse_ip(host)
                        ? X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str())
                        : X509_VERIFY_PARAM_set1_host(rules, host.c_str(), host.size());
  return named == 1 && X509_verify_cert(context.get()) == 1;
}

}  // namespace

bool is_trusted_proxy(const std::vector<Bytes>& chain, const std::string& host,
                      const std::vector<Bytes>& anchors) {
  const bool trusted = verified(chain, host, anchors);
  ERR_clear_error();
  return trusted;
}

}  // namespace medic::probe
