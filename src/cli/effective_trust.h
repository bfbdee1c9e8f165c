#pragma once

// Whom this program's own requests believe, and by which rule: --client, --ca, --profile,
// SSL_CERT_FILE and SSL_CERT_DIR, the system's store, the Mozilla roots inside, in this order.

#include "cli/command.h"
#include "request/judge.h"

namespace medic::cli {

Result<request::Trust> effective_trust(const Args& args, const Io& io);

}  // namespace medic::cli
