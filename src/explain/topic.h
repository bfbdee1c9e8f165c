#pragma once

// What a newcomer must know to understand an answer: data/topics/<id>.toml, one page in each
// language.

#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.h"
#include "explain/signature.h"
#include "text/language.h"

namespace medic::explain {

struct TopicText {
  std::string title;
  std::string text;  // Markdown
};

struct Topic {
  std::string id;
  TopicText english;
  TopicText korean;
  [[nodiscard]] const TopicText& in(text::Language language) const {
    return language == text::Language::Korean ? korean : english;
  }
};

Topic parse_topic(const EmbeddedFile& file, Problems& problems);
const std::vector<Topic>& all_topics();  // by id
const Topic* find_topic(std::string_view id);

}  // namespace medic::explain
