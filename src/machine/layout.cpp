#include "machine/layout.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <filesystem>

#include "machine/path_text.h"

namespace medic::machine {
namespace {

bool has(const std::string& root, std::string_view path) {
  std::error_code ignored;
  return std::filesystem::is_directory(root + std::string(path), ignored);
}

// passwd(5): name:password:uid:gid:comment:home:shell. Accounts of services have no clients of
// their own: only root and the ids that people get (login.defs(5): UID_MIN 1000; 65534 is nobody).
std::optional<User> person_of(const std::string& line) {
  std::array<std::string_view, 7> fields{};
  std::string_view rest = line;
  for (std::string_view& field : fields) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    field = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  constexpr unsigned kFirstPerson = 1000;
  constexpr unsigned kNobody = 65534;
  unsigned uid = kNobody;
  const auto [end, error] =
      std::from_chars(fields[2].data(), fields[2].data() + fields[2].size(), uid);
  if (error != std::errc() || end != fields[2].data() + fields[2].size() || fields[5].empty() ||
      (uid != 0 && (uid < kFirstPerson || uid == kNobody))) {
    return std::nullopt;
  }
  return User{.name = std::string(fields[0]), .home = std::string(fields[5])};
}

void add(std::vector<User>& users, User user) {
  const bool known =
      std::ranges::any_of(users, [&](const User& other) { return other.home == user.home; });
  if (!known && !user.home.empty()) {
    users.push_back(std::move(user));
  }
}

void add_homes(const Machine& machine, std::string_view directory,
               std::initializer_list<std::string_view> not_people, std::vector<User>& users) {
  const auto entries = machine.list(directory);
  if (!entries) {
    return;
  }
  for (const Entry& entry : *entries) {
    if (entry.kind == Kind::Directory && !entry.name.starts_with('.') &&
        std::ranges::find(not_people, entry.name) == not_people.end()) {
      add(users, {.name = entry.name, .home = machine.joined(directory, entry.name)});
    }
  }
}

void add_accounts(const Machine& machine, std::vector<User>& users) {
  const auto text = machine.read("/etc/passwd");
  if (!text) {
    return;
  }
  for (const std::string& line : pieces(*text, '\n')) {
    const auto user = person_of(line);
    if (user && machine.is_directory(user->home)) {
      add(users, *user);
    }
  }
}

std::vector<std::string> usual_path(Family family) {
  switch (family) {
    case Family::Linux:
      return {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin",
              "/sbin",           "/bin",           "/snap/bin"};
    case Family::MacOs:
      return {"/opt/homebrew/bin", "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"};
    case Family::Windows:
      return {"C:/Windows/System32", "C:/Windows"};
  }
  return {};
}

std::string name_of_variable(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() &&
         (std::isalnum(static_cast<unsigned char>(text[n])) != 0 || text[n] == '_')) {
    ++n;
  }
  return std::string(text.substr(0, n));
}

// One reference at the start of `text`: its name and how many characters it takes; zero: none.
struct Reference {
  std::string name;
  std::size_t length = 0;
};

Reference reference_at(std::string_view text, bool windows) {
  if (windows && text.starts_with('%')) {
    const std::size_t end = text.find('%', 1);
    if (end != std::string_view::npos && end > 1) {
      return {.name = std::string(text.substr(1, end - 1)), .length = end + 1};
    }
  }
  if (text.starts_with("${")) {
    const std::size_t end = text.find('}');
    if (end != std::string_view::npos) {
      return {.name = std::string(text.substr(2, end - 2)), .length = end + 1};
    }
  } else if (text.starts_with('$')) {
    std::string name = name_of_variable(text.substr(1));
    const std::size_t length = name.size() + 1;
    return {.name = std::move(name), .length = length > 1 ? length : 0};
  }
  return {};
}

}  // namespace

Family family_of_layout(const std::string& root) {
  // Trees of other systems keep the case of these names; a mounted disk of Windows may not.
  for (const std::string_view path :
       {"/Windows/System32", "/windows/system32", "/WINDOWS/system32", "/Program Files",
        "/ProgramData", "/C/Windows", "/C/Program Files", "/C:/Windows"}) {
    if (has(root, path)) {
      return Family::Windows;
    }
  }
  for (const std::string_view path : {"/System/Library", "/Library/Frameworks", "/Applications"}) {
    if (has(root, path)) {
      return Family::MacOs;
    }
  }
  std::error_code error;
  for (std::filesystem::directory_iterator at(root + "/Users", error), end; !error && at != end;
       at.increment(error)) {
    if (has(at->path().string(), "/AppData")) {
      return Family::Windows;
    }
    if (has(at->path().string(), "/Library")) {
      return Family::MacOs;
    }
  }
  return Family::Linux;
}

std::vector<User> users_of(const Machine& machine) {
  std::vector<User> users;
  const bool windows = machine.family() == Family::Windows;
  if (const auto home = machine.variable(windows ? "USERPROFILE" : "HOME")) {
    add(users, {.name = machine.variable(windows ? "USERNAME" : "USER").value_or(""),
                .home = windows ? with_slashes(*home) : *home});
  }
  if (machine.live()) {
    return users;
  }
  switch (machine.family()) {
    case Family::Linux:
      add_accounts(machine, users);
      add_homes(machine, "/home", {"lost+found"}, users);
      if (machine.is_directory("/root")) {
        add(users, {.name = "root", .home = "/root"});
      }
      break;
    case Family::MacOs:
      add_homes(machine, "/Users", {"Shared", "Guest"}, users);
      break;
    case Family::Windows:
      add_homes(machine, "C:/Users", {"Public", "Default", "Default User", "All Users"}, users);
      break;
  }
  return users;
}

std::vector<std::string> Machine::path_directories() const {
  std::vector<std::string> directories;
  const auto add_directory = [&](std::string directory) {
    if (absolute(directory) && std::ranges::find(directories, directory) == directories.end()) {
      directories.push_back(std::move(directory));
    }
  };
  const auto path = variable("PATH");
  if (path && !path->empty()) {
    for (const std::string& piece : pieces(*path, family_ == Family::Windows ? ';' : ':')) {
      add_directory(expanded(piece));
    }
  } else {
    for (std::string& usual : usual_path(family_)) {
      add_directory(std::move(usual));
    }
  }
  return directories;
}

std::vector<std::string> Machine::programs(std::string_view name) const {
  std::vector<std::string> names;
  if (family_ == Family::Windows) {
    for (const std::string_view ending : {".exe", ".cmd", ".bat"}) {
      names.push_back(std::string(name) + std::string(ending));
    }
  } else {
    names.emplace_back(name);
  }
  std::vector<std::string> found;
  std::vector<std::string> files;  // after links
  for (const std::string& directory : path_directories()) {
    for (const std::string& file : names) {
      std::string path = joined(directory, file);
      const auto seen = status(path);
      if (!seen || seen->kind != Kind::File || !seen->executable) {
        continue;
      }
      std::string real = resolve(path).value_or(path);
      if (std::ranges::find(files, real) == files.end()) {
        files.push_back(std::move(real));
        found.push_back(std::move(path));
      }
    }
  }
  return found;
}

std::optional<std::string> Machine::program(std::string_view name) const {
  std::vector<std::string> found = programs(name);
  if (found.empty()) {
    return std::nullopt;
  }
  return std::move(found.front());
}

std::vector<std::string> Machine::glob(std::string_view pattern) const {
  constexpr std::size_t kMaxFound = 4096;
  const bool windows = family_ == Family::Windows;
  const std::string whole = windows ? with_slashes(pattern) : std::string(pattern);
  const std::string_view drive = windows ? drive_of(whole) : std::string_view();
  std::vector<std::string> found = {drive.empty() ? "" : std::string(drive) + ":"};
  const std::string_view below =
      drive.empty() ? std::string_view(whole) : std::string_view(whole).substr(2);
  for (const std::string& part : components(below)) {
    std::vector<std::string> next;
    for (const std::string& directory : found) {
      if (part.find('*') == std::string::npos) {
        next.push_back(directory + "/" + part);
        continue;
      }
      const auto entries =
          list(directory.empty() || directory.ends_with(':') ? directory + "/" : directory);
      if (!entries) {
        continue;
      }
      for (const Entry& entry : *entries) {
        if (next.size() < kMaxFound && (!entry.name.starts_with('.') || part.starts_with('.')) &&
            fits(part, entry.name, windows)) {
          next.push_back(directory + "/" + entry.name);
        }
      }
    }
    found = std::move(next);
  }
  std::erase_if(found, [this](const std::string& path) { return !exists(path); });
  return found;
}

std::string Machine::expanded(std::string_view path) const {
  const bool windows = family_ == Family::Windows;
  std::string out;
  if (path == "~" || path.starts_with("~/") || (windows && path.starts_with("~\\"))) {
    if (!users_.empty()) {
      out = users_.front().home;
      path.remove_prefix(1);
    }
  }
  while (!path.empty()) {
    const Reference reference = reference_at(path, windows);
    const auto value =
        reference.length > 0 ? variable(reference.name) : std::optional<std::string>();
    if (value) {
      out += *value;
      path.remove_prefix(reference.length);
    } else {
      out += path.front();
      path.remove_prefix(1);
    }
  }
  return windows ? with_slashes(out) : out;
}

bool Machine::absolute(std::string_view path) const {
  if (path.starts_with('/')) {
    return true;
  }
  if (family_ != Family::Windows) {
    return false;
  }
  return path.starts_with('\\') ||
         (!drive_of(path).empty() && path.size() > 2 && (path[2] == '/' || path[2] == '\\'));
}

std::string Machine::joined(std::string_view directory, std::string_view path) const {
  const bool windows = family_ == Family::Windows;
  std::string tail = windows ? with_slashes(path) : std::string(path);
  if (absolute(tail) || directory.empty()) {
    return tail;
  }
  std::string out = windows ? with_slashes(directory) : std::string(directory);
  if (!out.ends_with('/')) {
    out += '/';
  }
  return out + tail;
}

std::string Machine::display(std::string_view path) const {
  std::string out(path);
  if (family_ == Family::Windows) {
    std::ranges::replace(out, '/', '\\');
  }
  return out;
}

}  // namespace medic::machine
