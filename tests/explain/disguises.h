#pragma once

// Texts as they look after a terminal, a log collector, a chat, a mail or a bug report had them.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace medic::explain {

struct Disguise {
  std::string_view name;
  std::function<std::string(const std::string&)> put_on;
};

const std::vector<Disguise>& disguises();

}  // namespace medic::explain
