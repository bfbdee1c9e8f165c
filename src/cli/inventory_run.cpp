#include "cli/inventory_run.h"

#include <fmt/format.h>

#include <set>

#include "base/nearest.h"

namespace medic::cli {

Result<machine::Machine> machine_of(const Args& args, const Io& io) {
  const std::string root = args.value("--root");
  return machine::Machine::open(
      {.root = root, .environment = root.empty() ? io.environment : Environment()});
}

clients::Inventory inventory_of(const machine::Machine& machine, const std::string& client,
                                bool startup_files, const Io& io) {
  clients::Inventory inventory = clients::take_inventory(
      machine,
      {.client = client,
       .startup_files = startup_files,
       .at = io.clock->now(),
       .step = [&](std::string_view detector) {
         io.progress->step(io.message("inventory.step", {{"client", std::string(detector)}}));
       }});
  io.progress->clear();
  return inventory;
}

Error no_such_client(const machine::Machine& machine, const std::string& client) {
  const clients::Inventory all = clients::take_inventory(machine);
  std::set<std::string_view> kinds;
  for (const clients::Client& one : all.clients) {
    kinds.insert(one.kind);
  }
  const std::vector<std::string_view> known(kinds.begin(), kinds.end());
  const std::vector<std::string> close = nearest(client, known, 1);
  return {.kind = ErrorKind::Usage,
          .what = fmt::format("no client '{}' was found", escaped(client)),
          .matters = known.empty() ? std::string("no client was found at all")
                                   : fmt::format("found: {}", fmt::join(known, ", ")),
          .next_step = close.empty() ? "tlsmedic inventory"
                                     : fmt::format("tlsmedic inventory --client {}", close[0])};
}

}  // namespace medic::cli
