#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "tests/house/code.h"
#include "tests/house/rules.h"

namespace medic::house {
namespace {

struct Ban {
  std::string_view call;  // as written in the source
  std::string_view why;
  std::string_view allowed;  // files that may, separated by blanks
};

constexpr std::array kBans = {
    Ban{"system(", "a shell reads the arguments: base/subprocess.h", ""},
    Ban{"popen(", "a shell reads the arguments: base/subprocess.h", ""},
    Ban{"execl(", "use base/subprocess.h", ""},
    Ban{"fork(", "use base/subprocess.h", ""},
    Ban{"strcpy(", "unbounded", ""},
    Ban{"strcat(", "unbounded", ""},
    Ban{"sprintf(", "unbounded; use fmt", ""},
    Ban{"gets(", "unbounded", ""},
    Ban{"std::regex", "slow to build, recursive on input", ""},
    Ban{"rand(", "not random; use <random> or RAND_bytes", ""},
    Ban{"srand(", "not random; use <random>", ""},
    Ban{".detach(", "a thread nobody waits for outlives what it uses", "src/probe/resolver.cpp"},
    Ban{"tmpnam(", "another process can take the name: base/files.h", ""},
    Ban{"printf(", "commands write to Io; modules return values", "src/base/check.cpp"},
    Ban{"puts(", "commands write to Io; modules return values", ""},
    Ban{"std::cout", "commands write to Io", "src/cli/main/main.cpp"},
    Ban{"std::cerr", "commands write to Io", "src/cli/main/main.cpp"},
    Ban{"getenv(", "the environment is passed in: base/environment.h", "src/base/files.cpp"},
    Ban{"environ", "the environment is passed in: base/environment.h", "src/base/environment.cpp"},
    Ban{"system_clock::now", "the clock is passed in: base/time.h", "src/base/time.cpp"},
    Ban{"using namespace", "names come from everywhere", ""},
    Ban{"exit(", "main() alone ends the process", ""},
    Ban{"abort(", "MEDIC_CHECK says what is wrong", ""},
    Ban{"SSL_VERIFY_NONE", "only looking may skip verification, never trusting",
        "src/probe src/lab"},
};

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool allowed(const Ban& ban, std::string_view path) {
  std::string_view list = ban.allowed;
  while (!list.empty()) {
    const std::string_view file = list.substr(0, list.find(' '));
    if (path == file || (path.starts_with(file) && !file.ends_with(".cpp"))) {
      return true;
    }
    list.remove_prefix(std::min(file.size() + 1, list.size()));
  }
  return false;
}

bool calls(std::string_view line, std::string_view call) {
  for (std::size_t at = line.find(call); at != std::string_view::npos;
       at = line.find(call, at + 1)) {
    const bool starts = at == 0 || !is_word(line[at - 1]) || !is_word(call.front());
    // A member of that name (`process.exit(`) or of another namespace (`fs::exit(`) is another
    // thing.
    const bool member =
        at > 0 && (line[at - 1] == '.' || line[at - 1] == '>') && call.front() != '.';
    const std::size_t end = at + call.size();
    const bool ends = !is_word(call.back()) || end >= line.size() || !is_word(line[end]);
    if (starts && ends && !member) {
      return true;
    }
  }
  return false;
}

}  // namespace

Problems check_banned_calls(const Tree& tree) {
  Problems problems;
  for (const auto& [path, content] : tree) {
    if (!path.starts_with("src/") || !is_code(path)) {
      continue;
    }
    const Code code = split_code(content);
    for (const Line& line : lines_of(code.bare)) {
      for (const Ban& ban : kBans) {
        // Literal suffixes (120ms, "x"sv) can be had in no other way.
        const bool suffixes = contains(line.text, "literals;");
        if (!suffixes && !allowed(ban, path) && calls(line.text, ban.call)) {
          problems.push_back(
              place(path, line.number, fmt::format("'{}' is banned: {}", ban.call, ban.why)));
        }
      }
    }
  }
  return problems;
}

}  // namespace medic::house
