#include "clients/library_search.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "binary/image.h"
#include "machine/machine.h"

namespace medic::clients {
namespace {

using binary::Format;
using binary::Image;
using machine::Machine;

// libpython with OpenSSL inside has 30 MB; nothing of TLS is larger.
constexpr std::size_t kMaxLibraryBytes = std::size_t{128} << 20U;
constexpr std::size_t kMaxConfigDepth = 4;

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

bool says_tls(std::string_view name) {
  const std::string low = folded(machine::base_name(name));
  constexpr std::array<std::string_view, 4> kNames = {"libssl", "libcrypto", "ssleay32",
                                                      "libeay32"};  // the last: before 1.1.0
  return std::ranges::any_of(kNames, [&](std::string_view n) { return low.starts_with(n); });
}

void add_paths(const Machine& machine, std::string_view file, std::vector<std::string>& out,
               std::size_t depth) {
  const auto text = machine.read(file);
  if (!text || depth > kMaxConfigDepth) {
    return;
  }
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, std::min(rest.find('#'), end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t first = line.find_first_not_of(" \t");
    line = first == std::string_view::npos ? std::string_view() : line.substr(first);
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    constexpr std::string_view kInclude = "include ";
    if (line.starts_with(kInclude)) {
      const std::string pattern =
          machine.joined(machine::parent(file), line.substr(kInclude.size()));
      for (const std::string& more : machine.glob(pattern)) {
        add_paths(machine, more, out, depth + 1);
      }
    } else if (!line.empty()) {
      out.emplace_back(line);
    }
  }
}

// What ldconfig reads, and the loader's own defaults (ld.so(8)); musl keeps a list of its own.
std::vector<std::string> system_directories(const Machine& machine) {
  std::vector<std::string> found;
  add_paths(machine, "/etc/ld.so.conf", found, 0);
  for (const std::string& list : machine.glob("/etc/ld-musl-*.path")) {
    add_paths(machine, list, found, 0);
  }
  for (const std::string_view fixed : {"/lib/*-linux-*", "/usr/lib/*-linux-*", "/lib64",
                                       "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib"}) {
    if (fixed.find('*') == std::string_view::npos) {
      found.emplace_back(fixed);
    } else {
      std::ranges::copy(machine.glob(fixed), std::back_inserter(found));
    }
  }
  return found;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) {
      parts.emplace_back(text.substr(0, end));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const std::size_t at = text.find(what);
  return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

class Search {
 public:
  Search(const Machine& machine, const LoaderContext& context)
      : machine_(machine), context_(context) {
    const auto read = library_file(machine, context.program);
    const std::optional<binary::File>& program = *read;
    if (program && !program->images.empty()) {
      program_ = program->images.front();
    }
  }

  // Breadth first, as loaders go: what this module names is taken before what those need.
  void add(const std::string& module, const Image& image, std::vector<LibraryUse>& out) {
    std::vector<std::pair<std::string, Image>> next;
    for (const binary::Needed& needed : image.needed) {
      if (!says_tls(needed.name) || needed.delayed) {
        continue;
      }
      const auto known = loaded_.find(needed.name);
      if (known != loaded_.end()) {
        add_misfit(module, image, *known, out);
        continue;
      }
      LibraryUse use{.name = needed.name, .module = module};
      std::optional<Image> found = locate(module, image, use);
      loaded_.emplace(needed.name, found ? use.path : std::string());
      if (found) {
        next.emplace_back(use.path, *std::move(found));
      }
      out.push_back(std::move(use));
    }
    for (const auto& [path, library] : next) {
      add(path, library, out);
    }
  }

 private:
  // A library that is loaded already is taken as it is; it must fit this module too.
  void add_misfit(const std::string& module, const Image& image,
                  const std::pair<const std::string, std::string>& known,
                  std::vector<LibraryUse>& out) {
    if (known.second.empty()) {
      return;  // reported when it was first looked for
    }
    const auto read = library_file(machine_, known.second);
    const std::optional<binary::File>& file = *read;
    LibraryUse use{
        .name = known.first, .module = module, .state = LibraryState::Found, .path = known.second};
    if (file && !file->images.empty()) {
      check_versions(image, file->images.front(), use);
      check_symbols(module, image, use);
    }
    if (use.state != LibraryState::Found) {
      out.push_back(std::move(use));
    }
  }

  // Fills `use`; what was found is searched further.
  std::optional<Image> locate(const std::string& module, const Image& image, LibraryUse& use) {
    for (const std::string& candidate : candidates(module, image, use.name)) {
      if (!machine_.is_file(candidate)) {
        continue;
      }
      const auto read = library_file(machine_, candidate);
      const std::optional<binary::File>& file = *read;
      use.path = candidate;
      if (!file) {
        use.state = LibraryState::Unreadable;
        return std::nullopt;  // glibc stops here: "file too short", "invalid ELF header"
      }
      const auto fits = std::ranges::find_if(file->images, [&](const Image& part) {
        return part.architecture == image.architecture && part.bits == image.bits;
      });
      if (fits == file->images.end()) {
        use.state = LibraryState::OtherMachine;
        continue;  // a loader passes over files of another class
      }
      use.state = LibraryState::Found;
      check_versions(image, *fits, use);
      check_symbols(module, image, use);
      return *fits;
    }
    if (use.state == LibraryState::Absent) {
      const std::string name(machine::base_name(use.name));
      for (const std::string& hint : context_.hints) {
        const std::string path = machine_.joined(hint, name);
        if (machine_.is_file(path)) {
          use.elsewhere.push_back(path);
        }
      }
    }
    return std::nullopt;
  }

  // A library without any versions is taken by glibc with a warning.
  static void check_versions(const Image& module, const Image& library, LibraryUse& use) {
    for (const binary::WantedVersion& wanted : module.wanted_versions) {
      const bool ours = wanted.library == use.name && !wanted.weak;
      if (ours && !library.defined_versions.empty() &&
          std::ranges::find(library.defined_versions, wanted.version) ==
              library.defined_versions.end()) {
        use.state = LibraryState::LacksVersion;
        use.lacking = wanted.version;
        return;
      }
    }
  }

  void check_symbols(const std::string& module, const Image& image, LibraryUse& use) {
    if (image.format != Format::Pe || use.state != LibraryState::Found) {
      return;
    }
    const auto wanted = binary::read_symbols(as_bytes(library_bytes(machine_, module)));
    const auto offered = binary::read_symbols(as_bytes(library_bytes(machine_, use.path)));
    if (!wanted || !offered || offered->defined.empty()) {
      return;
    }
    std::set<std::string_view> names;
    for (const binary::Symbol& symbol : offered->defined) {
      names.insert(symbol.name);
    }
    for (const binary::Symbol& symbol : wanted->undefined) {
      if (symbol.from == use.name && !symbol.name.starts_with('#') &&
          !names.contains(symbol.name)) {
        use.state = LibraryState::LacksSymbol;
        use.lacking = symbol.name;
        return;
      }
    }
  }

  std::vector<std::string> candidates(const std::string& module, const Image& image,
                                      const std::string& name) {
    switch (image.format) {
      case Format::Elf:
        return elf_candidates(module, image, name);
      case Format::Pe:
        return pe_candidates(module, name);
      case Format::MachO:
        return macho_candidates(module, image, name);
    }
    return {};
  }

  [[nodiscard]] std::string origin(std::string_view file) const {
    return std::string(machine::parent(machine_.resolve(file).value_or(std::string(file))));
  }

  // ld.so(8), "the necessary shared objects are searched for in the following order".
  std::vector<std::string> elf_candidates(const std::string& module, const Image& image,
                                          const std::string& name) {
    if (name.find('/') != std::string::npos) {
      return {name};
    }
    std::vector<std::string> directories;
    const auto add_list = [&](const std::vector<std::string>& list, std::string_view file) {
      for (const std::string& path : list) {
        std::string one = replaced(path, "$ORIGIN", origin(file));
        directories.push_back(replaced(std::move(one), "${ORIGIN}", origin(file)));
      }
    };
    if (image.runpath.empty()) {
      add_list(image.rpath, module);
      if (program_ && program_->runpath.empty()) {
        add_list(program_->rpath, context_.program);
      }
    }
    const std::string own = machine_.variable("LD_LIBRARY_PATH").value_or("");
    add_list(split(own, ':'), context_.program);
    add_list(image.runpath, module);
    if (system_.empty()) {
      system_ = system_directories(machine_);
    }
    directories.insert(directories.end(), system_.begin(), system_.end());
    return in(directories, name);
  }

  // LoadLibraryEx as CPython calls it, then what the context adds; the safe order of Windows.
  std::vector<std::string> pe_candidates(const std::string& module, const std::string& name) {
    std::vector<std::string> directories = {std::string(machine::parent(module)),
                                            std::string(machine::parent(context_.program)),
                                            "C:/Windows/System32", "C:/Windows"};
    directories.insert(directories.end(), context_.directories.begin(), context_.directories.end());
    return in(directories, name);
  }

  // dyld(1).
  std::vector<std::string> macho_candidates(const std::string& module, const Image& image,
                                            const std::string& name) {
    const auto placed = [&](const std::string& path, std::string_view file) {
      std::string one = replaced(path, "@loader_path", origin(file));
      return replaced(std::move(one), "@executable_path", origin(context_.program));
    };
    std::vector<std::string> found;
    const std::string own = machine_.variable("DYLD_LIBRARY_PATH").value_or("");
    for (const std::string& directory : split(own, ':')) {
      found.push_back(machine_.joined(directory, machine::base_name(name)));
    }
    constexpr std::string_view kRpath = "@rpath/";
    if (name.starts_with(kRpath)) {
      for (const std::string& path : image.rpath) {
        found.push_back(placed(path, module) + name.substr(kRpath.size() - 1));
      }
      for (const std::string& path : program_ ? program_->rpath : std::vector<std::string>()) {
        found.push_back(placed(path, context_.program) + name.substr(kRpath.size() - 1));
      }
    } else {
      found.push_back(placed(name, module));
    }
    return found;
  }

  [[nodiscard]] std::vector<std::string> in(const std::vector<std::string>& directories,
                                            const std::string& name) const {
    std::vector<std::string> found;
    found.reserve(directories.size());
    for (const std::string& directory : directories) {
      found.push_back(machine_.joined(directory, name));
    }
    return found;
  }

  const Machine& machine_;
  const LoaderContext& context_;
  std::optional<Image> program_;
  std::vector<std::string> system_;
  std::map<std::string, std::string> loaded_;  // by name; an empty path: not found
};

}  // namespace

std::string library_bytes(const Machine& machine, std::string_view path) {
  return machine.read(path, kMaxLibraryBytes).value_or(std::string());
}

std::shared_ptr<const std::optional<binary::File>> library_file(const Machine& machine,
                                                                std::string_view path) {
  using File = std::optional<binary::File>;
  const std::string real = machine.resolve(path).value_or(std::string(path));
  return machine.remembered<File>("image:" + real, [&]() -> File {
    auto file = binary::read(as_bytes(library_bytes(machine, real)));
    return file ? File(*std::move(file)) : std::nullopt;
  });
}

std::shared_ptr<const std::optional<binary::TlsLibrary>> tls_library_inside(const Machine& machine,
                                                                            std::string_view path) {
  using Inside = std::optional<binary::TlsLibrary>;
  const std::string real = machine.resolve(path).value_or(std::string(path));
  return machine.remembered<Inside>("tls-inside:" + real, [&]() -> Inside {
    return binary::find_tls_library(as_bytes(library_bytes(machine, real)));
  });
}

std::vector<LibraryUse> tls_libraries(const Machine& machine, const std::string& module,
                                      const Image& image, const LoaderContext& context) {
  std::vector<LibraryUse> found;
  Search(machine, context).add(module, image, found);
  return found;
}

}  // namespace medic::clients
