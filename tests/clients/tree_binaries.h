#pragma once

// The programs and libraries of the fake systems, as records: the files themselves are made by
// tests/binary's writer and checked in.

#include <string>
#include <vector>

namespace medic::test {

struct TreeBinary {
  std::string path;  // below tests/clients
  std::string bytes;
};

std::vector<TreeBinary> tree_binaries();

}  // namespace medic::test
