// YAML 1.1 by libyaml's events, which carry line numbers.

#include <yaml.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "settings/document.h"
#include "settings/readers.h"
#include "settings/sink.h"

namespace medic::settings {
namespace {

class YamlWalker {
 public:
  YamlWalker(std::string_view file, std::string_view text) : sink_(file) {
    ready_ = yaml_parser_initialize(&parser_) != 0;
    if (ready_) {
      // libyaml never writes through this pointer.
      yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                   text.size());
    }
  }
  YamlWalker(const YamlWalker&) = delete;
  YamlWalker& operator=(const YamlWalker&) = delete;
  YamlWalker(YamlWalker&&) = delete;
  YamlWalker& operator=(YamlWalker&&) = delete;
  ~YamlWalker() {
    if (ready_) {
      yaml_parser_delete(&parser_);
    }
  }

  Document walk() {
    bool more = ready_;
    while (more && !sink_.full()) {
      yaml_event_t event;
      if (yaml_parser_parse(&parser_, &event) == 0) {
        const char* what = parser_.problem == nullptr ? "not YAML" : parser_.problem;
        sink_.report(line_of(parser_.problem_mark), "syntax", what);
        break;
      }
      more = take(event) && event.type != YAML_STREAM_END_EVENT;
      yaml_event_delete(&event);
    }
    return sink_.take();
  }

 private:
  struct Level {
    bool list = false;
    bool has_key = false;  // in a mapping: the next node is a value
    bool bad_key = false;  // the key is itself a mapping or a list
    std::string key;
    std::size_t count = 0;
    int line = 0;
  };
  struct Scalar {
    std::string value;
    ValueKind kind = ValueKind::Plain;
  };

  static int line_of(const yaml_mark_t& mark) { return static_cast<int>(mark.line) + 1; }
  static std::string text(const yaml_char_t* name) {
    return name == nullptr ? std::string() : reinterpret_cast<const char*>(name);
  }

  bool take(const yaml_event_t& event) {
    const int line = line_of(event.start_mark);
    switch (event.type) {
      case YAML_SCALAR_EVENT:
        return scalar(event, line);
      case YAML_ALIAS_EVENT:
        return alias(text(event.data.alias.anchor), line);
      case YAML_MAPPING_START_EVENT:
        return open(false, line);
      case YAML_SEQUENCE_START_EVENT:
        return open(true, line);
      case YAML_MAPPING_END_EVENT:
      case YAML_SEQUENCE_END_EVENT:
        return close();
      default:
        return true;
    }
  }

  bool scalar(const yaml_event_t& event, int line) {
    const auto& data = event.data.scalar;
    Scalar found{.value = std::string(reinterpret_cast<const char*>(data.value), data.length)};
    if (data.style != YAML_PLAIN_SCALAR_STYLE) {
      found.kind = ValueKind::String;
    } else if (found.value.empty() || found.value == "~" || found.value == "null") {
      found.kind = ValueKind::Null;
    }
    if (data.anchor != nullptr && scalars_.size() < kMaxEntries) {
      scalars_[text(data.anchor)] = found;
    }
    return leaf(std::move(found), line);
  }

  bool alias(const std::string& anchor, int line) {
    const auto found = scalars_.find(anchor);
    return leaf(found == scalars_.end() ? Scalar{.value = "*" + anchor, .kind = ValueKind::Unknown}
                                        : found->second,
                line);
  }

  // A node begins. True: it is a value (and not a mapping's key).
  bool begin() {
    if (levels_.empty()) {
      return true;
    }
    Level& level = levels_.back();
    if (level.list || level.has_key) {
      level.count += level.list ? 1 : 0;
      level.has_key = false;
      return true;
    }
    return false;
  }

  bool leaf(Scalar found, int line) {
    if (!begin()) {
      Level& level = levels_.back();
      level.key = std::move(found.value);
      level.has_key = true;
      level.bad_key = false;
      ++level.count;
      if (level.key == "<<") {
        found.kind = ValueKind::Unknown;
        sink_.report(line, "unsupported", "<<");
      }
      return true;
    }
    return sink_.add(
        {.path = path(), .value = std::move(found.value), .kind = found.kind, .line = line});
  }

  bool open(bool list, int line) {
    if (!begin()) {
      levels_.back().key = "?";
      levels_.back().has_key = true;
      ++levels_.back().count;
      sink_.report(line, "unsupported", "a key that is no plain word");
      // What is inside counts as below "?"; the next node is then the value.
      levels_.push_back({.list = list, .bad_key = true, .line = line});
    } else {
      levels_.push_back({.list = list, .line = line});
    }
    if (levels_.size() > kMaxDepth) {
      sink_.report(line, "limit", "values nested too deep");
      return false;
    }
    return true;
  }

  bool close() {
    const Level level = std::move(levels_.back());
    levels_.pop_back();
    if (level.count > 0 || level.bad_key) {
      return true;
    }
    return sink_.add({.path = path(), .value = {}, .kind = ValueKind::Empty, .line = level.line});
  }

  [[nodiscard]] std::vector<std::string> path() const {
    std::vector<std::string> found;
    found.reserve(levels_.size());
    for (const Level& level : levels_) {
      found.push_back(level.list ? std::to_string(level.count - 1) : level.key);
    }
    return found;
  }

  Sink sink_;
  yaml_parser_t parser_{};
  bool ready_ = false;
  std::vector<Level> levels_;
  std::map<std::string, Scalar> scalars_;
};

}  // namespace

Document read_yaml(std::string_view file, std::string_view text) {
  return YamlWalker(file, text).walk();
}

}  // namespace medic::settings
