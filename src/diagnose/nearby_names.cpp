#include "diagnose/nearby_names.h"

namespace medic::diagnose {

std::vector<std::string> nearby_names(std::string_view host) {
  const bool address = host.find(':') != std::string_view::npos ||
                       host.find_first_not_of("0123456789.") == std::string_view::npos;
  if (address || host.find('.') == std::string_view::npos) {
    return {};
  }
  if (host.starts_with("www.")) {
    return {std::string(host.substr(4))};
  }
  return {"www." + std::string(host)};
}

}  // namespace medic::diagnose
