#pragma once

// What the real clients do after a change. A cure counts only when the client that it cured takes
// the server it is about, and still refuses what an attacker could show: a certificate of an
// unknown CA, an expired one, another host's. The lab plays the attacker; its CA lives for as long
// as this object and gets into no store: for the last two questions it is lent to the client's own
// process by variables.

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/memory_file.h"
#include "base/time.h"
#include "clients/survey.h"
#include "clients/trial.h"
#include "lab/lab.h"
#include "machine/machine.h"

namespace medic::remedy {

// One question to one client.
struct Control {
  // "target", "other-name" (the target's own certificate, under a name that it is not for),
  // "unknown-ca", "expired", "wrong-host".
  std::string_view id;
  bool wants_accepted = false;
  clients::TrialResult result;

  // It did the opposite. A client that could not say has not failed.
  [[nodiscard]] bool failed() const;
};

struct ClientControls {
  std::string client;  // id of the inventory
  std::vector<Control> controls;
  // It took the lab's CA for that one process and then its good server: "expired" and "wrong-host"
  // were judged by dates and names. Else they were refused as an unknown CA's.
  bool lent = false;
  // Key of a sentence, or the client's own words: why nothing could be asked; empty: it was asked.
  std::string untested;
};

struct ControlRequest {
  // Must be accepted; its address, where it is numeric, is asked under another name too.
  std::optional<clients::TrialTarget> target;
  std::function<void(const clients::Client&)> step = [](const clients::Client&) {};
  std::function<bool()> cancelled = [] { return false; };
};

class Controls {
 public:
  static Result<Controls> start(Time at);

  [[nodiscard]] std::vector<ClientControls> run(const machine::Machine& machine,
                                                std::span<const clients::Client* const> asked,
                                                const ControlRequest& request) const;

 private:
  explicit Controls(std::unique_ptr<lab::Lab> lab) : lab_(std::move(lab)) {}
  [[nodiscard]] machine::Machine in_the_lab(const machine::Machine& machine, bool lent) const;

  std::unique_ptr<lab::Lab> lab_;
  std::vector<MemoryFile> files_;
  std::string bundle_;    // the lab's CA; empty: it cannot be lent
  std::string keystore_;  // the same for Java
};

// The first client that did the opposite of what it must.
Result<void> all_as_they_must(std::span<const ClientControls> rows);

}  // namespace medic::remedy
