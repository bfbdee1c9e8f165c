#pragma once

// The SSL_CTX of each offer, made once per process at first use: making one costs more than a
// handshake (1.2 M instructions, 15 M for the first, which initialises the library).

#include <openssl/ssl.h>

#include "evidence/probe_spec.h"

namespace medic::probe {

SSL_CTX& client_context(evidence::Offer offer);

}  // namespace medic::probe
