#pragma once

// .condarc files, which conda and mamba share. Internal to clients/.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/rules.h"

namespace medic::clients {

// In the order in which conda reads them: a later file wins (conda/base/constants.py,
// SEARCH_PATH). `root` is the prefix of the base environment.
std::vector<std::string> condarc_files(const machine::Machine& machine, const std::string& root);

// The last of the files that has one of these keys at its top.
std::optional<Setting> condarc_setting(const machine::Machine& machine,
                                       const std::vector<std::string>& files,
                                       std::initializer_list<std::string_view> keys);

}  // namespace medic::clients
