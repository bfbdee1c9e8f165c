#pragma once

// The words of all rules searched at once in a file's bytes: most files hold none of them and are
// done with. (Hyperscan or Vectorscan; its header stays in gate.cpp.)

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "audit/rule.h"
#include "base/error.h"

namespace medic::audit {

class Gate {
 public:
  static Result<Gate> make(std::span<const Rule> rules);

  Gate(Gate&& other) noexcept;
  Gate& operator=(Gate&& other) noexcept;
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;
  ~Gate();

  // What one thread needs to search.
  class Searcher {
   public:
    explicit Searcher(const Gate& gate);
    Searcher(Searcher&& other) noexcept;
    Searcher& operator=(Searcher&& other) = delete;
    Searcher(const Searcher&) = delete;
    Searcher& operator=(const Searcher&) = delete;
    ~Searcher();

    // The rules one of whose words `text` holds, in any case of letters. `allows`: the text holds
    // "tlsmedic:".
    const std::vector<const Rule*>& rules_for(std::string_view text, bool& allows);

   private:
    struct State;
    std::unique_ptr<State> state_;
  };

 private:
  struct Engine;
  explicit Gate(std::unique_ptr<Engine> engine);

  std::unique_ptr<Engine> engine_;  // its type is known in gate.cpp only
};

}  // namespace medic::audit
