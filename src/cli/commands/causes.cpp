#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "base/json.h"
#include "base/terminal.h"
#include "catalogue/cause.h"
#include "cli/command.h"

namespace medic::cli {
namespace {

constexpr Example kExamples[] = {
    {.command = "tlsmedic causes", .summary_key = "causes.example_list"},
    {.command = "tlsmedic causes --json", .summary_key = "causes.example_json"}};

void print_json(Io& io) {
  nlohmann::ordered_json causes = nlohmann::ordered_json::array();
  for (const catalogue::Cause& cause : catalogue::all_causes()) {
    causes.push_back({{"id", cause.id},
                      {"party", catalogue::party_id(cause.party)},
                      {"parent", cause.parent.empty() ? nlohmann::ordered_json()
                                                      : nlohmann::ordered_json(cause.parent)},
                      {"title", cause.text(io.language).title},
                      {"symptoms", cause.symptoms},
                      {"remedies", cause.remedies}});
  }
  const nlohmann::ordered_json answer = {{"schema", "tlsmedic.causes/1"}, {"causes", causes}};
  io.out << json_text(answer) << '\n';
}

void print_text(Io& io) {
  std::size_t id_width = 0;
  for (const catalogue::Cause& cause : catalogue::all_causes()) {
    id_width = std::max(id_width, cause.id.size());
  }
  const Color color = io.color ? Color::On : Color::Off;
  for (const catalogue::Cause& cause : catalogue::all_causes()) {
    io.out << fmt::format("{}  {}  {}\n", painted(padded(cause.id, id_width), Paint::Bold, color),
                          padded(catalogue::party_id(cause.party), 7),
                          cause.text(io.language).title);
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

extern constinit const Command command_causes{
    .name = "causes", .summary_key = "causes.summary", .examples = kExamples, .run = run};

}  // namespace medic::cli
