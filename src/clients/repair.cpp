#include "clients/repair.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace medic::clients {
namespace {

using machine::Machine;

// Empty lines in their place, so that every other line keeps its number.
std::string without_lines(const std::string& text, const std::set<int>& lines) {
  std::string left;
  int line = 1;
  for (std::size_t at = 0; at < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (!lines.contains(line)) {
      left += text.substr(at, end - at);
    }
    if (end < text.size()) {
      left += '\n';
    }
    at = end + 1;
  }
  return left;
}

Machine without_broken_lines(const Machine& machine, const Inventory& inventory) {
  Environment environment = machine.environment();
  std::map<std::string, std::set<int>, std::less<>> lines;
  for (const Client& client : inventory.clients) {
    for (const Rule& rule : client.trust.trace) {
      if (rule.trouble.empty()) {
        continue;
      }
      if (!rule.origin.variable.empty()) {
        environment.erase(rule.origin.variable);
      } else if (!rule.origin.file.empty() && rule.origin.line > 0) {
        lines[rule.origin.file].insert(rule.origin.line);
      }
    }
  }
  std::map<std::string, std::string, std::less<>> texts;
  for (const auto& [file, broken] : lines) {
    if (const auto text = machine.read(file)) {
      texts[file] = without_lines(*text, broken);
    }
  }
  return machine.with_environment(std::move(environment)).with_texts(std::move(texts));
}

bool any_broken(const Inventory& inventory) {
  return std::ranges::any_of(inventory.clients, [](const Client& client) {
    return std::ranges::any_of(client.trust.trace,
                               [](const Rule& rule) { return !rule.trouble.empty(); });
  });
}

}  // namespace

Inventory without_broken_settings(const Machine& machine, const Inventory& inventory) {
  constexpr int kRounds = 3;  // files that overlay one another are seldom more
  Machine now = without_broken_lines(machine, inventory);
  Inventory healed = take_inventory(now);
  for (int round = 1; round < kRounds && any_broken(healed); ++round) {
    now = without_broken_lines(now, healed);
    healed = take_inventory(now);
  }
  return healed;
}

bool only_repaired(const Client& before, const Client& after) {
  return std::ranges::all_of(before.trust.trace, [&](const Rule& rule) {
    const bool kept = rule.trouble.empty() && !rule.origin.file.empty() && !rule.value.empty();
    return !kept || std::ranges::any_of(after.trust.trace, [&](const Rule& other) {
      return other.name == rule.name && other.value == rule.value &&
             other.origin.file == rule.origin.file && other.origin.line == rule.origin.line;
    });
  });
}

}  // namespace medic::clients
