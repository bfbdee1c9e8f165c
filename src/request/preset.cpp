#include "request/preset.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "base/toml.h"
#include "request/url.h"
#include "text/messages.h"

namespace medic::request {
namespace {

Sentence sentence(const TomlTable& table) {
  return {.en = table.string("en"), .ko = table.string("ko")};
}

PresetAnswer answer_of(const TomlTable& table) {
  PresetAnswer answer{.contains = table.optional_string("contains").value_or(""),
                      .healthy = table.boolean("healthy"),
                      .means = sentence(table)};
  if (const TomlValue* const codes = table.value("status")) {
    for (const TomlValue& code : codes->array) {
      answer.status.push_back(static_cast<int>(code.integer));
    }
  }
  if (answer.status.empty()) {
    table.report("status", "missing: the codes that this is about");
  }
  return answer;
}

void read_texts(const TomlTable& table, Preset& preset) {
  const TomlTable* const english = table.table("en");
  const TomlTable* const korean = table.table("ko");
  if (english == nullptr || korean == nullptr) {
    table.report("en", "a preset has the tables en and ko");
    return;
  }
  preset.title = {.en = english->string("title"), .ko = korean->string("title")};
  preset.use = {.en = english->string("use"), .ko = korean->string("use")};
  preset.trust = {.en = english->string("trust"), .ko = korean->string("trust")};
}

Preset preset_of(const TomlTable& table) {
  Preset preset{.id = table.string("id"),
                .method = table.optional_string("method").value_or("GET"),
                .url = table.string("url"),
                .headers = table.optional_strings("headers"),
                .body = table.optional_string("body").value_or(""),
                .sources = table.strings("sources")};
  read_texts(table, preset);
  if (const TomlTable* const parameters = table.table("parameter")) {
    for (const std::string& name : parameters->keys()) {
      if (const TomlTable* const one = parameters->table(name)) {
        preset.parameters[name] = {.example = one->string("example"), .means = sentence(*one)};
      }
    }
  }
  text::Facts examples;
  for (const auto& [name, parameter] : preset.parameters) {
    examples[name] = parameter.example;
  }
  const auto url = parse_url(text::filled(preset.url, examples));
  if (!url || url->is_plain() ||
      text::filled(preset.url, examples).find('{') != std::string::npos) {
    table.report("url", "no https:// URL once its parameters are filled");
  }
  for (const TomlTable* const one : table.tables("answer")) {
    preset.answers.push_back(answer_of(*one));
  }
  if (std::ranges::none_of(preset.answers, &PresetAnswer::healthy)) {
    table.report("answer", "none is healthy");
  }
  return preset;
}

std::string known_ids() {
  std::vector<std::string_view> ids;
  for (const Preset& preset : all_presets()) {
    ids.push_back(preset.id);
  }
  return fmt::format("{}", fmt::join(ids, ", "));
}

}  // namespace

Result<std::vector<Preset>> parse_presets(std::span<const EmbeddedFile> files) {
  std::vector<Preset> presets;
  std::string problems;
  for (const EmbeddedFile& file : files) {
    MEDIC_TRY(const std::shared_ptr<const TomlTable> table,
              parse_toml(as_text(file.bytes), file.path));
    presets.push_back(preset_of(*table));
    for (const std::string& problem : table->problems()) {
      problems += problem + "\n";
    }
  }
  if (!problems.empty()) {
    return fail(ErrorKind::Data, problems);
  }
  return presets;
}

const std::vector<Preset>& all_presets() {
  static const std::vector<Preset> presets = [] {
    auto parsed = parse_presets(preset_files());
    MEDIC_CHECK(parsed.has_value());
    return *std::move(parsed);
  }();
  return presets;
}

Result<const Preset*> find_preset(std::string_view id) {
  const auto at = std::ranges::find(all_presets(), id, &Preset::id);
  if (at == all_presets().end()) {
    return fail(ErrorKind::Usage, fmt::format("there is no preset '{}'", escaped(id, 40)),
                "there are: " + known_ids(), "tlsmedic request --list-presets");
  }
  return &*at;
}

Result<std::string> filled_url(const Preset& preset, std::span<const std::string> values) {
  text::Facts facts;
  for (const std::string& word : values) {
    const std::size_t equals = std::min(word.find('='), word.size());
    const std::string name = word.substr(0, equals);
    const std::string value = word.substr(std::min(equals + 1, word.size()));
    const bool known = preset.parameters.contains(name);
    if (!known || value.empty() || value.find_first_of("/@?#\\ {}") != std::string::npos) {
      return fail(
          ErrorKind::Usage,
          known ? fmt::format("'{}' cannot be the {} of {}", escaped(value, 60), name, preset.id)
                : fmt::format("{} has no parameter '{}'", preset.id, escaped(name, 40)),
          {}, preset.use.en);
    }
    facts[name] = value;
  }
  for (const auto& [name, parameter] : preset.parameters) {
    if (!facts.contains(name)) {
      return fail(ErrorKind::Usage,
                  fmt::format("{} needs {}: {}", preset.id, name, parameter.means.en), {},
                  fmt::format("--set {}={}", name, parameter.example));
    }
  }
  return text::filled(preset.url, facts);
}

const PresetAnswer* meaning(const Preset& preset, int status, std::string_view body) {
  const auto at = std::ranges::find_if(preset.answers, [&](const PresetAnswer& answer) {
    return std::ranges::find(answer.status, status) != answer.status.end() &&
           body.find(answer.contains) != std::string_view::npos;
  });
  return at == preset.answers.end() ? nullptr : &*at;
}

}  // namespace medic::request
