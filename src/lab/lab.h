#pragma once

// The lab: TLS servers on loopback that are wrong in one known way each, with good twins.
// In-process, port 0, own certificates made for one instant, own resolver names. A feature of the
// program
// (`tlsmedic lab`, `tlsmedic demo`) and the fixture of the tests.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"

namespace medic::lab {

// What one running fault offers to a client.
struct Site {
  std::string fault;    // id of the fault or of its twin: "expired-leaf", "expired-leaf.good"
  bool good = false;    // a client should accept it
  std::string host;     // name to ask for, e.g. "expired-leaf.lab.test"
  std::string address;  // numeric, e.g. "127.0.0.1"
  std::vector<std::string> addresses;  // all that `host` resolves to in the lab
  std::uint16_t port = 0;
  std::string starttls;    // protocol id, or empty
  std::string proxy_url;   // "http://127.0.0.1:port" when this site is reached through a proxy
  std::string ca_pem;      // the roots to trust for it
  std::string system_pem;  // what the "OS store" of this scenario trusts, when that differs
  Time at{};               // the instant the certificates were made for
};

struct FaultContext;  // certificate maker, listener maker, instant: lab/fault_context.h

// One entry of src/lab/faults/<id>.cpp.
struct LabFault {
  std::string_view id;           // kebab-case
  std::string_view summary_key;  // key of data/messages/*/lab.toml
  std::string_view cause;        // the cause id a diagnosis must state; "healthy" for none
  bool slow = false;             // takes seconds by nature (silence, slow drip)
  // Starts the server(s), appends the bad site and, where that makes sense, its good twin.
  Result<void> (*start)(FaultContext& context, std::vector<Site>& sites);
};

std::span<const LabFault* const> fault_registry();

// Servers run on their own threads and stop in the destructor.
class Lab {
 public:
  virtual ~Lab() = default;
  [[nodiscard]] virtual const std::vector<Site>& sites() const = 0;
};
// Starts these faults (all when empty) for the instant `at`.
Result<std::unique_ptr<Lab>> start_lab(std::span<const std::string> faults, Time at);

}  // namespace medic::lab
