#include "scan/input.h"

#include <fmt/core.h>

#include "probe/network.h"

namespace medic::scan {
namespace {

// Longer lines are no target.
constexpr std::size_t kMostLineBytes = 4096;

std::string_view trimmed(std::string_view line) {
  line = line.substr(0, line.find('#'));
  const auto first = line.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) {
    return {};
  }
  return line.substr(first, line.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

void Input::read(const Source& source, const std::function<bool(Place)>& take) {
  if (source.stream == nullptr) {
    read_line(source.name, source.line, take);
    return;
  }
  std::string line;
  std::uint64_t number = 0;
  while (std::getline(*source.stream, line)) {
    ++number;
    if (!read_line(fmt::format("{}:{}", source.name, number), line, take)) {
      return;
    }
  }
}

void Input::refuse(const std::string& where, const std::string& what) {
  ++counts_.unreadable;
  if (counts_.problems.size() < InputCounts::kMostProblems) {
    counts_.problems.push_back(where.empty() ? what : where + ": " + what);
  }
}

bool Input::read_line(const std::string& where, std::string_view line,
                      const std::function<bool(Place)>& take) {
  const std::string_view text = trimmed(line);
  if (text.empty()) {
    return true;
  }
  auto places = text.size() > kMostLineBytes ? fail(ErrorKind::Data, "a line too long for a target")
                                             : Places::parse(text, rules_);
  if (!places) {
    refuse(where, places.error().what);
    return true;
  }
  while (auto place = places->next()) {
    if (!place->starttls.empty() && !probe::knows_starttls(place->starttls)) {
      refuse(where, fmt::format("unknown STARTTLS protocol '{}'", place->starttls));
      return true;
    }
    const std::string name = place->text();
    if (!met_.insert(name)) {
      ++counts_.twice;
    } else if (exclusions_.covers(*place)) {
      ++counts_.excluded;
    } else if (done_.contains(name)) {
      ++counts_.done_before;
    } else {
      ++counts_.places;
      if (!take(*std::move(place))) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace medic::scan
