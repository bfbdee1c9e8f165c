#include "cli/printing_client.h"

#include <algorithm>
#include <vector>

#include "clients/survey.h"
#include "machine/machine.h"

namespace medic::cli {
namespace {

using clients::Client;

// Paths that starting `program` leads to: the file, and the directory of interpreters beside it.
std::vector<std::string> places_of(const machine::Machine& machine, std::string_view program) {
  std::vector<std::string> places;
  const bool path = program.find('/') != std::string_view::npos;
  const auto found = path ? std::optional<std::string>(program) : machine.program(program);
  if (found) {
    places.push_back(*found);
    if (const auto real = machine.resolve(*found)) {
      places.push_back(*real);
    }
  }
  return places;
}

bool started_from(const machine::Machine& machine, const Client& client,
                  const std::vector<std::string>& places) {
  return std::ranges::any_of(places, [&](const std::string& place) {
    const bool beside =
        !client.runtime.empty() && machine::parent(client.runtime) == machine::parent(place);
    return place == client.path || beside ||
           machine.resolve(client.path).value_or(client.path) == place;
  });
}

}  // namespace

std::string printing_client(std::string_view kind, std::string_view program, const Io& io) {
  const auto machine = machine::Machine::open({.root = {}, .environment = io.environment});
  if (kind.empty() || !machine) {
    return {};
  }
  const clients::Inventory inventory =
      clients::take_inventory(*machine, {.client = std::string(kind)});
  const std::vector<const Client*> found = clients::clients_named(inventory, kind);
  if (found.size() == 1) {
    return found.front()->id;
  }
  std::vector<std::string_view> programs = {program};
  if (program.empty()) {
    programs = {kind, "python3", "python"};
  }
  for (const std::string_view one : programs) {
    const std::vector<std::string> places = places_of(*machine, one);
    for (const Client* client : found) {
      if (started_from(*machine, *client, places)) {
        return client->id;
      }
    }
  }
  return {};
}

}  // namespace medic::cli
