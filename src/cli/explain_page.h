#pragma once

// The page of an id: a cause, a remedy, a symptom, a fault, a topic.

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "cli/command.h"

namespace medic::cli {

struct Page {
  std::string_view kind;  // "cause", "fault", "symptom", "remedy", "topic"
  std::string title;
  std::string text;                  // Markdown
  std::vector<std::string> related;  // ids of causes
};

// The pages of docs/symptoms and docs/topics; the ids must exist.
Page symptom_page(const std::string& id, const Io& io);
Page topic_page(const std::string& id, const Io& io);

// An unknown id comes back as a usage Error with the nearest ones.
Result<Page> find_page(const std::string& id, const Io& io);

std::string page_json(const std::string& id, const Page& page);

}  // namespace medic::cli
