#pragma once

// What a script may want to know of a ClientHello before anybody answers it.

#include <string>

#include "lab/connection.h"

namespace medic::lab {

// The server_name of the ClientHello that is waiting (RFC 6066 section 3), which stays unread;
// empty when there is none or the bytes are no ClientHello.
std::string peeked_server_name(Connection& connection);

}  // namespace medic::lab
