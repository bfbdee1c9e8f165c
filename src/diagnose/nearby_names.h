#pragma once

// Names a person may have meant: with and without "www.".

#include <string>
#include <string_view>
#include <vector>

namespace medic::diagnose {

// "example.org" -> "www.example.org"; "www.example.org" -> "example.org"; none for addresses and
// for single labels.
std::vector<std::string> nearby_names(std::string_view host);

}  // namespace medic::diagnose
