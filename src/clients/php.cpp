#include "clients/php.h"

#include <algorithm>
#include <iterator>

#include "clients/library_text.h"

namespace medic::clients {

using machine::Machine;

// php8.2 of the program's name or of Debian's directory.
std::string php_version(const Machine& machine, std::string_view path) {
  const std::string real = machine.resolve(path).value_or(std::string(path));
  const std::string_view name = machine::base_name(real);
  return name.starts_with("php") && name.size() > 3 ? std::string(name.substr(3)) : std::string();
}

// Debian's layout, then those of RHEL, the images on Docker Hub, Alpine, Homebrew and Windows.
std::vector<std::string> php_ini_files(const Machine& machine, const std::string& version,
                                       std::string_view program) {
  std::vector<std::string> files;
  const auto add = [&](const std::string& file, const std::string& more) {
    if (!files.empty() || !machine.is_file(file)) {
      return;
    }
    files.push_back(file);
    std::ranges::copy(machine.glob(more + "/*.ini"), std::back_inserter(files));
  };
  const std::string named = machine.variable("PHPRC").value_or("");
  if (!named.empty()) {
    const std::string path = machine.joined({}, named);
    add(machine.is_directory(path) ? path + "/php.ini" : path, "/etc/php.d");
  }
  add("/etc/php/" + version + "/cli/php.ini", "/etc/php/" + version + "/cli/conf.d");
  add("/etc/php.ini", "/etc/php.d");
  add("/usr/local/etc/php/php.ini", "/usr/local/etc/php/conf.d");
  for (const std::string& file : machine.glob("/etc/php*/php.ini")) {
    add(file, std::string(machine::parent(file)) + "/conf.d");
  }
  for (const std::string& file : machine.glob("/opt/homebrew/etc/php/*/php.ini")) {
    add(file, std::string(machine::parent(file)) + "/conf.d");
  }
  add(std::string(machine::parent(program)) + "/php.ini", "/nowhere");
  return files;
}

std::optional<PhpCurl> php_curl_of(const Machine& machine) {
  const std::vector<std::string> extensions = machine.glob("/usr/lib*/php/*/curl.so");
  if (extensions.empty()) {
    return std::nullopt;
  }
  const auto library = libcurl_of(machine, program_text(machine, extensions.back()));
  if (!library) {
    return std::nullopt;
  }
  return PhpCurl{.path = extensions.back(), .library = *library};
}

}  // namespace medic::clients
