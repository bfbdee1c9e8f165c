#pragma once

// Where the loader of the inspected system would find the TLS libraries that a module needs, by the
// rules of ELF, Mach-O and Windows; and whether what it finds fits. Nothing is loaded.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "binary/image.h"
#include "binary/traces.h"
#include "machine/machine.h"

namespace medic::clients {

enum class LibraryState {
  Found,
  Absent,        // in no directory that is searched; `elsewhere` says where it lies nevertheless
  OtherMachine,  // only files for another processor
  LacksVersion,  // an ELF symbol version that the module wants; `lacking` names it
  LacksSymbol,   // a function that the module imports
  Unreadable,    // the file is no library, or cut
};

struct LibraryUse {
  std::string name;    // as the module names it: "libssl.so.3"
  std::string module;  // the file that needs it
  LibraryState state = LibraryState::Absent;
  std::string path;  // what the loader takes (Found, Lacks…), or the misfit
  std::string lacking;
  std::vector<std::string> elsewhere;
};

// How a process that loads the module searches.
struct LoaderContext {
  std::string program;  // the interpreter's file
  // Windows: searched after the module's own, the program's and the system's directories.
  std::vector<std::string> directories;
  // Looked into only to say where a missing library lies.
  std::vector<std::string> hints;
};

// The libraries of `module` (read already as `image`) whose name says TLS, and theirs, each once.
std::vector<LibraryUse> tls_libraries(const machine::Machine& machine, const std::string& module,
                                      const binary::Image& image, const LoaderContext& context);

// A library or program, read whole up to a bound; empty: it cannot be read.
std::string library_bytes(const machine::Machine& machine, std::string_view path);
// What it says of itself to a loader; none: it is no library. Read once a machine.
std::shared_ptr<const std::optional<binary::File>> library_file(const machine::Machine& machine,
                                                                std::string_view path);
// The TLS library inside. Read once a machine.
std::shared_ptr<const std::optional<binary::TlsLibrary>> tls_library_inside(
    const machine::Machine& machine, std::string_view path);

}  // namespace medic::clients
