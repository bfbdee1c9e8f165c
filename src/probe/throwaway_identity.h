#pragma once

// A client certificate made for one experiment: self-signed, of a fresh key, trusted by nobody.
// Showing it asks the server "is it the missing certificate that you mind?".

#include "probe/tls_client.h"

namespace medic::probe {

Result<ClientIdentity> make_throwaway_identity();

}  // namespace medic::probe
