#pragma once

// What the first bytes of a connection are, when they may not be TLS.

#include <string>

#include "base/bytes.h"

namespace medic::probe {

enum class FirstBytes { TlsRecord, SomethingElse, TooFewToSay };

// A record a server may begin with: handshake or alert, version 3.x, a possible length (RFC 8446
// section 5.1).
FirstBytes first_bytes_of(ByteView bytes);

// "http", "smtp", "ftp", "imap", "pop3", "ssh", "mysql", "postgres", "rdp", "xmpp", "irc", "nntp",
// "sieve", "vnc", "redis", "amqp", "ldap", "socks" or "unknown".
std::string recognised_protocol(ByteView bytes);

}  // namespace medic::probe
