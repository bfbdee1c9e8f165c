#include "audit/gate.h"

#include <fmt/core.h>
#include <hs/hs.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/glob.h"
#include "audit/rule.h"
#include "base/check.h"
#include "base/error.h"

namespace medic::audit {
namespace {

constexpr std::string_view kAllow = "tlsmedic:";

struct DatabaseFree {
  void operator()(hs_database_t* database) const noexcept { hs_free_database(database); }
};
struct ScratchFree {
  void operator()(hs_scratch_t* scratch) const noexcept { hs_free_scratch(scratch); }
};

int note(unsigned int id, unsigned long long /*from*/, unsigned long long /*to*/,
         unsigned int /*flags*/, void* context) {
  static_cast<std::vector<unsigned>*>(context)->push_back(id);
  return 0;
}

}  // namespace

struct Gate::Engine {
  std::unique_ptr<hs_database_t, DatabaseFree> database;
  std::unique_ptr<hs_scratch_t, ScratchFree> scratch;
  std::vector<std::vector<const Rule*>> rules_of_word;
};

struct Gate::Searcher::State {
  const Engine* engine = nullptr;
  std::unique_ptr<hs_scratch_t, ScratchFree> scratch;
  std::vector<unsigned> hits;
  std::vector<const Rule*> rules;
};

Gate::Gate(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
Gate::Gate(Gate&& other) noexcept = default;
Gate& Gate::operator=(Gate&& other) noexcept = default;
Gate::~Gate() = default;

Result<Gate> Gate::make(std::span<const Rule> rules) {
  std::map<std::string, std::vector<const Rule*>> words;
  words[std::string(kAllow)] = {};
  for (const Rule& rule : rules) {
    for (const std::string& word : rule.words) {
      words[lowered(word)].push_back(&rule);
    }
  }
  auto engine = std::make_unique<Engine>();
  std::vector<const char*> texts;
  std::vector<unsigned> flags;
  std::vector<unsigned> ids;
  std::vector<std::size_t> lengths;
  for (const auto& [word, those] : words) {
    ids.push_back(static_cast<unsigned>(texts.size()));
    texts.push_back(word.data());
    lengths.push_back(word.size());
    // One hit a word is enough.
    flags.push_back(HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH);
    engine->rules_of_word.push_back(those);
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* problem = nullptr;
  const hs_error_t status = hs_compile_lit_multi(
      texts.data(), flags.data(), ids.data(), lengths.data(), static_cast<unsigned>(texts.size()),
      HS_MODE_BLOCK, nullptr, &database, &problem);
  if (status != HS_SUCCESS) {
    const std::string said = problem != nullptr ? problem->message : "no message";
    hs_free_compile_error(problem);
    return fail(ErrorKind::Bug, fmt::format("the words of the rules cannot be searched: {}", said));
  }
  engine->database.reset(database);
  hs_scratch_t* scratch = nullptr;
  if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) {
    return fail(ErrorKind::Io, "no working memory for the text search");
  }
  engine->scratch.reset(scratch);
  return Gate(std::move(engine));
}

Gate::Searcher::Searcher(const Gate& gate) : state_(std::make_unique<State>()) {
  state_->engine = gate.engine_.get();
  hs_scratch_t* scratch = nullptr;
  MEDIC_CHECK(hs_clone_scratch(gate.engine_->scratch.get(), &scratch) == HS_SUCCESS);
  state_->scratch.reset(scratch);
}

Gate::Searcher::Searcher(Searcher&& other) noexcept = default;
Gate::Searcher::~Searcher() = default;

const std::vector<const Rule*>& Gate::Searcher::rules_for(std::string_view text, bool& allows) {
  State& state = *state_;
  state.hits.clear();
  state.rules.clear();
  allows = false;
  const hs_error_t status =
      hs_scan(state.engine->database.get(), text.data(), static_cast<unsigned>(text.size()), 0,
              state.scratch.get(), note, &state.hits);
  MEDIC_CHECK(status == HS_SUCCESS);
  for (const unsigned hit : state.hits) {
    const auto& rules = state.engine->rules_of_word[hit];
    state.rules.insert(state.rules.end(), rules.begin(), rules.end());
    allows = allows || rules.empty();
  }
  // By id, each once.
  std::ranges::sort(state.rules, {}, [](const Rule* rule) { return rule->id; });
  const auto [first, last] = std::ranges::unique(state.rules);
  state.rules.erase(first, last);
  return state.rules;
}

}  // namespace medic::audit
