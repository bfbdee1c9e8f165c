#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>

#include "base/files.h"
#include "base/json.h"
#include "cli/trust_request.h"
#include "clients/trust_variables.h"
#include "machine/machine.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {
    {.name = "--shell",
     .kind = OptionKind::Value,
     .value = "SHELL",
     .summary_key = "env.shell",
     .one_of = "bash|zsh|fish|powershell|cmd|dotenv|docker|github"},
    {.name = "--bundle", .kind = OptionKind::Value, .value = "FILE", .summary_key = "env.bundle"},
    {.name = "--keystore",
     .kind = OptionKind::Value,
     .value = "FILE",
     .summary_key = "env.keystore"},
    kAddOption,
    kSha256Option};
constexpr Example kExamples[] = {
    {.command = "eval \"$(tlsmedic env)\"", .summary_key = "env.example_shell"},
    {.command = "tlsmedic env --shell github", .summary_key = "env.example_github"}};

std::string replaced(std::string_view text, char what, std::string_view with) {
  std::string out;
  for (const char c : text) {
    if (c == what) {
      out += with;
    } else {
      out.push_back(c);
    }
  }
  return out;
}

// One syntax each: how `name` gets `value` there.
struct Shell {
  std::string_view id;
  std::string (*line)(std::string_view name, std::string_view value);
};

std::string posix_line(std::string_view name, std::string_view value) {
  return fmt::format("export {}='{}'\n", name, replaced(value, '\'', "'\\''"));
}
std::string fish_line(std::string_view name, std::string_view value) {
  const std::string slashes = replaced(value, '\\', "\\\\");
  return fmt::format("set -gx {} '{}'\n", name, replaced(slashes, '\'', "\\'"));
}
std::string powershell_line(std::string_view name, std::string_view value) {
  return fmt::format("$env:{} = '{}'\n", name, replaced(value, '\'', "''"));
}
std::string cmd_line(std::string_view name, std::string_view value) {
  return fmt::format("set \"{}={}\"\n", name, replaced(value, '%', "%%"));
}
std::string plain_line(std::string_view name, std::string_view value) {
  return fmt::format("{}={}\n", name, value);
}
std::string dotenv_line(std::string_view name, std::string_view value) {
  return fmt::format("{}='{}'\n", name, value);
}
// The words of `docker run`: the file is shown to the container under the path that it has here.
std::string docker_line(std::string_view name, std::string_view value) {
  return fmt::format("--env={}={}\n", name, value);
}

constexpr auto kShells = std::to_array<Shell>({{"bash", posix_line},
                                               {"zsh", posix_line},
                                               {"fish", fish_line},
                                               {"powershell", powershell_line},
                                               {"cmd", cmd_line},
                                               {"dotenv", dotenv_line},
                                               {"docker", docker_line},
                                               {"github", plain_line}});

// $XDG_CACHE_HOME/tlsmedic/trust.pem: ours, and made again whenever it is asked for.
Result<std::string> own_bundle(const Io& io) {
  namespace fs = std::filesystem;
  const std::string_view cache = variable(io.environment, "XDG_CACHE_HOME");
  const std::string_view home = variable(io.environment, "HOME");
  if (cache.empty() && home.empty()) {
    return fail(ErrorKind::Usage, "neither XDG_CACHE_HOME nor HOME is set",
                "the bundle has no place to be written to", "tlsmedic env --bundle FILE");
  }
  const fs::path directory =
      (cache.empty() ? fs::path(home) / ".cache" : fs::path(cache)) / "tlsmedic";
  std::error_code failed;
  fs::create_directories(directory, failed);
  if (failed) {
    return fail(ErrorKind::Io,
                fmt::format("cannot make '{}': {}", escaped(directory.string()), failed.message()));
  }
  return (directory / "trust.pem").string();
}

// Values that a syntax without quotes cannot carry.
Result<void> check_words(std::string_view shell, const Environment& variables) {
  const bool bare = shell == "docker" || shell == "github" || shell == "dotenv";
  for (const auto& [name, value] : variables) {
    const bool broken = value.find_first_of("\r\n") != std::string::npos ||
                        (shell == "docker" && value.find_first_of(" \t") != std::string::npos) ||
                        (shell == "dotenv" && value.find('\'') != std::string::npos) ||
                        (shell == "cmd" && value.find('"') != std::string::npos);
    if (broken) {
      return fail(ErrorKind::Usage,
                  fmt::format("the value of {} cannot be written for {}", name, shell),
                  bare ? "that syntax has no quotes" : "it holds a quote or a line end",
                  "tlsmedic env --bundle FILE, with a path without blanks and quotes");
    }
  }
  return {};
}

Result<std::string> bundle_path(const Args& args, const Io& io) {
  std::error_code failed;
  if (args.has("--bundle")) {
    std::string path =
        std::filesystem::absolute(args.value("--bundle"), failed).lexically_normal().string();
    MEDIC_TRY(const trust::AnchorSetPtr anchors, trust::read_anchors(path));
    if (anchors->size() == 0) {
      return fail(ErrorKind::Data, fmt::format("'{}' holds no certificate", escaped(path)),
                  "clients that are told to use it would trust nobody",
                  "tlsmedic bundle build --output FILE");
    }
    return path;
  }
  MEDIC_TRY(std::string path, own_bundle(io));
  MEDIC_TRY(const trust::MergedRoots merged, requested_roots(args, io));
  if (auto done = write_file(path, trust::commented_pem(merged, bundle_title(io))); !done) {
    return std::unexpected(std::move(done).error());
  }
  if (!io.quiet) {
    io.err << left_out_text(merged, io);
  }
  return path;
}

void print_json(const Environment& variables, const std::string& bundle,
                const std::vector<std::string>& unreached, Io& io) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const auto& [name, value] : variables) {
    list.push_back({{"name", name}, {"value", value}});
  }
  const nlohmann::ordered_json answer = {{"schema", "tlsmedic.env/1"},
                                         {"bundle", bundle},
                                         {"variables", list},
                                         {"unreached", unreached}};
  io.out << json_text(answer) << '\n';
}

Result<ExitCode> run(const Args& args, Io& io) {
  const std::string id = args.value("--shell", "bash");
  const Shell& shell = *std::ranges::find(kShells, id, &Shell::id);
  MEDIC_TRY(const std::string bundle, bundle_path(args, io));
  std::error_code failed;
  const std::string keystore =
      args.has("--keystore") ? std::filesystem::absolute(args.value("--keystore"), failed).string()
                             : std::string();
  const Environment variables = clients::trust_environment(bundle, keystore, io.environment);
  if (auto words = check_words(id, variables); !words) {
    return std::unexpected(std::move(words).error());
  }
  MEDIC_TRY(const machine::Machine machine,
            machine::Machine::open({.root = {}, .environment = io.environment}));
  const std::vector<std::string> unreached = clients::unreached(machine, variables, bundle);
  if (io.json) {
    print_json(variables, bundle, unreached, io);
    return ExitCode::Healthy;
  }
  if (id == "docker") {
    io.out << fmt::format("--volume={0}:{0}:ro\n", bundle);
  }
  for (const auto& [name, value] : variables) {
    io.out << shell.line(name, value);
  }
  if (!io.quiet) {
    for (const std::string& client : unreached) {
      io.err << io.message("env.unreached", {{"client", escaped(client)}}) << '\n';
    }
  }
  return ExitCode::Healthy;
}

}  // namespace

extern constinit const Command command_env{.name = "env",
                                           .summary_key = "env.summary",
                                           .options = kOptions,
                                           .examples = kExamples,
                                           .run = run};

}  // namespace medic::cli
