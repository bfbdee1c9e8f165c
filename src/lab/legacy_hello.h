#pragma once

// How a libssl server is made to behave as one from before RFC 5746 (secure renegotiation).

#include <cstddef>

struct ssl_st;

namespace medic::lab {

// An SSL_CTX_set_msg_callback. libssl answers with renegotiation_info exactly when it saw the
// client's extension or signalling suite, and has no switch for it. It calls this back after the
// ClientHello went into the transcript hash and before it is parsed, with a pointer to the very
// buffer that will be parsed (OpenSSL 3.0 ssl/statem/statem_lib.c, tls_get_message_body): so both
// marks are renamed there to values that no one knows. The Finished messages still agree. tests/lab
// checks that it works with the OpenSSL that is linked.
void hide_renegotiation_info(int sent, int version, int content_type, const void* buffer,
                             std::size_t size, ssl_st* ssl, void* unused);

}  // namespace medic::lab
