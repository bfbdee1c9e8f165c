#include "base/json.h"

#include <nlohmann/json.hpp>

#include "base/json_bounds.h"

namespace medic {

using nlohmann::ordered_json;

std::string json_text(const ordered_json& value, int indent) {
  return value.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

Result<ordered_json> parse_json(std::string_view text) {
  if (nests_deeper_than(text, kMaxJsonDepth)) {
    return fail(ErrorKind::Data, "the JSON nests too deep");
  }
  ordered_json value = ordered_json::parse(text, nullptr, false);
  if (value.is_discarded()) {
    return fail(ErrorKind::Data, "not JSON");
  }
  return value;
}

}  // namespace medic
