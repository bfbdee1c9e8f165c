#pragma once

// Text that must not be shown: a proxy password. It has no printable form; the bytes come out only
// through `reveal()`, which the code that puts them on the wire calls.

#include <string>
#include <utility>

namespace medic::target {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string bytes) : bytes_(std::move(bytes)) {}

  [[nodiscard]] const std::string& reveal() const { return bytes_; }
  [[nodiscard]] static const char* text() { return "(not shown)"; }

 private:
  std::string bytes_;
};

}  // namespace medic::target
