#pragma once

// Owners of libssl objects, freed by the function OpenSSL names for each.

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/handle.h"

namespace medic::probe {

using SslContextPtr = Handle<SSL_CTX, SSL_CTX_free>;
using SslPtr = Handle<SSL, SSL_free>;
using X509Ptr = Handle<X509, X509_free>;
using EvpKeyPtr = Handle<EVP_PKEY, EVP_PKEY_free>;

}  // namespace medic::probe
