#include <fmt/core.h>
#include <openssl/crypto.h>

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "cli/command.h"
#include "cli/program.h"

namespace medic::cli {
namespace {

constexpr Example kExamples[] = {
    {.command = "tlsmedic version --json", .summary_key = "version.example_json"}};

Result<ExitCode> run(const Args& /*args*/, Io& io) {
  const std::string openssl = OpenSSL_version(OPENSSL_VERSION);
  if (io.json) {
    const nlohmann::ordered_json answer = {
        {"schema", "tlsmedic.version/1"}, {"version", program_version()}, {"tls_library", openssl}};
    io.out << json_text(answer) << '\n';
  } else {
    io.out << fmt::format("tlsmedic {} ({})\n", program_version(), openssl);
  }
  return ExitCode::Healthy;
}

}  // namespace

extern constinit const Command command_version{
    .name = "version", .summary_key = "version.summary", .examples = kExamples, .run = run};

}  // namespace medic::cli
