#pragma once

// What pip's configuration files and variables say, in pip's order. Internal to clients/.

#include <string>
#include <string_view>
#include <vector>

#include "clients/client.h"
#include "clients/python.h"
#include "machine/machine.h"

namespace medic::clients {

struct PipSetting {
  std::string key;  // "cert", "trusted-host"
  std::string value;
  Origin origin;
};

struct PipConfig {
  // Every file that pip looks for, in its order, whether it is there or not.
  std::vector<std::string> files;
  // In pip's order: of two with one key the later wins.
  std::vector<PipSetting> settings;

  [[nodiscard]] const PipSetting* find(std::string_view key) const;
};

// For the command `command` ("install"): of its section and [global]; the section beats every file
// (pip/_internal/configuration.py and cli/parser.py).
PipConfig pip_config(const machine::Machine& machine, const Python& python,
                     std::string_view command);

}  // namespace medic::clients
