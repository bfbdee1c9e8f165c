#pragma once

// The checkout as the house rules see it: every text file, by path. Rules read nothing else, so
// that their own tests can hand them a made-up house.

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace medic::house {

// Path relative to the project, with '/', to content.
using Tree = std::map<std::string, std::string, std::less<>>;

// "src/x.cpp:12: what is wrong".
using Problems = std::vector<std::string>;

Tree read_tree(const std::filesystem::path& root);

struct Line {
  int number = 0;
  std::string_view text;
};
std::vector<Line> lines_of(std::string_view content);

// Paths that begin with `directory` and end with `ending`.
std::vector<std::string> paths_in(const Tree& tree, std::string_view directory,
                                  std::string_view ending);

bool is_code(std::string_view path);  // .cpp, .h
bool contains(std::string_view text, std::string_view part);
// "src/lab/faults/wrong_host.cpp" -> "wrong_host".
std::string_view stem_of(std::string_view path);
// "wrong_host" -> "wrong-host": the id of a source file.
std::string id_of(std::string_view stem);
std::string place(std::string_view path, int line, std::string_view problem);

}  // namespace medic::house
