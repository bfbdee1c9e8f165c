#include "cli/explain_live.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/terminal.h"
#include "cli/client_rows.h"
#include "cli/diagnosis_request.h"
#include "cli/diagnosis_run.h"
#include "cli/printing_client.h"
#include "explain/client.h"
#include "explain/explain.h"
#include "probe/network.h"
#include "report/diagnosis_json.h"
#include "report/diagnosis_text.h"

namespace medic::cli {
namespace {

Args question(const explain::Failure& failure, std::string_view program, const Io& io) {
  Args args;
  args.operands["TARGET"] = {failure.port.empty() ? failure.host
                                                  : failure.host + ":" + failure.port};
  const explain::Client* client = explain::find_client(failure.client);
  if (client != nullptr && !client->profile.empty()) {
    args.options["--profile"] = {client->profile};
  }
  const std::string_view kind = client == nullptr ? "" : client->installed;
  if (std::string installed = printing_client(kind, program, io); !installed.empty()) {
    args.options["--client"] = {std::move(installed)};
  }
  return args;
}

}  // namespace

Result<LiveDiagnosis> diagnose_first(const explain::Explanation& explanation, Io& io,
                                     std::string_view program) {
  const auto& failures = explanation.failures;
  const auto failure =
      std::find_if(failures.begin(), failures.end(), [](const explain::Failure& candidate) {
        return candidate.failure && !candidate.host.empty();
      });
  if (failure == failures.end()) {
    return LiveDiagnosis{.json = {}, .text = io.message("explain.no_host") + "\n"};
  }
  const Args args = question(*failure, program, io);
  MEDIC_TRY(DiagnosisRequest request, diagnosis_request(args, io));
  MEDIC_TRY(diagnose::Stores stores, open_stores({}, {}));
  if (auto added = add_client_rows(args, io, request.facts, stores); !added) {
    return std::unexpected(std::move(added.error()));
  }
  probe::Network network(std::move(request.network));
  io.progress->step(io.message("diagnose.step", {{"host", request.facts.target.unicode}}));
  const auto finished = run_diagnosis(std::move(request.facts), std::move(stores), network);
  io.progress->clear();
  if (!finished) {
    return std::unexpected(finished.error());
  }
  if (io.json) {
    return LiveDiagnosis{
        .json = report::diagnosis_json(finished->diagnosis, finished->facts, io.language),
        .text = {}};
  }
  return LiveDiagnosis{
      .json = {},
      .text = "\n" + report::diagnosis_text(finished->diagnosis, finished->facts,
                                            {.language = io.language,
                                             .width = io.width,
                                             .color = io.color ? Color::On : Color::Off,
                                             .detail = report::Detail::Short})};
}

}  // namespace medic::cli
