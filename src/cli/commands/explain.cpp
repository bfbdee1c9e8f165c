#include "explain/explain.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <ios>
#include <istream>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "base/nearest.h"
#include "cli/command.h"
#include "cli/explain_answer.h"
#include "cli/explain_live.h"
#include "cli/explain_page.h"
#include "cli/markdown.h"
#include "explain/log_source.h"
#include "explain/matcher.h"
#include "explain/scanner.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {{.name = "--live", .summary_key = "explain.live"},
                               {.name = "--follow", .summary_key = "explain.follow"}};
constexpr Positional kPositionals[] = {
    {.name = "WHAT", .summary_key = "explain.what", .required = false, .repeated = true}};
constexpr Example kExamples[] = {
    {.command = "pip install x 2>&1 | tlsmedic explain", .summary_key = "explain.example_pipe"},
    {.command = "tlsmedic explain build.log", .summary_key = "explain.example_file"},
    {.command = "tlsmedic explain 'curl: (60) SSL certificate problem: certificate has expired'",
     .summary_key = "explain.example_words"},
    {.command = "tlsmedic explain missing-intermediate", .summary_key = "explain.example_cause"},
    {.command = "tlsmedic explain hostname-mismatch --lang ko",
     .summary_key = "explain.example_korean"}};

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) {
    all += (all.empty() ? "" : " ") + word;
  }
  return all;
}

// One word of an id's form; anything else is a text.
bool may_be_id(const std::vector<std::string>& words) {
  return words.size() == 1 && words.front().find_first_not_of(
                                  "abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

explain::LogSource::Read reader(std::istream& in) {
  return [&in](std::span<char> room) -> Result<std::size_t> {
    in.read(room.data(), static_cast<std::streamsize>(room.size()));
    if (in.bad()) {
      return fail(ErrorKind::Io, "the text cannot be read to its end");
    }
    return static_cast<std::size_t>(in.gcount());
  };
}

Result<explain::Explanation> explained(const explain::Matcher& matcher, std::istream& in,
                                       const Io& io) {
  explain::LogSource source(reader(in));
  explain::Scanner scanner(matcher);
  while (!io.stopped()) {
    MEDIC_TRY(const std::string_view piece, source.next());
    if (piece.empty()) {
      break;
    }
    if (auto fed = scanner.feed(piece); !fed) {
      return std::unexpected(std::move(fed.error()));
    }
  }
  if (source.damaged()) {
    io.err << io.message("explain.damaged") << '\n';
  }
  return scanner.finish();
}

// Each failure as soon as its lines have come, until the end of the text or Ctrl-C.
Result<ExitCode> follow(const explain::Matcher& matcher, std::istream& in, const Io& io) {
  bool found = false;
  explain::Scanner scanner(matcher, [&](const explain::Failure& failure) {
    found = found || failure.failure;
    io.out << (io.json ? failure_json(failure, io) : failure_text(failure, io) + "\n")
           << std::flush;
  });
  std::string line;
  while (!io.stopped() && std::getline(in, line)) {
    line += '\n';
    if (auto fed = scanner.feed(line); !fed) {
      return std::unexpected(std::move(fed.error()));
    }
    if (in.rdbuf()->in_avail() <= 0) {  // nothing more is waiting: what came belongs together
      if (auto flushed = scanner.flush(); !flushed) {
        return std::unexpected(std::move(flushed.error()));
      }
    }
  }
  MEDIC_TRY(const explain::Explanation rest, scanner.finish());
  return found || rest.found() ? ExitCode::Found : ExitCode::Healthy;
}

Result<ExitCode> answer(const explain::Explanation& explanation, const Args& args, Io& io) {
  LiveDiagnosis live;
  if (args.flag("--live")) {
    MEDIC_TRY(live, diagnose_first(explanation, io));
  }
  if (io.json) {
    io.out << explanation_json(explanation, io, live.json);
  } else if (!io.quiet) {
    io.out << explanation_text(explanation, io) << live.text;
  }
  return explanation.found() ? ExitCode::Found : ExitCode::Healthy;
}

Result<ExitCode> explain_stream(std::istream& in, const Args& args, Io& io) {
  MEDIC_TRY(const explain::Matcher matcher, explain::Matcher::builtin());
  if (args.flag("--follow")) {
    return follow(matcher, in, io);
  }
  MEDIC_TRY(const explain::Explanation explanation, explained(matcher, in, io));
  return answer(explanation, args, io);
}

Result<ExitCode> print_page(const std::string& id, const Io& io) {
  MEDIC_TRY(const Page page, find_page(id, io));
  io.out << (io.json ? page_json(id, page) : terminal_page(page.text, io));
  return ExitCode::Healthy;
}

Result<ExitCode> run(const Args& args, Io& io) {
  const std::vector<std::string> words = args.positionals("WHAT");
  if (words.empty() || (words.size() == 1 && words.front() == "-")) {
    if (io.in == nullptr) {
      return fail(ErrorKind::Usage, "there is no standard input to read", {},
                  "tlsmedic explain build.log");
    }
    return explain_stream(*io.in, args, io);
  }
  std::error_code ignored;
  const bool is_file =
      words.size() == 1 && std::filesystem::is_regular_file(words.front(), ignored);
  if (may_be_id(words) && (!is_file || find_page(words.front(), io))) {
    return print_page(words.front(), io);
  }
  if (is_file) {
    std::ifstream in(words.front(), std::ios::binary);
    if (!in) {
      return fail(ErrorKind::Io, escaped(words.front()) + " cannot be opened");
    }
    return explain_stream(in, args, io);
  }
  MEDIC_TRY(const explain::Matcher matcher, explain::Matcher::builtin());
  MEDIC_TRY(const explain::Explanation explanation, explain::explain_text(matcher, joined(words)));
  return answer(explanation, args, io);
}

}  // namespace

extern constinit const Command command_explain{.name = "explain",
                                               .summary_key = "explain.summary",
                                               .options = kOptions,
                                               .positionals = kPositionals,
                                               .examples = kExamples,
                                               .run = run};

}  // namespace medic::cli
