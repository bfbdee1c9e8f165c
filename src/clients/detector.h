#pragma once

// A detector finds the clients of one kind on a machine: src/clients/detect/<id>.cpp each, tested
// by tests/clients/<id>/. It reads files and variables through the survey's machine, never runs
// anything, and says which rules it considered, in the client's own order.

#include <span>
#include <string_view>

#include "clients/survey.h"

namespace medic::clients {

struct Detector {
  std::string_view id;  // "curl"; the stem of its file with '-' for '_'
  void (*detect)(Survey& survey) = nullptr;
};

std::span<const Detector* const> detector_registry();

}  // namespace medic::clients
