#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/nearest.h"
#include "catalogue/cause.h"
#include "catalogue/page.h"
#include "cli/command.h"
#include "cli/markdown.h"

namespace medic::cli {
namespace {

constexpr Positional kPositionals[] = {{.name = "ID", .summary_key = "explain.id"}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic explain missing-intermediate", .summary_key = "explain.example_cause"},
    {.command = "tlsmedic explain hostname-mismatch --lang ko",
     .summary_key = "explain.example_korean"}};

// What an id names; the same word may be a cause and a fault ("hostname-mismatch"), and then the
// cause says more.
struct Page {
  std::string_view kind;  // "cause", "fault", "symptom", "remedy"
  std::string title;
  std::string text;                  // Markdown
  std::vector<std::string> related;  // ids of causes
};

std::vector<std::string> causes_with(std::vector<std::string> catalogue::Cause::* list,
                                     const std::string& id) {
  std::vector<std::string> ids;
  for (const catalogue::Cause& cause : catalogue::all_causes()) {
    const std::vector<std::string>& members = cause.*list;
    if (std::find(members.begin(), members.end(), id) != members.end()) {
      ids.push_back(cause.id);
    }
  }
  return ids;
}

std::string related_list(const Page& page, const Io& io) {
  if (page.related.empty()) {
    return "";
  }
  std::string out = fmt::format("\n## {}\n\n", io.message("explain.related"));
  for (const std::string& id : page.related) {
    out += fmt::format("- `{}`: {}\n", id, catalogue::find_cause(id)->text(io.language).title);
  }
  return out;
}

bool listed(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

Page term_page(std::string_view kind, const std::string& id, std::string title, const Io& io) {
  Page page{.kind = kind, .title = std::move(title), .text = {}, .related = {}};
  if (kind == "symptom") {
    page.related = causes_with(&catalogue::Cause::symptoms, id);
  }
  page.text = fmt::format("# {}\n\n{}\n", id, page.title) + related_list(page, io);
  return page;
}

Result<Page> find_page(const std::string& id, const Io& io) {
  if (const catalogue::Cause* cause = catalogue::find_cause(id)) {
    return Page{.kind = "cause",
                .title = cause->text(io.language).title,
                .text = catalogue::cause_page(id, io.language),
                .related = {}};
  }
  if (const catalogue::Remedy* remedy = catalogue::find_remedy(id)) {
    Page page{.kind = "remedy",
              .title = remedy->text(io.language).title,
              .text = catalogue::remedy_page(id, io.language),
              .related = causes_with(&catalogue::Cause::remedies, id)};
    page.text += related_list(page, io);
    return page;
  }
  if (listed(catalogue::fault_ids(), id)) {
    return term_page("fault", id, catalogue::fault_title(id, io.language), io);
  }
  if (listed(catalogue::symptom_ids(), id)) {
    return term_page("symptom", id, catalogue::symptom_title(id, io.language), io);
  }
  return fail(ErrorKind::Usage, io.message("explain.unknown", {{"id", escaped(id)}}));
}

std::vector<std::string> all_ids() {
  std::vector<std::string> ids;
  for (const catalogue::Cause& cause : catalogue::all_causes()) {
    ids.push_back(cause.id);
  }
  for (const catalogue::Remedy& remedy : catalogue::all_remedies()) {
    ids.push_back(remedy.id);
  }
  for (const auto& terms : {catalogue::fault_ids(), catalogue::symptom_ids()}) {
    ids.insert(ids.end(), terms.begin(), terms.end());
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

Error with_nearest(Error error, const std::string& id, const Io& io) {
  const std::vector<std::string> ids = all_ids();
  const std::vector<std::string_view> known(ids.begin(), ids.end());
  std::string words;
  const std::vector<std::string> close = nearest(id, known, 3);
  for (const std::string& word : close) {
    words += (words.empty() ? "" : ", ") + word;
  }
  if (!words.empty()) {
    error.matters = io.message("explain.nearest", {{"ids", words}});
  }
  error.next_step =
      words.empty() ? "tlsmedic causes" : fmt::format("tlsmedic explain {}", close.front());
  return error;
}

Result<ExitCode> run(const Args& args, Io& io) {
  const std::string id = args.positional("ID");
  const Result<Page> page = find_page(id, io);
  if (!page) {
    return std::unexpected(with_nearest(page.error(), id, io));
  }
  if (io.json) {
    const nlohmann::ordered_json answer = {{"schema", "tlsmedic.page/1"}, {"id", id},
                                           {"kind", page->kind},          {"title", page->title},
                                           {"causes", page->related},     {"markdown", page->text}};
    io.out << answer.dump(2) << '\n';
  } else {
    io.out << terminal_page(page->text, io);
  }
  return ExitCode::Healthy;
}

}  // namespace

extern constinit const Command command_explain{.name = "explain",
                                               .summary_key = "explain.summary",
                                               .positionals = kPositionals,
                                               .examples = kExamples,
                                               .run = run};

}  // namespace medic::cli
