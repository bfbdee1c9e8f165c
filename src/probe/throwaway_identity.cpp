#include "probe/throwaway_identity.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <utility>

namespace medic::probe {
namespace {

constexpr long kDaySeconds = 86400;

Error broken() {
  return {.kind = ErrorKind::Bug, .what = "making a client certificate for the experiment failed"};
}

}  // namespace

Result<ClientIdentity> make_throwaway_identity() {
  ClientIdentity identity{
      .leaf = X509Ptr(X509_new()), .chain = {}, .key = EvpKeyPtr(EVP_EC_gen("P-256"))};
  if (identity.leaf == nullptr || identity.key == nullptr) {
    return std::unexpected(broken());
  }
  X509* leaf = identity.leaf.get();
  X509_NAME* name = X509_get_subject_name(leaf);
  const auto* text = reinterpret_cast<const unsigned char*>("tlsmedic experiment");
  const bool made = X509_set_version(leaf, X509_VERSION_3) == 1 &&
                    ASN1_INTEGER_set(X509_get_serialNumber(leaf), 1) == 1 &&
                    X509_gmtime_adj(X509_getm_notBefore(leaf), -kDaySeconds) != nullptr &&
                    X509_gmtime_adj(X509_getm_notAfter(leaf), kDaySeconds) != nullptr &&
                    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1 &&
                    X509_set_issuer_name(leaf, name) == 1 &&
                    X509_set_pubkey(leaf, identity.key.get()) == 1 &&
                    X509_sign(leaf, identity.key.get(), EVP_sha256()) > 0;
  if (!made) {
    return std::unexpected(broken());
  }
  return identity;
}

}  // namespace medic::probe
