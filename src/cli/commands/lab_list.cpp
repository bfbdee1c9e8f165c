#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "base/json.h"
#include "base/terminal.h"
#include "cli/command.h"
#include "lab/lab.h"

namespace medic::cli {
namespace {

constexpr Example kExamples[] = {
    {.command = "tlsmedic lab list", .summary_key = "lab.example_list"}};

void print_json(Io& io) {
  nlohmann::ordered_json faults = nlohmann::ordered_json::array();
  for (const lab::LabFault* fault : lab::fault_registry()) {
    faults.push_back({{"id", fault->id},
                      {"cause", fault->cause},
                      {"slow", fault->slow},
                      {"summary", io.message(fault->summary_key)}});
  }
  const nlohmann::ordered_json answer = {{"schema", "tlsmedic.lab-list/1"}, {"faults", faults}};
  io.out << json_text(answer) << '\n';
}

void print_text(Io& io) {
  std::size_t width = 0;
  for (const lab::LabFault* fault : lab::fault_registry()) {
    width = std::max(width, fault->id.size());
  }
  const Color color = io.color ? Color::On : Color::Off;
  const auto columns = static_cast<std::size_t>(std::max(io.width, 60));
  for (const lab::LabFault* fault : lab::fault_registry()) {
    io.out << fmt::format("{}  {}\n", painted(padded(fault->id, width), Paint::Bold, color),
                          wrapped(io.message(fault->summary_key), columns, width + 2));
  }
}

Result<ExitCode> run(const Args& /*args*/, Io& io) {
  if (io.json) {
    print_json(io);
  } else {
    print_text(io);
  }
  return ExitCode::Healthy;
}

}  // namespace

extern constinit const Command command_lab_list{
    .name = "lab list", .summary_key = "lab.list_summary", .examples = kExamples, .run = run};

}  // namespace medic::cli
