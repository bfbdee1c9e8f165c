#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/json.h"
#include "base/terminal.h"
#include "cli/command.h"
#include "cli/lab_diagnosis.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {{.name = "--fault",
                                .kind = OptionKind::Repeated,
                                .value = "FAULT",
                                .summary_key = "demo.fault"}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic demo", .summary_key = "demo.example"},
    {.command = "tlsmedic demo --fault expired-leaf --json", .summary_key = "demo.example_one"}};

// Diagnoses at once: most of the time of the slow faults is waiting.
constexpr std::size_t kWorkers = 8;

// What was said of one site, against what the lab knows to be true.
struct Row {
  const lab::Site* site = nullptr;
  Result<FinishedDiagnosis> finished = fail(ErrorKind::Bug, "not run");

  [[nodiscard]] const diagnose::Finding* first() const {
    return finished && !finished->diagnosis.findings.empty() ? &finished->diagnosis.findings.front()
                                                             : nullptr;
  }
  // The cause the lab made, or a finer one, was stated; of a healthy site nothing was.
  [[nodiscard]] bool right() const {
    if (!finished) {
      return false;
    }
    if (site->cause == "healthy") {
      return finished->diagnosis.health == diagnose::Health::Healthy;
    }
    return std::ranges::any_of(finished->diagnosis.findings, [&](const diagnose::Finding& f) {
      return f.cause->id == site->cause || f.cause->parent == site->cause;
    });
  }
};

std::vector<Row> diagnose_all(const lab::Lab& lab, const Io& io) {
  std::vector<Row> rows(lab.sites().size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < rows.size() && !io.stopped(); i = next++) {
      rows[i].site = &lab.sites()[i];
      rows[i].finished = diagnose_site(lab.sites()[i]);
    }
  };
  std::vector<std::jthread> workers;
  for (std::size_t i = 0; i < std::min(kWorkers, rows.size()); ++i) {
    workers.emplace_back(work);
  }
  workers.clear();  // joins
  std::erase_if(rows, [](const Row& row) { return row.site == nullptr; });
  return rows;
}

std::string stated(const Row& row, const Io& io) {
  if (!row.finished) {
    return row.finished.error().what;
  }
  const diagnose::Finding* finding = row.first();
  return finding != nullptr ? std::string(finding->cause->id)
                            : io.message("report.verdict-healthy");
}

void print_table(const std::vector<Row>& rows, Io& io) {
  std::size_t id_width = 0;
  std::size_t cause_width = 0;
  for (const Row& row : rows) {
    id_width = std::max(id_width, display_width(row.site->id));
    cause_width = std::max(cause_width, display_width(stated(row, io)));
  }
  const Color color = io.color ? Color::On : Color::Off;
  for (const Row& row : rows) {
    const diagnose::Finding* finding = row.first();
    const std::string mark =
        row.right() ? painted("✓", Paint::Green, color) : painted("✗", Paint::Red, color);
    std::string line = fmt::format("{} {}  {}", mark, padded(row.site->id, id_width),
                                   padded(stated(row, io), cause_width));
    if (finding != nullptr) {
      line += fmt::format(
          "  {}, {}",
          io.message(fmt::format("report.party-{}", catalogue::party_id(finding->party))),
          io.message(finding->certainty == diagnose::Certainty::Proven ? "demo.proven"
                                                                       : "demo.suspected"));
    }
    io.out << line << '\n';
  }
}

void print_json(const std::vector<Row>& rows, Io& io) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Row& row : rows) {
    const diagnose::Finding* finding = row.first();
    list.push_back(
        {{"site", row.site->id},
         {"expected", row.site->cause},
         {"stated", finding != nullptr ? finding->cause->id : "healthy"},
         {"party", finding != nullptr ? catalogue::party_id(finding->party) : ""},
         {"proven", finding != nullptr && finding->certainty == diagnose::Certainty::Proven},
         {"connections", row.finished ? row.finished->diagnosis.connections : 0},
         {"right", row.right()}});
  }
  const nlohmann::ordered_json object{{"schema", "tlsmedic.demo/1"}, {"sites", std::move(list)}};
  io.out << json_text(object) << '\n';
}

Result<ExitCode> run(const Args& args, Io& io) {
  const std::vector<std::string> faults = args.values("--fault");
  io.progress->step(io.message("demo.step"));
  MEDIC_TRY(const std::unique_ptr<lab::Lab> lab, lab::start_lab(faults, io.clock->now()));
  const std::vector<Row> rows = diagnose_all(*lab, io);
  io.progress->clear();
  const auto right = std::ranges::count_if(rows, [](const Row& row) { return row.right(); });
  if (io.json) {
    print_json(rows, io);
  } else {
    print_table(rows, io);
    io.out << '\n'
           << io.message("demo.summary", {{"right", fmt::format("{}", right)},
                                          {"count", fmt::format("{}", rows.size())}})
           << '\n';
  }
  return static_cast<std::size_t>(right) == rows.size() ? ExitCode::Healthy : ExitCode::Found;
}

}  // namespace

extern constinit const Command command_demo{.name = "demo",
                                            .summary_key = "demo.summary_line",
                                            .options = kOptions,
                                            .examples = kExamples,
                                            .run = run};

}  // namespace medic::cli
