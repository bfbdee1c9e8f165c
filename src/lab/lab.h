#pragma once

// The lab: TLS servers on loopback that are wrong in one known way each, with good twins.
// In-process, port 0, own certificates made for one instant, own resolver names. A feature of the
// program
// (`tlsmedic lab`, `tlsmedic demo`) and the fixture of the tests.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/time.h"

namespace medic::lab {

// What a client that trusts `ca_pem` should do with a site. "Depends" where sound clients differ by
// design (revocation, fetching issuers, strictness, old algorithms): neither answer is wrong.
enum class Expectation { MustRefuse, ShouldAccept, Depends };
std::string_view expectation_id(
    Expectation expectation);  // "must-refuse", "should-accept", "depends"

// One thing of a fault that a client can be pointed at.
struct Site {
  std::string id;     // "expired-leaf"; a good twin: "expired-leaf.good"
  std::string fault;  // id of the LabFault: "expired-leaf"
  std::string cause;  // what a diagnosis must state; "healthy" for twins and for what is no fault
  bool twin = false;  // differs from the bad site in nothing but the fault
  Expectation expectation = Expectation::MustRefuse;
  std::string host;     // name to ask for, e.g. "expired-leaf.lab.test"; twins share it
  std::string address;  // numeric, e.g. "127.0.0.1"
  std::vector<std::string> addresses;  // all that `host` resolves to in the lab
  std::uint16_t port = 0;
  std::string starttls;    // protocol id ("smtp", "imap", "postgres"), or empty
  std::string proxy_url;   // "http://127.0.0.1:port" when this site is reached through a proxy
  std::string ca_pem;      // the roots to trust for it
  std::string system_pem;  // what the "OS store" of this scenario trusts, when that differs
  std::string pool_pem;    // certificates this machine might hold from elsewhere (no anchors)
  std::string client_pem;  // client certificate, its issuer and its key, where the server wants one
  Time at;                 // the instant the certificates were made for
  bool slow = false;       // takes seconds by nature (silence, slow drip)

  [[nodiscard]] std::string url() const;  // "https://host:port/"
};

struct TlsPlan;      // lab/tls_server.h
class FaultContext;  // certificate maker, servers, instant: lab/fault_context.h

// One entry of src/lab/faults/<id>.cpp.
struct LabFault {
  std::string_view id;           // kebab-case
  std::string_view summary_key;  // key of data/messages/*/lab.toml
  std::string_view cause;        // the cause id a diagnosis must state; "healthy" for none
  bool slow = false;             // takes seconds by nature (silence, slow drip)
  // Adds the bad site and, where that makes sense, its good twins. Failures (no port left) are kept
  // by the context.
  void (*start)(FaultContext& lab) = nullptr;
};

std::span<const LabFault* const> fault_registry();
const LabFault* find_fault(std::string_view id);

// A name that only the lab resolves.
struct LabName {
  std::string host;
  std::vector<std::string> addresses;
};

// Servers run on their own threads and stop in the destructor.
class Lab {
 public:
  virtual ~Lab() = default;
  [[nodiscard]] virtual const std::vector<Site>& sites() const = 0;
  // The site, or null.
  [[nodiscard]] virtual const Site* site(std::string_view id) const = 0;
  [[nodiscard]] virtual const std::vector<LabName>& names() const = 0;
  // What the TLS server of a site shows and demands, for serving the same with another program;
  // null for sites that are scripted otherwise.
  [[nodiscard]] virtual const TlsPlan* plan(std::string_view id) const = 0;
  // How many connections have arrived at a port of the lab so far.
  [[nodiscard]] virtual std::size_t connections(std::uint16_t port) const = 0;
  // A CONNECT proxy that knows the lab's names, for clients that cannot be told an address but
  // honour https_proxy: "http://127.0.0.1:port". It changes nothing on the way.
  [[nodiscard]] virtual std::string proxy_url() const = 0;
};
// Starts these faults (all when empty) for the instant `at`. An unknown id is an Error of kind
// Usage.
Result<std::unique_ptr<Lab>> start_lab(std::span<const std::string> faults, Time at);

}  // namespace medic::lab
