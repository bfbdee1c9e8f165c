#include "verify/verify.h"

#include <fmt/core.h>

#include <istream>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/verify_batch.h"
#include "cli/verify_report.h"
#include "x509/container.h"
#include "x509/pem.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {
    {.name = "--chain", .kind = OptionKind::Value, .value = "FILE", .summary_key = "verify.chain"},
    {.name = "--roots", .kind = OptionKind::Value, .value = "STORE", .summary_key = "verify.roots"},
    {.name = "--name", .kind = OptionKind::Value, .value = "HOST", .summary_key = "verify.name"},
    {.name = "--profile",
     .kind = OptionKind::Value,
     .value = "CLIENT",
     .summary_key = "verify.profile"},
    {.name = "--purpose",
     .kind = OptionKind::Value,
     .value = "PURPOSE",
     .summary_key = "verify.purpose",
     .one_of = "server|client"},
    {.name = "--crl", .kind = OptionKind::Repeated, .value = "FILE", .summary_key = "verify.crl"},
    {.name = "--extra", .kind = OptionKind::Value, .value = "FILE", .summary_key = "verify.extra"},
    {.name = "--staple",
     .kind = OptionKind::Value,
     .value = "FILE",
     .summary_key = "verify.staple"},
    {.name = "--save-disagreement",
     .kind = OptionKind::Value,
     .value = "FILE",
     .summary_key = "verify.save"},
    {.name = "--batch", .summary_key = "verify.batch"},
    {.name = "--compare", .summary_key = "verify.compare"},
    {.name = "--list-profiles", .summary_key = "verify.list-profiles"},
};
constexpr Example kExamples[] = {
    {.command = "tlsmedic verify --chain served.pem --name www.example.com --roots system",
     .summary_key = "verify.example_system"},
    {.command = "tlsmedic verify --chain served.pem --name www.example.com --profile all "
                "--at 2027-01-15",
     .summary_key = "verify.example_all"},
    {.command = "tlsmedic verify --batch --roots mozilla < chains.jsonl",
     .summary_key = "verify.example_batch"},
};

// Also "<(command)" of a shell, hence whole files.
Result<std::vector<x509::CertificatePtr>> certificates_of(const std::string& path) {
  MEDIC_TRY(const Bytes bytes, read_file(path));
  x509::Certificates read = x509::read_certificates(bytes);
  if (read.certificates.empty()) {
    const std::string why =
        read.problems.empty()
            ? "no certificate in it"
            : fmt::format("{}: {}", read.problems.front().place, read.problems.front().what);
    return fail(ErrorKind::Data, fmt::format("{}: {}", escaped(path), why));
  }
  return std::move(read.certificates);
}

// DER, or the first X509 CRL block of a PEM file.
Result<Bytes> crl_of(const std::string& path) {
  MEDIC_TRY(Bytes bytes, read_file(path));
  x509::PemScanner scanner(as_text(bytes));
  const auto block = scanner.next();
  if (!block) {
    return bytes;
  }
  return x509::decode_pem_body(block->body);
}

std::string list_of_profiles(const Io& io) {
  std::string out;
  for (const profiles::Profile& profile : profiles::all_profiles()) {
    const bool korean = io.language == text::Language::Korean;
    out += fmt::format("{:<22} {}\n", profile.id, korean ? profile.title_ko : profile.title);
  }
  return out;
}

Result<verify::Question> question_of(const Args& args, const Io& io) {
  verify::Question question;
  MEDIC_TRY(question.chain, certificates_of(args.value("--chain")));
  if (args.has("--extra")) {
    MEDIC_TRY(question.extra, certificates_of(args.value("--extra")));
  }
  if (args.has("--staple")) {
    MEDIC_TRY(question.ocsp_staple, read_file(args.value("--staple")));
  }
  for (const std::string& path : args.values("--crl")) {
    MEDIC_TRY(Bytes crl, crl_of(path));
    question.crls.push_back(std::move(crl));
    question.revocation = verify::Revocation::Hard;
  }
  question.name = args.value("--name");
  question.at = io.clock->now();
  question.purpose =
      args.value("--purpose") == "client" ? verify::Purpose::Client : verify::Purpose::Server;
  return question;
}

Result<void> save_disagreement(const verify::Question& question, const Args& args, Io& io) {
  const std::string path = args.value("--save-disagreement");
  if (path.empty()) {
    return {};
  }
  MEDIC_TRY([[maybe_unused]] const auto written, [&]() -> Result<int> {
    if (auto result = write_file(path, json_text(question_json(question), kOneLine) + "\n");
        !result) {
      return std::unexpected(result.error());
    }
    return 0;
  }());
  io.err << io.message("verify.saved", {{"file", escaped(path)}}) << '\n';
  return {};
}

// The verdicts of all selected clients, one after the other.
Result<ExitCode> judge_selected(verify::Question question,
                                const std::vector<const profiles::Profile*>& selected,
                                const Args& args, Io& io) {
  const auto cache = verify::make_signature_cache();
  question.cache = cache.get();
  ExitCode code = ExitCode::Healthy;
  for (const profiles::Profile* profile : selected) {
    MEDIC_TRY(const trust::AnchorSetPtr anchors,
              trust::open_anchors(args.value("--roots", profile->store)));
    question.profile = profile;
    question.anchors = anchors.get();
    const verify::Verdict verdict = verify::judge(question);
    const verify::Agreement agreement = verify::agreement(question, verdict);
    if (!verdict.pass) {
      code = ExitCode::Found;
    }
    if (io.json) {
      const auto out = verdict_json(question, verdict, agreement, io.language);
      io.out << json_text(out, selected.size() == 1 ? 2 : kOneLine) << '\n';
    } else {
      io.out << verdict_text(question, verdict, agreement, io);
    }
    if (!agreement.agree) {
      if (auto saved = save_disagreement(question, args, io); !saved) {
        return std::unexpected(saved.error());
      }
    }
  }
  return code;
}

Result<ExitCode> run(const Args& args, Io& io) {
  if (args.flag("--list-profiles")) {
    io.out << list_of_profiles(io);
    return ExitCode::Healthy;
  }
  MEDIC_TRY(const std::vector<const profiles::Profile*> selected,
            profiles::select_profiles(args.value("--profile", "openssl")));
  if (args.flag("--batch")) {
    const BatchOptions options{.profiles = selected,
                               .roots = args.value("--roots"),
                               .name = args.value("--name"),
                               .purpose = args.value("--purpose") == "client"
                                              ? verify::Purpose::Client
                                              : verify::Purpose::Server,
                               .compare = args.flag("--compare")};
    return verify_batch(*io.in, options, io);
  }
  if (!args.has("--chain")) {
    return fail(ErrorKind::Usage, "--chain is missing", "there is nothing to judge",
                "tlsmedic verify --chain served.pem --name www.example.com");
  }
  MEDIC_TRY(verify::Question question, question_of(args, io));
  return judge_selected(std::move(question), selected, args, io);
}

}  // namespace

extern constinit const Command command_verify{.name = "verify",
                                              .summary_key = "verify.summary",
                                              .options = kOptions,
                                              .examples = kExamples,
                                              .run = run};

}  // namespace medic::cli
