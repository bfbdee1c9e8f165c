#include "cli/inventory_run.h"
#include "cli/program.h"
#include "report/inventory_json.h"
#include "report/inventory_text.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {
    {.name = "--root", .kind = OptionKind::Value, .value = "DIR", .summary_key = "inventory.root"}};
constexpr Positional kPositionals[] = {
    {.name = "CLIENT", .summary_key = "inventory.why_client", .required = true}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic inventory why curl", .summary_key = "inventory.example_why"}};

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(const machine::Machine machine, machine_of(args, io));
  const std::string name = args.positional("CLIENT");
  const clients::Inventory inventory = inventory_of(machine, name, false, io);
  if (inventory.clients.empty()) {
    return std::unexpected(no_such_client(machine, name));
  }
  if (io.json) {
    io.out << report::inventory_json(inventory,
                                     {.program = program_and_version(),
                                      .root = machine.root(),
                                      .system = std::string(machine::family_id(machine.family()))},
                                     io.language);
    return ExitCode::Healthy;
  }
  for (const clients::Client& client : inventory.clients) {
    io.out << report::trust_trace_text(
        client,
        {.language = io.language, .width = io.width, .color = io.color ? Color::On : Color::Off});
  }
  return ExitCode::Healthy;
}

}  // namespace

extern constinit const Command command_inventory_why{.name = "inventory why",
                                                     .summary_key = "inventory.why_summary",
                                                     .options = kOptions,
                                                     .positionals = kPositionals,
                                                     .examples = kExamples,
                                                     .run = run};

}  // namespace medic::cli
