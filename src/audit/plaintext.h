#pragma once

// Code that asks again over plain HTTP what HTTPS refused.

#include <cstdint>
#include <string_view>
#include <vector>

#include "audit/python_tree.h"

namespace medic::audit {

// In the handlers of the `try` statement `node`: URLs that are plain, and replacements of "https"
// by "http". The statement must try HTTPS: its exceptions or its body say so.
std::vector<std::uint32_t> plaintext_fallbacks(const PythonTree& tree, std::uint32_t node);

// "http://host..." of a host that is not this machine.
bool is_plain_url(std::string_view text);

}  // namespace medic::audit
