#pragma once

// Collects a Document within bounds. Internal to this module.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "settings/document.h"

namespace medic::settings {

inline constexpr std::size_t kMaxEntries = 50'000;
// Paths are copied into every entry, so the size of the file does not bound the document.
inline constexpr std::size_t kMaxDocumentBytes = std::size_t{16} << 20U;
inline constexpr std::size_t kMaxDepth = 64;
inline constexpr std::size_t kMaxProblems = 100;

class Sink {
 public:
  explicit Sink(std::string_view file) { document_.file = file; }

  // False when the document is full; it then says so itself, once.
  bool add(Entry entry);
  void include(Include include);
  void report(int line, std::string_view id, std::string_view text);
  [[nodiscard]] bool full() const { return full_; }
  [[nodiscard]] const Document& document() const { return document_; }
  Document take() { return std::move(document_); }

 private:
  Document document_;
  std::size_t bytes_ = 0;
  bool full_ = false;
};

// Lines without their ends, which may be LF, CRLF or CR LF mixed.
class Lines {
 public:
  // A byte order mark of UTF-8 is skipped.
  explicit Lines(std::string_view text);

  bool next(std::string_view& line);
  [[nodiscard]] int number() const { return number_; }  // of the line last given

 private:
  std::string_view rest_;
  int number_ = 0;
};

std::string_view trimmed(std::string_view text);  // blanks and tabs of both ends
std::string lower(std::string_view text);         // ASCII only

// `take(sink, lines, line)` is told every line, without the blanks around it, that is neither empty
// nor a comment beginning with one of `marks`; it may take more of the lines itself.
template <class Take>
Document by_lines(std::string_view file, std::string_view text, std::string_view marks, Take take) {
  Sink sink(file);
  Lines lines(text);
  for (std::string_view raw; !sink.full() && lines.next(raw);) {
    const std::string_view line = trimmed(raw);
    if (!line.empty() && marks.find(line.front()) == std::string_view::npos) {
      take(sink, lines, line);
    }
  }
  return sink.take();
}

// UTF-16 of either order with its mark becomes UTF-8; other text stays. False: cut or not UTF-16.
bool to_utf8(std::string_view bytes, std::string& text);
// One code point in UTF-8; what is none becomes U+FFFD.
void append_utf8(std::string& out, unsigned long code_point);

}  // namespace medic::settings
