#include "cli/explain_page.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/nearest.h"
#include "catalogue/cause.h"
#include "catalogue/page.h"
#include "cli/command.h"
#include "explain/signature_lines.h"
#include "explain/symptom.h"
#include "explain/topic.h"

namespace medic::cli {
namespace {

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

// What the symptom means, what decides, and what clients print for it.
std::string symptom_part(const std::string& id, const Io& io) {
  constexpr std::size_t kMostTexts = 20;
  const explain::Symptom* symptom = explain::find_symptom(id);
  if (symptom == nullptr) {
    return "";
  }
  const explain::SymptomText& text = symptom->text(io.language);
  std::string out = fmt::format("\n{}\n\n## {}\n\n{}\n", text.means,
                                io.message("explain.decide_title"), text.decide);
  const std::vector<std::string> lines = explain::lines_of_symptom(id, kMostTexts);
  if (!lines.empty()) {
    out += fmt::format("\n## {}\n\n```text\n", io.message("explain.what_you_see"));
    for (const std::string& line : lines) {
      out += escaped(line, 200) + "\n";
    }
    out += "```\n";
  }
  return out;
}

bool listed(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

Page fault_page(const std::string& id, const Io& io) {
  const std::string title = catalogue::fault_title(id, io.language);
  return {.kind = "fault",
          .title = title,
          .text = fmt::format("# {}\n\n{}\n", id, title),
          .related = {}};
}

// The same word may be a cause and a fault ("hostname-mismatch"), and then the cause says more.
Result<Page> known_page(const std::string& id, const Io& io) {
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
    return fault_page(id, io);
  }
  if (listed(catalogue::symptom_ids(), id)) {
    return symptom_page(id, io);
  }
  if (explain::find_topic(id) != nullptr) {
    return topic_page(id, io);
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
  for (const explain::Topic& topic : explain::all_topics()) {
    ids.push_back(topic.id);
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

}  // namespace

Page symptom_page(const std::string& id, const Io& io) {
  Page page{.kind = "symptom",
            .title = catalogue::symptom_title(id, io.language),
            .text = {},
            .related = causes_with(&catalogue::Cause::symptoms, id)};
  page.text =
      fmt::format("# {}\n\n{}\n", id, page.title) + symptom_part(id, io) + related_list(page, io);
  return page;
}

Page topic_page(const std::string& id, const Io& io) {
  const explain::TopicText& text = explain::find_topic(id)->in(io.language);
  return {.kind = "topic",
          .title = text.title,
          .text = fmt::format("# {}\n\n{}\n", text.title, text.text),
          .related = {}};
}

Result<Page> find_page(const std::string& id, const Io& io) {
  Result<Page> page = known_page(id, io);
  if (!page) {
    return std::unexpected(with_nearest(page.error(), id, io));
  }
  return page;
}

std::string page_json(const std::string& id, const Page& page) {
  const nlohmann::ordered_json answer = {{"schema", "tlsmedic.page/1"}, {"id", id},
                                         {"kind", page.kind},           {"title", page.title},
                                         {"causes", page.related},      {"markdown", page.text}};
  return json_text(answer) + "\n";
}

}  // namespace medic::cli
