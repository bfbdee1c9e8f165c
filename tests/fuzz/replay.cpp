// fuzz_seeds DIRECTORY [TARGET]: feeds DIRECTORY/<target>/* to each target, plus every seed cut
// short and with single octets changed, so that a build without libFuzzer still walks the error
// paths. Ends with status 1 when a target has no seed; a crash is the sanitizers' to report.

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"

struct FuzzTarget {
  std::string_view name;
  int (*run)(const std::uint8_t* data, std::size_t size);
};
#include "fuzz_targets.inc"

namespace {

namespace fs = std::filesystem;

// Variants of one seed: enough to leave the happy path, few enough for every test run.
constexpr std::size_t kCuts = 24;
constexpr std::size_t kChanges = 64;

void run_variants(const FuzzTarget& target, const medic::Bytes& seed) {
  target.run(seed.data(), seed.size());
  for (std::size_t i = 0; i < kCuts; ++i) {
    target.run(seed.data(), seed.size() * i / kCuts);
  }
  medic::Bytes changed = seed;
  for (std::size_t i = 0; i < kChanges && !seed.empty(); ++i) {
    const std::size_t at = i * 2654435761U % seed.size();  // Knuth's multiplier: spread, repeatable
    changed[at] = static_cast<std::uint8_t>(seed[at] ^ (1U << (i % 8)));
    target.run(changed.data(), changed.size());
    changed[at] = seed[at];
  }
}

// The number of seeds run.
std::size_t replay(const FuzzTarget& target, const fs::path& seeds) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(seeds / target.name, error)) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::size_t count = 0;
  for (const fs::path& path : paths) {
    if (const auto seed = medic::read_file(path)) {
      run_variants(target, *seed);
      ++count;
    }
  }
  return count;
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> arguments(values, values + count);
  if (arguments.size() < 2) {
    fmt::print(stderr, "usage: fuzz_seeds DIRECTORY [TARGET]\n");
    return 2;
  }
  bool complete = true;
  for (const FuzzTarget& target : kTargets) {
    if (arguments.size() > 2 && target.name != arguments[2]) {
      continue;
    }
    const std::size_t seeds = replay(target, arguments[1]);
    fmt::print("{}: {} seeds\n", target.name, seeds);
    complete = complete && seeds > 0;
  }
  if (!complete) {
    fmt::print(stderr, "fuzz_seeds: a target without seeds proves nothing\n");
  }
  return complete ? 0 : 1;
}
