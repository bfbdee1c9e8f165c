#pragma once

// Whether an https:// proxy may be given a password. The one place in probe/ that trusts anything,
// so it uses OpenSSL's own verifier.

#include <string>
#include <vector>

#include "base/bytes.h"

namespace medic::probe {

// The chain (DER, leaf first) leads to one of `anchors`, is valid now, is for a server, and names
// `host`.
bool is_trusted_proxy(const std::vector<Bytes>& chain, const std::string& host,
                      const std::vector<Bytes>& anchors);

}  // namespace medic::probe
