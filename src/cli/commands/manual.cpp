#include "cli/manual.h"

#include <filesystem>
#include <string>

#include "base/files.h"
#include "cli/command.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {{.name = "--docs",
                                .kind = OptionKind::Value,
                                .value = "DIRECTORY",
                                .summary_key = "manual.docs"}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic manual > tlsmedic.1", .summary_key = "manual.example"}};

Result<void> write_pages(const std::filesystem::path& directory, text::Language language) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (auto done = write_file(directory / "README.md", command_index(language)); !done) {
    return done;
  }
  for (const Command* command : command_registry()) {
    if (command->hidden) {
      continue;
    }
    if (auto done =
            write_file(directory / command_file_name(*command), command_page(*command, language));
        !done) {
      return done;
    }
  }
  return {};
}

Result<ExitCode> run(const Args& args, Io& io) {
  if (!args.has("--docs")) {
    io.out << manual_page(io.language);
    return ExitCode::Healthy;
  }
  const std::filesystem::path docs = args.value("--docs");
  for (const auto& [directory, language] :
       {std::pair(docs / "commands", text::Language::English),
        std::pair(docs / "ko" / "commands", text::Language::Korean)}) {
    if (auto done = write_pages(directory, language); !done) {
      return std::unexpected(std::move(done).error());
    }
  }
  return ExitCode::Healthy;
}

}  // namespace

extern constinit const Command command_manual{.name = "manual",
                                              .summary_key = "manual.summary",
                                              .options = kOptions,
                                              .examples = kExamples,
                                              .run = run,
                                              .hidden = true};

}  // namespace medic::cli
