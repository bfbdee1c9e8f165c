#pragma once

// The one exception to "never in the clear", as narrow as it can be: a named host whose HTTPS the
// diagnosis has proven broken by its own operator, a request that carries nothing worth stealing
// (or whose owner named what it carries), no redirect, no proxy. Decisions over values; nothing is
// sent here.

#include <string>
#include <string_view>
#include <vector>

#include "request/message.h"

namespace medic::request {

// What an eavesdropper would take from a request. The ids are what --allow-plaintext-with names.
enum class Exposed { Credentials, Cookies, Body };
std::string_view exposed_id(Exposed what);  // "credentials"
std::vector<Exposed> exposed_by(const Request& request);

struct PlaintextRules {
  std::vector<std::string> hosts;    // "host" or "host:port", as given
  std::vector<std::string> exposed;  // ids of what may be seen
};

enum class PlaintextVerdict {
  Allowed,
  NotAsked,      // the host was not named
  NotTheServer,  // no proof that the server's TLS or SNI is at fault
  Redirected,
  Proxied,
  Exposes,  // `exposes` was not named
};
std::string_view plaintext_verdict_id(PlaintextVerdict verdict);  // "not-asked"

struct PlaintextDecision {
  PlaintextVerdict verdict = PlaintextVerdict::NotAsked;
  std::vector<Exposed> exposes;  // all that the request shows
  Url url;                       // where it would go: http://
};

// `cause` and `parent`: what the diagnosis has proven against the server, empty for nothing.
struct ProvenFault {
  std::string cause;
  std::string parent;
};
enum class Way { Direct, Proxied };

PlaintextDecision plaintext_decision(const Request& request, const Outcome& outcome,
                                     const ProvenFault& fault, const PlaintextRules& rules,
                                     Way way);

// Whether the fault is one for which plain text would help at all: the protocol or the name.
bool is_protocol_fault(const ProvenFault& fault);

}  // namespace medic::request
