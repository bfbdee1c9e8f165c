#pragma once

// Owning pointers for OpenSSL's objects, for the .cpp files of lab/ only.

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/handle.h"

namespace medic::lab {

using BioPtr = Handle<BIO, BIO_free>;
using EvpPkeyPtr = Handle<EVP_PKEY, EVP_PKEY_free>;
using EvpPkeyCtxPtr = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using EvpMdCtxPtr = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using SslCtxPtr = Handle<SSL_CTX, SSL_CTX_free>;
using SslPtr = Handle<SSL, SSL_free>;
using X509Ptr = Handle<X509, X509_free>;
using X509PubkeyPtr = Handle<X509_PUBKEY, X509_PUBKEY_free>;

}  // namespace medic::lab
