// The catalogue's and the user's TOML files.

#include "base/toml.h"

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto table = medic::parse_toml(medic::as_text({data, size}), "seed.toml");
  if (table) {
    for (const std::string& key : (*table)->keys()) {
      (*table)->value(key);
    }
    (*table)->string("id");
    (*table)->tables("match");
    static_cast<void>((*table)->problems());
  }
  return 0;
}
