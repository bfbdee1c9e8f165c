// Everything a person may type about where to connect: targets, proxies, no_proxy lists and
// overrides. A target that was read reads again from its own text.

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"
#include "target/overrides.h"
#include "target/place.h"
#include "target/proxy.h"
#include "target/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = medic::as_text({data, size});
  if (const auto target = medic::target::parse_target(text)) {
    const auto again = medic::target::parse_target(target->authority());
    MEDIC_CHECK(again && again->host == target->host && again->port == target->port);
    static_cast<void>(medic::target::no_proxy_match(text, *target));
  }
  static const medic::target::Target kTarget = *medic::target::parse_target("www.example.com:8443");
  static_cast<void>(medic::target::no_proxy_match(text, kTarget));
  static_cast<void>(medic::target::parse_proxy(text));
  static_cast<void>(medic::target::parse_resolve(text));
  static_cast<void>(medic::target::parse_connect_to(text));
  medic::target::Exclusions exclusions;
  static_cast<void>(exclusions.add(text));
  if (auto places = medic::target::Places::parse(text, {})) {
    for (int i = 0; i < 8; ++i) {
      const auto place = places->next();
      if (!place) {
        break;
      }
      static_cast<void>(exclusions.covers(*place));
      static_cast<void>(medic::target::Places::parse(place->text(), {}));
    }
  }
  return 0;
}
