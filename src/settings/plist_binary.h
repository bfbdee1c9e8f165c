#pragma once

// Apple's binary property list (CFBinaryPList.c, format "bplist00"). Internal to this module.

#include <string_view>

#include "settings/sink.h"

namespace medic::settings {

bool is_binary_plist(std::string_view bytes);
void read_binary_plist(Sink& sink, std::string_view bytes);

}  // namespace medic::settings
