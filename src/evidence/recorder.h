#pragma once

// Two worlds around a Case: Recorder asks another world and keeps what it answered; Replay answers
// from a Case and never leaves the process.

#include "evidence/case.h"
#include "evidence/world.h"

namespace medic::evidence {

// Keeps a reference to both: they must outlive it. A question already in the case is answered from
// it, so that no connection is made twice for the same question.
class Recorder final : public World {
 public:
  Recorder(World& world, Case& kept) : world_(world), case_(kept) {}
  Resolution resolve(const std::string& host, AddressFamily family) override;
  std::vector<std::optional<Handshake>> handshakes(std::span<const ProbeSpec> specs) override;
  Fetched fetch(const FetchQuestion& question) override;

 private:
  World& world_;
  Case& case_;
};

class Replay final : public World {
 public:
  explicit Replay(const Case& kept) : case_(kept) {}
  Resolution resolve(const std::string& host, AddressFamily family) override;
  std::vector<std::optional<Handshake>> handshakes(std::span<const ProbeSpec> specs) override;
  Fetched fetch(const FetchQuestion& question) override;

 private:
  const Case& case_;
};

}  // namespace medic::evidence
