#pragma once

// Many literals searched at once (Hyperscan or Vectorscan; its header stays in database.cpp). Built
// when the program is built, for any processor of the kind, and read from the binary in well under
// a millisecond.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"

namespace medic::explain {

struct Literal {
  std::string text;
  std::uint32_t id = 0;  // several literals may share one
};

class Database {
 public:
  static Result<Database> compile(const std::vector<Literal>& literals);
  static Result<Database> read(ByteView packed);
  [[nodiscard]] Result<std::string> packed() const;

  struct Hit {
    std::uint32_t id = 0;
    std::size_t end = 0;  // offset behind the literal
  };
  // Every occurrence, in the order of the ends. A search keeps its working memory in the database:
  // one thread at a time.
  Result<void> scan(std::string_view text, std::vector<Hit>& hits) const;

  Database(Database&& other) noexcept;
  Database& operator=(Database&& other) noexcept;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

 private:
  struct Engine;
  explicit Database(std::unique_ptr<Engine> engine);

  std::unique_ptr<Engine> engine_;  // its type is known in database.cpp only
};

}  // namespace medic::explain
