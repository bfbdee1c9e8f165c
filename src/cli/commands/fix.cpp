#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "base/files.h"
#include "base/json.h"
#include "cli/cure.h"
#include "cli/cure_apply.h"
#include "cli/diagnosis_request.h"
#include "cli/diagnosis_run.h"
#include "cli/error_text.h"
#include "cli/trust_request.h"
#include "probe/network.h"
#include "trust/admission.h"
#include "x509/signature.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {
    {.name = "--client",
     .kind = OptionKind::Repeated,
     .value = "NAME",
     .summary_key = "fix.client"},
    {.name = "--cause", .kind = OptionKind::Value, .value = "ID", .summary_key = "fix.cause"},
    {.name = "--apply", .summary_key = "fix.apply"},
    {.name = "--yes", .summary_key = "fix.yes"},
    {.name = "--no-trials", .summary_key = "fix.no_trials"},
    {.name = "--resume", .summary_key = "fix.resume"},
    {.name = "--add", .kind = OptionKind::Repeated, .value = "FILE", .summary_key = "fix.add"},
    kSha256Option,
    {.name = "--resolve",
     .kind = OptionKind::Repeated,
     .value = "HOST:PORT:ADDRESS",
     .summary_key = "fix.resolve"},
    {.name = "--proxy", .kind = OptionKind::Value, .value = "URL", .summary_key = "fix.proxy"},
    {.name = "--root", .kind = OptionKind::Value, .value = "DIR", .summary_key = "fix.root"}};
constexpr Positional kPositionals[] = {
    {.name = "TARGET", .summary_key = "fix.target", .required = false}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic fix", .summary_key = "fix.example_plan"},
    {.command = "tlsmedic fix --client pip --apply", .summary_key = "fix.example_client"},
    {.command = "tlsmedic fix https://intranet.example --client git",
     .summary_key = "fix.example_target"}};

// How the real client is asked for the server that was diagnosed.
std::optional<clients::TrialTarget> trial_target(const evidence::Case& facts) {
  if (!facts.target.starttls.empty() || facts.asked.sni) {
    return std::nullopt;
  }
  clients::TrialTarget target{.host = facts.target.host, .port = facts.target.port, .address = {}};
  if (facts.proxies.empty() && !facts.asked.addresses.empty()) {
    target.address = facts.asked.addresses.front();
  }
  // An interpreter on a busy machine takes its time before it connects.
  target.deadline = std::chrono::seconds(20);
  return target;
}

struct TargetRoots {
  std::vector<x509::CertificatePtr> roots;
  std::optional<clients::TrialTarget> target;
};

// The roots of the system, or vouched for, that the chain of the target ends at.
Result<TargetRoots> roots_of_target(const Args& args,
                                    const std::vector<x509::CertificatePtr>& candidates, Io& io) {
  MEDIC_TRY(DiagnosisRequest request, diagnosis_request(args, io));
  MEDIC_TRY(diagnose::Stores stores, open_stores({}, {}));
  probe::Network network(std::move(request.network));
  io.progress->step(io.message("diagnose.step", {{"host", request.facts.target.unicode}}));
  const auto finished = run_diagnosis(std::move(request.facts), std::move(stores), network);
  io.progress->clear();
  if (!finished) {
    return std::unexpected(finished.error());
  }
  std::vector<x509::CertificatePtr> roots;
  for (const x509::CertificatePtr& certificate : finished->diagnosis.chain) {
    for (const x509::CertificatePtr& root : candidates) {
      const bool issued =
          certificate->issuer.canonical == root->subject.canonical &&
          x509::check_signature(*certificate, root->public_key) == x509::SignatureCheck::Good;
      if (issued && std::ranges::find(roots, root) == roots.end()) {
        roots.push_back(root);
      }
    }
  }
  if (roots.empty()) {
    return fail(ErrorKind::Usage,
                "this target's chain does not end at a private root that this system trusts",
                "an authority that nobody vouched for is never trusted on the word of a server",
                fmt::format("tlsmedic diagnose {} says what is wrong; a root of your own goes in "
                            "with --add FILE --sha256 FINGERPRINT",
                            escaped(args.positional("TARGET"))));
  }
  return TargetRoots{.roots = std::move(roots), .target = trial_target(finished->facts)};
}

Result<std::vector<x509::CertificatePtr>> vouched_for(const Args& args, const Io& io) {
  std::vector<Sha256> allowed;
  for (const std::string& text : args.values("--sha256")) {
    MEDIC_TRY(const Sha256 fingerprint, trust::parse_fingerprint(text));
    allowed.push_back(fingerprint);
  }
  std::vector<x509::CertificatePtr> roots;
  for (const std::string& path : args.values("--add")) {
    MEDIC_TRY(const Bytes file, read_file(path));
    MEDIC_TRY(const std::vector<x509::CertificatePtr> found,
              trust::admitted(file, path, allowed, io.clock->now()));
    roots.insert(roots.end(), found.begin(), found.end());
  }
  return roots;
}

Result<Wish> wish_of(const Args& args, const Patient& patient, Io& io) {
  Wish wish{.clients = args.values("--client"), .cause = args.value("--cause"), .roots = {}};
  MEDIC_TRY(wish.roots, vouched_for(args, io));
  const bool about_roots = wish.cause == "private-ca-not-trusted" ||
                           wish.cause == "interception-trusted-by-system" ||
                           wish.cause == "tls-interception";
  if (!args.positional("TARGET").empty()) {
    std::vector<x509::CertificatePtr> candidates = private_roots(patient, io);
    candidates.insert(candidates.end(), wish.roots.begin(), wish.roots.end());
    MEDIC_TRY(TargetRoots found, roots_of_target(args, candidates, io));
    wish.roots = std::move(found.roots);
    wish.target = std::move(found.target);
  } else if (about_roots && wish.roots.empty()) {
    wish.roots = private_roots(patient, io);
    if (wish.roots.empty()) {
      return fail(ErrorKind::Usage, "this system trusts no private root",
                  "so there is none that a client could lack",
                  "tlsmedic fix --add FILE --sha256 FINGERPRINT");
    }
  }
  return wish;
}

void print_json(const std::vector<Prepared>& prepared, const std::vector<Done>& done, Io& io) {
  const nlohmann::ordered_json answer = {{"schema", "tlsmedic.fix/1"},
                                         {"plans", plans_json(prepared, io)},
                                         {"done", done_json(done, io)}};
  io.out << json_text(answer) << '\n';
}

Result<ExitCode> resume(const Patient& patient, Io& io) {
  MEDIC_TRY(remedy::Journal journal, remedy::Journal::open(patient.journal));
  MEDIC_TRY(std::vector<remedy::Entry> entries, journal.entries());
  remedy::Engine engine(patient.tree, journal);
  std::size_t resumed = 0;
  for (remedy::Entry& entry : entries) {
    if (entry.state == remedy::EntryState::Begun || entry.state == remedy::EntryState::Undoing) {
      if (auto done = engine.resume(entry); !done) {
        return std::unexpected(std::move(done).error().within(entry.id));
      }
      io.out << io.message("fix.resumed",
                           {{"entry", entry.id},
                            {"state", std::string(remedy::entry_state_id(entry.state))}})
             << '\n';
      ++resumed;
    }
  }
  if (resumed == 0) {
    io.out << io.message("fix.nothing_to_resume") << '\n';
  }
  return ExitCode::Healthy;
}

Result<ExitCode> apply(const Args& args, const Patient& patient, const Wish& wish,
                       const std::vector<Prepared>& prepared, Io& io) {
  if (auto done = agreed(args.flag("--yes"), io); !done) {
    return std::unexpected(std::move(done).error());
  }
  const Trials trials = args.flag("--no-trials") ? Trials::Unwanted : Trials::Wanted;
  MEDIC_TRY(const Applied applied, apply_all(patient, wish, trials, io));
  if (io.json) {
    print_json(prepared, applied.done, io);
  } else {
    io.out << done_text(applied.done, io);
  }
  const bool all =
      std::ranges::all_of(applied.done, [](const Done& one) { return one.ending == "applied"; });
  return all && std::ranges::all_of(prepared, appliable) ? ExitCode::Healthy : ExitCode::Found;
}

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(const Patient patient, patient_of(args, io));
  if (args.flag("--resume")) {
    return resume(patient, io);
  }
  MEDIC_TRY(const Wish wish, wish_of(args, patient, io));
  const std::vector<Prepared> prepared = prepare(patient, inventory_of(patient, io), wish, io);
  const bool any = std::ranges::any_of(prepared, appliable);
  if (!io.json) {
    io.out << plans_text(prepared, patient.machine.root(), io);
  }
  if (args.flag("--apply") && any) {
    return apply(args, patient, wish, prepared, io);
  }
  if (io.json) {
    print_json(prepared, {}, io);
  } else if (any) {
    io.out << io.message("fix.how_to_apply") << '\n';
  }
  return prepared.empty() ? ExitCode::Healthy : ExitCode::Found;
}

}  // namespace

extern constinit const Command command_fix{.name = "fix",
                                           .summary_key = "fix.summary",
                                           .options = kOptions,
                                           .positionals = kPositionals,
                                           .examples = kExamples,
                                           .run = run};

}  // namespace medic::cli
