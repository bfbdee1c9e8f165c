#include "explain/topic.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/embedded.h"
#include "base/toml.h"
#include "catalogue/loader.h"
#include "explain/data.h"
#include "explain/signature.h"

namespace medic::explain {
namespace {

TopicText parsed_text(const TomlTable& root, std::string_view language) {
  const TomlTable* table = root.table(language);
  if (table == nullptr) {
    root.report(language, "missing, expected a table with title and text");
    return {};
  }
  TopicText text{.title = table->string("title"), .text = catalogue::flowed(table->string("text"))};
  if (text.title.empty() || text.text.empty()) {
    table->report("text", "expected a title and a text");
  }
  return text;
}

std::vector<Topic> embedded_topics() {
  std::vector<Topic> topics;
  Problems problems;  // the build checked the files
  for (const EmbeddedFile& file : data_files()) {
    if (file.path.starts_with("data/topics/")) {
      topics.push_back(parse_topic(file, problems));
    }
  }
  return topics;
}

}  // namespace

Topic parse_topic(const EmbeddedFile& file, Problems& problems) {
  const auto root = parse_toml(as_text(file.bytes), file.path);
  if (!root) {
    problems.push_back(root.error().what);
    return {};
  }
  Topic topic{.id = std::string(catalogue::stem(file.path)),
              .english = parsed_text(**root, "en"),
              .korean = parsed_text(**root, "ko")};
  const std::vector<std::string> found = (*root)->problems();
  problems.insert(problems.end(), found.begin(), found.end());
  return topic;
}

const std::vector<Topic>& all_topics() {
  static const std::vector<Topic> topics = embedded_topics();
  return topics;
}

const Topic* find_topic(std::string_view id) {
  const std::vector<Topic>& topics = all_topics();
  const auto at = std::find_if(topics.begin(), topics.end(),
                               [&](const Topic& topic) { return topic.id == id; });
  return at == topics.end() ? nullptr : &*at;
}

}  // namespace medic::explain
