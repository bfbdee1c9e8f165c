#include <fmt/core.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>

#include "base/files.h"
#include "base/json.h"
#include "cli/trust_request.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {
    {.name = "--output",
     .kind = OptionKind::Value,
     .value = "PATH",
     .summary_key = "bundle.output"},
    {.name = "--format",
     .kind = OptionKind::Value,
     .value = "FORMAT",
     .summary_key = "bundle.format",
     .one_of = "pem|jks|p12|hashed-dir"},
    kAddOption,
    kSha256Option,
    {.name = "--root", .kind = OptionKind::Value, .value = "DIR", .summary_key = "bundle.root"},
    {.name = "--password-variable",
     .kind = OptionKind::Value,
     .value = "NAME",
     .summary_key = "bundle.password_variable"}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic bundle build --output extended.pem",
     .summary_key = "bundle.example_build"},
    {.command = "tlsmedic bundle build --format p12 --output extended.p12",
     .summary_key = "bundle.example_java"}};

// What every keystore that comes with Java is opened with; it protects nothing, as the
// certificates are public.
constexpr std::string_view kJavaPassword = "changeit";

Result<std::string> password_of(const Args& args, const Io& io) {
  const std::string name = args.value("--password-variable");
  if (name.empty()) {
    return std::string(kJavaPassword);
  }
  std::string password(variable(io.environment, name));
  // Java refuses shorter ones (keytool); beyond ASCII its two formats encode differently.
  constexpr std::size_t kShortest = 6;
  const bool ascii = password.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                         " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") == std::string::npos;
  if (password.size() < kShortest || !ascii) {
    return fail(ErrorKind::Usage,
                fmt::format("the variable '{}' holds no password for a keystore", escaped(name)),
                "Java wants at least six characters; this program writes only ASCII ones");
  }
  return password;
}

// A new directory, complete or not there at all.
Result<void> write_directory(const trust::MergedRoots& merged, const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code failed;
  if (fs::exists(fs::symlink_status(path, failed))) {
    return fail(ErrorKind::Usage, fmt::format("'{}' is there already", escaped(path)),
                "a hashed directory is only written new, so that nothing old stays in it",
                "choose a name that is not taken");
  }
  const fs::path target = fs::absolute(path, failed);
  MEDIC_TRY(const TemporaryDirectory staging, TemporaryDirectory::make_in(target.parent_path()));
  const fs::path inside = staging.path() / "certs";
  if (!fs::create_directory(inside, failed)) {
    return fail(ErrorKind::Io, fmt::format("cannot make a directory beside '{}': {}", escaped(path),
                                           failed.message()));
  }
  for (const trust::HashedFile& file : trust::hashed_files(merged)) {
    if (auto done = write_file(inside / file.name, file.pem); !done) {
      return done;
    }
  }
  fs::rename(inside, target, failed);
  if (failed) {
    return fail(ErrorKind::Io,
                fmt::format("cannot make '{}': {}", escaped(path), failed.message()));
  }
  return {};
}

Result<void> write_bundle(const trust::MergedRoots& merged, const Args& args, Io& io) {
  const std::string format = args.value("--format", "pem");
  const std::string output = args.value("--output");
  if (format == "pem") {
    const std::string text = trust::commented_pem(merged, bundle_title(io));
    if (!output.empty()) {
      return write_file(output, text);
    }
    if (!io.json) {
      io.out << text;
    }
    return {};
  }
  if (output.empty()) {
    return fail(ErrorKind::Usage, fmt::format("--format {} needs --output", format),
                "it is not text",
                fmt::format("tlsmedic bundle build --format {0} --output "
                            "extended.{0}",
                            format));
  }
  if (format == "hashed-dir") {
    return write_directory(merged, output);
  }
  MEDIC_TRY(const std::string password, password_of(args, io));
  if (format == "jks") {
    return write_file(output, as_text(trust::jks_of(merged, password, io.clock->now())));
  }
  MEDIC_TRY(const Bytes bytes, trust::pkcs12_of(merged, password));
  return write_file(output, as_text(bytes));
}

void print_json(const trust::MergedRoots& merged, const Args& args, Io& io) {
  nlohmann::ordered_json roots = nlohmann::ordered_json::array();
  for (const trust::MergedRoot& root : merged.roots) {
    roots.push_back({{"subject", escaped(root.certificate->subject.display())},
                     {"fingerprint", hex(root.certificate->fingerprint)},
                     {"not_after", rfc3339(root.certificate->not_after)},
                     {"sources", root.sources}});
  }
  nlohmann::ordered_json left_out = nlohmann::ordered_json::array();
  for (const trust::LeftOut& one : merged.left_out) {
    left_out.push_back({{"subject", escaped(one.certificate->subject.display())},
                        {"fingerprint", hex(one.certificate->fingerprint)},
                        {"source", one.source},
                        {"reason", one.reason}});
  }
  const std::string output = args.value("--output");
  const nlohmann::ordered_json answer = {
      {"schema", "tlsmedic.bundle-build/1"},
      {"format", args.value("--format", "pem")},
      {"output", output.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(output)},
      {"roots", roots},
      {"left_out", left_out}};
  io.out << json_text(answer) << '\n';
}

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(const trust::MergedRoots merged, requested_roots(args, io));
  if (auto done = write_bundle(merged, args, io); !done) {
    return std::unexpected(std::move(done).error());
  }
  if (io.json) {
    print_json(merged, args, io);
    return ExitCode::Healthy;
  }
  if (!io.quiet) {
    io.err << left_out_text(merged, io);
    if (args.has("--output")) {
      io.err << io.message("bundle.written", {{"path", escaped(args.value("--output"))},
                                              {"count", std::to_string(merged.roots.size())}})
             << '\n';
    }
  }
  return ExitCode::Healthy;
}

}  // namespace

extern constinit const Command command_bundle_build{.name = "bundle build",
                                                    .summary_key = "bundle.build_summary",
                                                    .options = kOptions,
                                                    .examples = kExamples,
                                                    .run = run};

}  // namespace medic::cli
