#include "cli/manual.h"

#include <fmt/core.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/files.h"
#include "catalogue/cause.h"
#include "cli/command.h"
#include "cli/explain_page.h"
#include "explain/topic.h"

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

using PageOf = Page (*)(const std::string& id, const Io& io);

Result<void> write_shelf(const std::filesystem::path& directory, std::string_view title_key,
                         const std::vector<std::string>& ids, PageOf page_of, const Io& io) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  std::string index = fmt::format("# {}\n\n", io.message(title_key));
  for (const std::string& id : ids) {
    const Page page = page_of(id, io);
    index += fmt::format("- [{}]({}.md): {}\n", id, id, page.title);
    if (auto done = write_file(directory / (id + ".md"), page.text); !done) {
      return done;
    }
  }
  return write_file(directory / "README.md", index);
}

Result<void> write_language(const std::filesystem::path& docs, const Io& io) {
  std::vector<std::string> topics;
  for (const explain::Topic& topic : explain::all_topics()) {
    topics.push_back(topic.id);
  }
  if (auto done = write_pages(docs / "commands", io.language); !done) {
    return done;
  }
  if (auto done = write_shelf(docs / "symptoms", "manual.symptoms", catalogue::symptom_ids(),
                              symptom_page, io);
      !done) {
    return done;
  }
  return write_shelf(docs / "topics", "manual.topics", topics, topic_page, io);
}

Result<ExitCode> run(const Args& args, Io& io) {
  if (!args.has("--docs")) {
    io.out << manual_page(io.language);
    return ExitCode::Healthy;
  }
  const std::filesystem::path docs = args.value("--docs");
  for (const auto& [directory, language] :
       {std::pair(docs, text::Language::English), std::pair(docs / "ko", text::Language::Korean)}) {
    Io in_language = io;
    in_language.language = language;
    if (auto done = write_language(directory, in_language); !done) {
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
