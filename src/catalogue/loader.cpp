#include "catalogue/loader.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/embedded.h"
#include "base/toml.h"
#include "catalogue/cause.h"
#include "text/messages.h"

namespace medic::catalogue {
namespace {

constexpr std::array<std::string_view, 31> kFacts = {
    "address", "alert",       "algorithm",   "bytes",    "ca",      "clients",    "count",
    "host",    "issuer",      "fingerprint", "key_bits", "names",   "not_after",  "not_before",
    "now",     "port",        "protocol",    "proxy",    "reason",  "rule",       "seconds",
    "serial",  "server_date", "status",      "store",    "subject", "suggestion", "url",
    "vendor",  "version",     "versions"};

// What a remedy may ask for: every diagnosis has these two.
constexpr std::array<std::string_view, 2> kRemedyFacts = {"host", "port"};

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::shared_ptr<const TomlTable> parsed(const EmbeddedFile& file, Problems& problems) {
  auto table = parse_toml(as_text(file.bytes), file.path);
  if (!table) {
    problems.push_back(table.error().what);
    return nullptr;
  }
  return *table;
}

void add(Problems& problems, const TomlTable& table) {
  const std::vector<std::string> found = table.problems();
  problems.insert(problems.end(), found.begin(), found.end());
}

Party parsed_party(const TomlTable& table) {
  constexpr std::array kAll = {Party::Server, Party::Network, Party::Client, Party::Either};
  const std::string id = table.string("party");
  for (const Party party : kAll) {
    if (party_id(party) == id) {
      return party;
    }
  }
  table.report("party", "expected server, network, client or either");
  return Party::Either;
}

void check_id(const TomlTable& table, const std::string& id, std::string_view path) {
  if (id != stem(path)) {
    table.report("id", fmt::format("expected '{}', the name of the file", stem(path)));
  }
}

std::string filled_text(const TomlTable& table, std::string_view key) {
  std::string text = flowed(table.string(key));
  if (text.empty()) {
    table.report(key, "expected a text");
  }
  return text;
}

CauseText parsed_cause_text(const TomlTable& root, std::string_view language) {
  const TomlTable* table = root.table(language);
  if (table == nullptr) {
    root.report(language, "missing, expected a table of texts");
    return {};
  }
  return {.title = filled_text(*table, "title"),
          .finding = filled_text(*table, "finding"),
          .means = filled_text(*table, "means"),
          .how_we_know = filled_text(*table, "how_we_know"),
          .who = filled_text(*table, "who"),
          .near_misses = filled_text(*table, "near_misses")};
}

// Only the finding is filled by a matcher; a brace anywhere else would be printed as it stands.
void check_plain(const TomlTable& root, std::string_view language, const CauseText& text) {
  const std::array<std::pair<std::string_view, const std::string*>, 5> plain = {
      {{"title", &text.title},
       {"means", &text.means},
       {"how_we_know", &text.how_we_know},
       {"who", &text.who},
       {"near_misses", &text.near_misses}}};
  for (const auto& [key, value] : plain) {
    if (!text::placeholders(*value).empty()) {
      root.report(language,
                  fmt::format("{}: expected no placeholder (only finding has them)", key));
    }
  }
}

void check_facts(const TomlTable& root, const Cause& cause) {
  for (const std::string& fact : cause.facts) {
    if (!holds(kFacts, fact)) {
      root.report("facts", fmt::format("'{}' is no fact name, see src/catalogue/cause.h", fact));
    }
  }
  for (const auto& [language, text] :
       {std::pair{"en", &cause.english}, std::pair{"ko", &cause.korean}}) {
    const std::vector<std::string> used = text::placeholders(text->finding);
    if (used != cause.facts) {
      root.report(language, fmt::format("finding: expected the placeholders [{}], found [{}]",
                                        fmt::join(cause.facts, ", "), fmt::join(used, ", ")));
    }
    check_plain(root, language, *text);
  }
}

text::Facts parsed_example(const TomlTable& root, const std::vector<std::string>& facts) {
  text::Facts example;
  if (const TomlTable* table = root.table("example")) {
    for (const std::string& fact : table->keys()) {
      example.emplace(fact, table->string(fact));
      if (std::find(facts.begin(), facts.end(), fact) == facts.end()) {
        table->report(fact, "expected one of this entry's facts");
      }
    }
  }
  return example;
}

RemedyText parsed_remedy_text(const TomlTable& root, std::string_view language) {
  const TomlTable* table = root.table(language);
  if (table == nullptr) {
    root.report(language, "missing, expected a table of texts");
    return {};
  }
  return {.title = filled_text(*table, "title"), .text = filled_text(*table, "text")};
}

void check_remedy_facts(const TomlTable& table, std::string_view key, std::string_view pattern) {
  for (const std::string& name : text::placeholders(pattern)) {
    if (!holds(kRemedyFacts, name)) {
      table.report(key, fmt::format("'{{{}}}': a remedy may use {{host}} and {{port}} only", name));
    }
  }
}

HowTo parsed_how_to(const TomlTable& table) {
  HowTo how{.product = table.string("product"),
            .command = command_pattern(table.string("command")),
            .english = filled_text(table, "en"),
            .korean = filled_text(table, "ko")};
  check_remedy_facts(table, "command", how.command);
  check_remedy_facts(table, "en", how.english);
  if (text::placeholders(how.english) != text::placeholders(how.korean)) {
    table.report("ko", "expected the same placeholders as in en");
  }
  return how;
}

}  // namespace

std::span<const std::string_view> fact_names() {
  return kFacts;
}

std::string_view stem(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  return name.substr(0, name.rfind('.'));
}

std::string flowed(std::string_view text) {
  std::string out;
  std::size_t newlines = 0;  // seen since the last character that was kept
  for (const char c : text) {
    if (c == '\n') {
      ++newlines;
      continue;
    }
    if (newlines > 0 && !out.empty()) {
      out += newlines > 1 ? "\n\n" : " ";
    }
    newlines = 0;
    out += c;
  }
  return out;
}

std::string command_pattern(std::string_view command) {
  std::string out;
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (c == '{') {
      const std::size_t end = command.find('}', i);
      if (end != std::string_view::npos && holds(kFacts, command.substr(i + 1, end - i - 1))) {
        out += command.substr(i, end - i + 1);
        i = end;
        continue;
      }
    }
    out.append(c == '{' || c == '}' ? 2 : 1, c);
  }
  return out;
}

Cause parse_cause(const EmbeddedFile& file, Problems& problems) {
  const auto root = parsed(file, problems);
  if (root == nullptr) {
    return {};
  }
  Cause cause{.id = root->string("id"),
              .party = parsed_party(*root),
              .parent = root->optional_string("parent").value_or(""),
              .since = root->string("since"),
              .facts = root->strings("facts"),
              .example = {},
              .symptoms = root->optional_strings("symptoms"),
              .remedies = root->strings("remedies"),
              .sources = root->strings("sources"),
              .english = parsed_cause_text(*root, "en"),
              .korean = parsed_cause_text(*root, "ko")};
  std::sort(cause.facts.begin(), cause.facts.end());
  cause.example = parsed_example(*root, cause.facts);
  check_id(*root, cause.id, file.path);
  check_facts(*root, cause);
  if (cause.sources.empty()) {
    root->report("sources", "expected at least one");
  }
  if (cause.remedies.empty()) {
    root->report("remedies", "expected at least one");
  }
  add(problems, *root);
  return cause;
}

Remedy parse_remedy(const EmbeddedFile& file, Problems& problems) {
  const auto root = parsed(file, problems);
  if (root == nullptr) {
    return {};
  }
  Remedy remedy{.id = root->string("id"),
                .party = parsed_party(*root),
                .risk = root->string("risk"),
                .how = {},
                .english = parsed_remedy_text(*root, "en"),
                .korean = parsed_remedy_text(*root, "ko")};
  for (const TomlTable* how : root->tables("how")) {
    remedy.how.push_back(parsed_how_to(*how));
  }
  check_id(*root, remedy.id, file.path);
  check_remedy_facts(*root, "en", remedy.english.text);
  if (text::placeholders(remedy.english.text) != text::placeholders(remedy.korean.text)) {
    root->report("ko", "text: expected the same placeholders as in en");
  }
  if (remedy.risk != "none" && remedy.risk != "low" && remedy.risk != "medium") {
    root->report("risk", "expected none, low or medium");
  }
  add(problems, *root);
  return remedy;
}

std::vector<Term> parse_terms(const EmbeddedFile& file, Problems& problems) {
  const auto root = parsed(file, problems);
  if (root == nullptr) {
    return {};
  }
  std::vector<Term> terms;
  for (const std::string& id : root->keys()) {
    if (const TomlTable* entry = root->table(id)) {
      terms.push_back({.id = id,
                       .parent = entry->optional_string("parent").value_or(""),
                       .english = filled_text(*entry, "en"),
                       .korean = filled_text(*entry, "ko")});
    }
  }
  add(problems, *root);
  return terms;
}

std::vector<Term> parse_products(const EmbeddedFile& file, Problems& problems) {
  const auto root = parsed(file, problems);
  if (root == nullptr) {
    return {};
  }
  std::vector<Term> products;
  for (const std::string& id : root->keys()) {
    const std::string name = filled_text(*root, id);
    products.push_back({.id = id, .parent = {}, .english = name, .korean = name});
  }
  add(problems, *root);
  return products;
}

}  // namespace medic::catalogue
