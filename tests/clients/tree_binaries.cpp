#include "tests/clients/tree_binaries.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "binary/image.h"
#include "tests/binary/writer.h"

namespace medic::test {
namespace {

using binary::Format;
using binary::Image;
using binary::Kind;
using binary::Symbols;

std::string in(std::string_view system, std::string_view path) {
  return std::string(system) + "/root" + "/" + std::string(path);
}

std::vector<binary::Needed> needs(const std::vector<std::string>& names) {
  std::vector<binary::Needed> found;
  for (const std::string& name : names) {
    found.push_back({.name = name});
  }
  return found;
}

Image image(Format format, Kind kind, std::string name, const std::vector<std::string>& needed) {
  return {.format = format,
          .kind = kind,
          .architecture = format == Format::MachO ? "aarch64" : "x86_64",
          .bits = 64,
          .name = std::move(name),
          .needed = needs(needed)};
}

// PY_VERSION between two zeros, as an interpreter holds it.
std::string version_text(std::string_view version) {
  return std::string(1, '\0') + std::string(version) + std::string(1, '\0');
}

std::string openssl_text(std::string_view version, std::string_view directory) {
  return std::string(1, '\0') + std::string(version) + std::string(1, '\0') + "OPENSSLDIR: \"" +
         std::string(directory) + "\"" + std::string(1, '\0');
}

std::string elf_program(std::string_view version) {
  Image program = image(Format::Elf, Kind::Program, {}, {"libc.so.6"});
  program.interpreter = "/lib64/ld-linux-x86-64.so.2";
  return make_binary(program, {}, version_text(version));
}

std::string elf_ssl(const std::string& abi, const std::string& version,
                    const std::vector<std::string>& runpath = {}) {
  Image module = image(Format::Elf, Kind::Library, {}, {"libssl.so." + abi, "libcrypto.so." + abi});
  module.runpath = runpath;
  module.wanted_versions = {{.library = "libssl.so." + abi, .version = version}};
  return make_binary(module);
}

std::string elf_library(const std::string& name, const std::vector<std::string>& needed,
                        const std::string& version, const std::string& text = {}) {
  Image library = image(Format::Elf, Kind::Library, name, needed);
  library.defined_versions = {version};
  return make_binary(library, {}, text);
}

void add_linux(std::vector<TreeBinary>& out, const std::string& system) {
  const std::string root = system + "/root";
  const std::string lib = root + "/usr/lib/x86_64-linux-gnu";
  out.push_back({root + "/usr/bin/python3.11", elf_program("3.11.2")});
  out.push_back({root + "/usr/lib/python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so",
                 elf_ssl("3", "OPENSSL_3.0.0")});
  out.push_back(
      {lib + "/libssl.so.3", elf_library("libssl.so.3", {"libcrypto.so.3"}, "OPENSSL_3.0.0")});
  out.push_back({lib + "/libcrypto.so.3",
                 elf_library("libcrypto.so.3", {}, "OPENSSL_3.0.0",
                             openssl_text("OpenSSL 3.0.15 3 Sep 2024", "/usr/lib/ssl"))});
}

// Its own library beside it, by RUNPATH.
void add_conda(std::vector<TreeBinary>& out, const std::string& conda) {
  out.push_back({conda + "bin/python3.12", elf_program("3.12.4")});
  out.push_back({conda + "lib/python3.12/lib-dynload/_ssl.cpython-312-x86_64-linux-gnu.so",
                 elf_ssl("3", "OPENSSL_3.0.0", {"$ORIGIN/../.."})});
  out.push_back(
      {conda + "lib/libssl.so.3", elf_library("libssl.so.3", {"libcrypto.so.3"}, "OPENSSL_3.0.0")});
  out.push_back(
      {conda + "lib/libcrypto.so.3",
       elf_library("libcrypto.so.3", {}, "OPENSSL_3.0.0",
                   openssl_text("OpenSSL 3.3.1 4 Jun 2024", "/home/kim/miniconda3/ssl"))});
}

// Interpreters whose ssl cannot work, each for another reason.
void add_broken_linux(std::vector<TreeBinary>& out) {
  const std::string root = in("python", "");
  out.push_back({root + "opt/python3.8/bin/python3.8", elf_program("3.8.18")});
  out.push_back({root + "opt/python3.9/bin/python3.9", elf_program("3.9.18")});
  out.push_back(
      {root + "opt/python3.9/lib/python3.9/lib-dynload/_ssl.cpython-39-x86_64-linux-gnu.so",
       elf_ssl("1.1", "OPENSSL_1_1_0")});
  out.push_back({root + "opt/python3.13/bin/python3.13", elf_program("3.13.1")});
  out.push_back(
      {root + "opt/python3.13/lib/python3.13/lib-dynload/_ssl.cpython-313-x86_64-linux-gnu.so",
       elf_ssl("3", "OPENSSL_3.2.0")});
  add_conda(out, root + "home/kim/miniconda3/");
  // python-build-standalone: OpenSSL inside the program.
  const std::string uv =
      root + "home/kim/.local/share/uv/python/cpython-3.12.10-linux-x86_64-gnu/bin/";
  Image program = image(Format::Elf, Kind::Program, {}, {"libc.so.6"});
  out.push_back(
      {uv + "python3", make_binary(program, {},
                                   version_text("3.12.10") +
                                       openssl_text("OpenSSL 3.0.16 11 Feb 2025", "/etc/ssl"))});
}

struct WindowsPython {
  std::string directory;  // of python.exe
  std::string ssl, crypto;
  std::string libraries;  // where the DLLs lie
  bool matching = true;
};

void add_windows(std::vector<TreeBinary>& out, const WindowsPython& python) {
  Image program = image(Format::Pe, Kind::Program, {}, {"python312.dll", "KERNEL32.dll"});
  program.file_version = "3.12.4150.1013";
  out.push_back({python.directory + "/python.exe", make_binary(program)});
  Image core = image(Format::Pe, Kind::Library, "python312.dll", {"KERNEL32.dll"});
  core.file_version = "3.12.4150.1013";
  out.push_back({python.directory + "/python312.dll", make_binary(core)});
  const Image module =
      image(Format::Pe, Kind::Library, "_ssl.pyd", {python.crypto, python.ssl, "python312.dll"});
  out.push_back(
      {python.directory + "/DLLs/_ssl.pyd",
       make_binary(module, {.undefined = {{.name = "SSL_new", .from = python.ssl},
                                          {.name = "ERR_get_error", .from = python.crypto}},
                            .defined = {{.name = "PyInit__ssl"}}})});
  const Image ssl = image(Format::Pe, Kind::Library, python.ssl, {python.crypto, "KERNEL32.dll"});
  out.push_back(
      {python.libraries + "/" + python.ssl,
       make_binary(ssl, {.undefined = {{.name = "EVP_PKEY_get_size", .from = python.crypto}},
                         .defined = {{.name = "SSL_new"}}})});
  const Image crypto = image(Format::Pe, Kind::Library, python.crypto, {"KERNEL32.dll"});
  Symbols offered{.defined = {{.name = "ERR_get_error"}}};
  if (python.matching) {
    offered.defined.push_back({.name = "EVP_PKEY_get_size"});
  }
  out.push_back({python.libraries + "/" + python.crypto,
                 make_binary(crypto, offered,
                             openssl_text("OpenSSL 3.0.13 30 Jan 2024",
                                          "C:\\Program Files\\Common Files\\SSL"))});
}

void add_macos(std::vector<TreeBinary>& out) {
  const std::string python =
      in("macos-python-org", "Library/Frameworks/Python.framework/Versions/3.12/");
  out.push_back({python + "bin/python3.12", make_binary(image(Format::MachO, Kind::Program, {},
                                                              {"/usr/lib/libSystem.B.dylib"}),
                                                        {}, version_text("3.12.4"))});
  const std::string lib = "/Library/Frameworks/Python.framework/Versions/3.12/lib/";
  out.push_back({python + "lib/python3.12/lib-dynload/_ssl.cpython-312-darwin.so",
                 make_binary(image(Format::MachO, Kind::Library, {},
                                   {lib + "libssl.3.dylib", lib + "libcrypto.3.dylib"}))});
  out.push_back({python + "lib/libssl.3.dylib",
                 make_binary(image(Format::MachO, Kind::Library, lib + "libssl.3.dylib",
                                   {lib + "libcrypto.3.dylib"}))});
  out.push_back(
      {python + "lib/libcrypto.3.dylib",
       make_binary(
           image(Format::MachO, Kind::Library, lib + "libcrypto.3.dylib", {}), {},
           openssl_text("OpenSSL 3.0.13 30 Jan 2024",
                        "/Library/Frameworks/Python.framework/Versions/3.12/etc/openssl"))});
  const std::string conda = in("macos-python-org", "Users/kim/miniforge3/");
  Image module = image(Format::MachO, Kind::Library, {}, {"@rpath/libssl.3.dylib"});
  module.rpath = {"@loader_path/../../"};
  out.push_back({conda + "bin/python3.11", make_binary(image(Format::MachO, Kind::Program, {}, {}),
                                                       {}, version_text("3.11.9"))});
  out.push_back(
      {conda + "lib/python3.11/lib-dynload/_ssl.cpython-311-darwin.so", make_binary(module)});
  out.push_back({conda + "lib/libssl.3.dylib",
                 make_binary(image(Format::MachO, Kind::Library, "@rpath/libssl.3.dylib", {}))});
}

}  // namespace

std::vector<TreeBinary> tree_binaries() {
  std::vector<TreeBinary> all;
  for (const std::string_view system :
       {"python", "python-tools", "requests", "pip", "httpx", "aiohttp", "httplib2", "shotgun_api3",
        "botocore", "grpcio"}) {
    add_linux(all, std::string(system));
  }
  add_broken_linux(all);
  add_conda(all, in("conda", "home/kim/miniconda3/"));
  const std::string classic = in("windows-anaconda", "Users/kim/anaconda3");
  add_windows(all, {.directory = classic,
                    .ssl = "libssl-1_1-x64.dll",
                    .crypto = "libcrypto-1_1-x64.dll",
                    .libraries = classic + "/Library/bin"});
  const std::string active = in("windows-anaconda-active", "Users/kim/anaconda3");
  add_windows(all, {.directory = active,
                    .ssl = "libssl-3-x64.dll",
                    .crypto = "libcrypto-3-x64.dll",
                    .libraries = active + "/Library/bin"});
  const std::string pair = in("windows-mismatched", "Program Files/Python312");
  add_windows(all, {.directory = pair,
                    .ssl = "libssl-3.dll",
                    .crypto = "libcrypto-3.dll",
                    .libraries = pair + "/DLLs",
                    .matching = false});
  add_macos(all);
  return all;
}

}  // namespace medic::test
