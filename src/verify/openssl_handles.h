#pragma once

// Owners of OpenSSL's objects, for the reference verifier and for CRL and OCSP.

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/bytes.h"
#include "base/handle.h"

namespace medic::verify {

inline void free_certificates(STACK_OF(X509) * stack) {
  sk_X509_pop_free(stack, X509_free);
}

using X509Ptr = Handle<X509, X509_free>;
using CrlPtr = Handle<X509_CRL, X509_CRL_free>;
using KeyPtr = Handle<EVP_PKEY, EVP_PKEY_free>;
using StorePtr = Handle<X509_STORE, X509_STORE_free>;
using StoreContextPtr = Handle<X509_STORE_CTX, X509_STORE_CTX_free>;
using StackPtr = Handle<STACK_OF(X509), free_certificates>;
using OcspResponsePtr = Handle<OCSP_RESPONSE, OCSP_RESPONSE_free>;
using OcspBasicPtr = Handle<OCSP_BASICRESP, OCSP_BASICRESP_free>;
using OcspRequestPtr = Handle<OCSP_REQUEST, OCSP_REQUEST_free>;
using OcspIdPtr = Handle<OCSP_CERTID, OCSP_CERTID_free>;

using ObjectPtr = Handle<ASN1_OBJECT, ASN1_OBJECT_free>;
using KeyIdPtr = Handle<AUTHORITY_KEYID, AUTHORITY_KEYID_free>;
using GroupPtr = Handle<EC_GROUP, EC_GROUP_free>;
using PointPtr = Handle<EC_POINT, EC_POINT_free>;

inline X509Ptr parsed_certificate(ByteView der) {
  const unsigned char* at = der.data();
  return X509Ptr(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

// Whether the list speaks for all certificates it might name: not indirect, not a delta, not for
// some reasons only (RFC 5280 sections 5.2.4 and 5.2.5).
bool is_complete(const X509_CRL& crl);

inline CrlPtr parsed_crl(ByteView der) {
  const unsigned char* at = der.data();
  return CrlPtr(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
}

}  // namespace medic::verify
