#pragma once

// Paths as text, without looking at a disk. Internal to machine/.

#include <string>
#include <string_view>
#include <vector>

namespace medic::machine {

// ASCII only: what file systems of Windows fold beyond it depends on the volume.
bool same_ignoring_case(std::string_view a, std::string_view b);
// '\' becomes '/'.
std::string with_slashes(std::string_view path);
// "C:/Users" -> "C"; none: empty.
std::string_view drive_of(std::string_view path);
// The parts between slashes, without empty ones and "."; ".." stays.
std::vector<std::string> components(std::string_view path);
// Whether `name` fits `pattern`, where '*' stands for any text.
bool fits(std::string_view pattern, std::string_view name, bool ignoring_case);
// Cut at `separator`; empty pieces are dropped.
std::vector<std::string> pieces(std::string_view text, char separator);

}  // namespace medic::machine
