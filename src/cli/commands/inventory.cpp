#include <algorithm>

#include "cli/inventory_run.h"
#include "cli/program.h"
#include "report/inventory_json.h"
#include "report/inventory_text.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {
    {.name = "--root", .kind = OptionKind::Value, .value = "DIR", .summary_key = "inventory.root"},
    {.name = "--client",
     .kind = OptionKind::Value,
     .value = "NAME",
     .summary_key = "inventory.client"},
    {.name = "--startup-files", .summary_key = "inventory.startup_files"},
    {.name = "--tree", .summary_key = "inventory.tree"},
    {.name = "--csv", .summary_key = "inventory.csv"}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic inventory", .summary_key = "inventory.example_all"},
    {.command = "tlsmedic inventory --client pip", .summary_key = "inventory.example_client"},
    {.command = "tlsmedic inventory --root /mnt/image --tree",
     .summary_key = "inventory.example_root"},
    {.command = "tlsmedic inventory why curl", .summary_key = "inventory.example_why"}};

bool has_problems(const clients::Inventory& inventory) {
  const auto any = [](const auto& items) {
    return std::ranges::any_of(items, [](const auto& item) { return !item.problems.empty(); });
  };
  return !inventory.problems.empty() || any(inventory.clients) || any(inventory.stores) ||
         any(inventory.environment);
}

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(const machine::Machine machine, machine_of(args, io));
  const std::string client = args.value("--client");
  const clients::Inventory inventory =
      inventory_of(machine, client, args.flag("--startup-files"), io);
  if (!client.empty() && inventory.clients.empty()) {
    return std::unexpected(no_such_client(machine, client));
  }
  if (io.json) {
    io.out << report::inventory_json(inventory,
                                     {.program = program_and_version(),
                                      .root = machine.root(),
                                      .system = std::string(machine::family_id(machine.family()))},
                                     io.language);
  } else if (args.flag("--csv")) {
    io.out << report::inventory_csv(inventory);
  } else {
    io.out << report::inventory_text(inventory, {.language = io.language,
                                                 .width = io.width,
                                                 .color = io.color ? Color::On : Color::Off,
                                                 .tree = args.flag("--tree")});
  }
  return has_problems(inventory) ? ExitCode::Found : ExitCode::Healthy;
}

}  // namespace

extern constinit const Command command_inventory{.name = "inventory",
                                                 .summary_key = "inventory.summary",
                                                 .options = kOptions,
                                                 .examples = kExamples,
                                                 .run = run};

}  // namespace medic::cli
