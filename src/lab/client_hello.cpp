#include "lab/client_hello.h"

#include <cstdint>
#include <string_view>

namespace medic::lab {
namespace {

constexpr std::size_t kRecordHeader = 5;
constexpr std::size_t kServerName = 0;  // extension type

// Reads big-endian numbers and length-prefixed vectors; past the end everything is empty.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  std::string_view take(std::size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  std::size_t number(std::size_t octets) {
    std::size_t value = 0;
    for (const char c : take(octets)) {
      value = value * 256 + static_cast<unsigned char>(c);
    }
    return value;
  }
  std::string_view vector(std::size_t length_octets) { return take(number(length_octets)); }
  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace

std::string peeked_server_name(Connection& connection) {
  const std::size_t size = connection.peek_record_size();
  const std::string record = size == 0 ? "" : connection.peek(kRecordHeader + size);
  Reader in(record);
  in.take(kRecordHeader + 4);  // record header, handshake type and length
  in.take(2 + 32);             // legacy version, random
  in.vector(1);                // session id
  in.vector(2);                // cipher suites
  in.vector(1);                // compression methods
  Reader extensions(in.vector(2));
  while (!extensions.done()) {
    const std::size_t type = extensions.number(2);
    Reader body(extensions.vector(2));
    if (type == kServerName) {
      Reader list(body.vector(2));
      list.take(1);  // name_type host_name
      return std::string(list.vector(2));
    }
  }
  return {};
}

}  // namespace medic::lab
