// Apple property lists: XML by expat, the binary form by ourselves.

#include <expat.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "settings/document.h"
#include "settings/plist_binary.h"
#include "settings/readers.h"
#include "settings/sink.h"

namespace medic::settings {
namespace {

// Collects the events of one XML property list.
class PlistWalker {
 public:
  explicit PlistWalker(Sink& sink) : sink_(&sink), parser_(XML_ParserCreate(nullptr)) {
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), started, ended);
    XML_SetCharacterDataHandler(parser_.get(), characters);
    // A property list declares no entities of its own; a file that does is refused.
    XML_SetEntityDeclHandler(parser_.get(), entity);
  }

  void parse(std::string_view text) {
    // expat takes an int; the caller's bound is far below.
    constexpr std::size_t kMaxBytes = std::size_t{1} << 30U;
    // The length is given. NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage)
    const auto status = XML_Parse(parser_.get(), text.data(),
                                  static_cast<int>(std::min(text.size(), kMaxBytes)), XML_TRUE);
    if (status != XML_STATUS_OK && !stopped_) {
      sink_->report(line(), "syntax", XML_ErrorString(XML_GetErrorCode(parser_.get())));
    }
  }

 private:
  struct Free {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
  };
  struct Level {
    bool list = false;
    std::string key;
    std::size_t count = 0;
    int line = 0;
  };

  static void started(void* self, const XML_Char* name, const XML_Char** /*attributes*/) {
    static_cast<PlistWalker*>(self)->start(name);
  }
  static void ended(void* self, const XML_Char* name) {
    static_cast<PlistWalker*>(self)->end(name);
  }
  static void characters(void* self, const XML_Char* text, int count) {
    static_cast<PlistWalker*>(self)->text_.append(text, static_cast<std::size_t>(count));
  }
  // expat's signature. NOLINTNEXTLINE(readability-function-size)
  static void entity(void* self, const XML_Char* name, int /*parameter*/, const XML_Char* /*value*/,
                     int /*length*/, const XML_Char* /*base*/, const XML_Char* /*system*/,
                     const XML_Char* /*public*/, const XML_Char* /*notation*/) {
    auto* walker = static_cast<PlistWalker*>(self);
    walker->stop("unsupported", name == nullptr ? "entity" : name);
  }

  [[nodiscard]] int line() const {
    return static_cast<int>(XML_GetCurrentLineNumber(parser_.get()));
  }
  void stop(std::string_view id, std::string_view what) {
    if (!stopped_) {
      stopped_ = true;
      sink_->report(line(), id, what);
      XML_StopParser(parser_.get(), XML_FALSE);
    }
  }

  void start(std::string_view name) {
    text_.clear();
    text_line_ = line();
    if (name == "dict" || name == "array") {
      count_value();
      levels_.push_back({.list = name == "array", .line = line()});
      if (levels_.size() > kMaxDepth) {
        stop("limit", "values nested too deep");
      }
    }
  }

  void end(std::string_view name) {
    if (name == "key") {
      if (!levels_.empty()) {
        levels_.back().key = std::move(text_);
        levels_.back().line = text_line_;
        ++levels_.back().count;
      }
    } else if (name == "dict" || name == "array") {
      if (levels_.empty()) {
        return;
      }
      const Level level = std::move(levels_.back());
      levels_.pop_back();
      if (level.count == 0) {
        add({}, ValueKind::Empty);
      }
    } else if (name == "true" || name == "false") {
      count_value();
      add(std::string(name), ValueKind::Boolean);
    } else if (name == "string" || name == "date" || name == "data") {
      count_value();
      add(std::move(text_), ValueKind::String);
    } else if (name == "integer" || name == "real") {
      count_value();
      add(std::move(text_), ValueKind::Number);
    } else if (name != "plist") {
      stop("syntax", name);
    }
    text_.clear();
  }

  void count_value() {
    if (!levels_.empty() && levels_.back().list) {
      ++levels_.back().count;
    }
  }

  void add(std::string value, ValueKind kind) {
    std::vector<std::string> path;
    path.reserve(levels_.size());
    for (const Level& level : levels_) {
      path.push_back(level.list ? std::to_string(level.count - 1) : level.key);
    }
    if (!sink_->add({.path = std::move(path),
                     .value = std::move(value),
                     .kind = kind,
                     .line = text_line_})) {
      stop("limit", "more settings than are read");
    }
  }

  Sink* sink_;
  std::unique_ptr<XML_ParserStruct, Free> parser_;
  std::vector<Level> levels_;
  std::string text_;
  int text_line_ = 0;
  bool stopped_ = false;
};

}  // namespace

Document read_plist(std::string_view file, std::string_view bytes) {
  Sink sink(file);
  if (is_binary_plist(bytes)) {
    read_binary_plist(sink, bytes);
    return sink.take();
  }
  PlistWalker(sink).parse(bytes);
  return sink.take();
}

}  // namespace medic::settings
