#pragma once

// What an expression of a Python file may be when the file runs, as far as the file alone tells.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace medic::audit {

enum class PythonValueKind : std::uint8_t {
  Constant,   // text: "False", "None", "0", "'text'"
  Path,       // text: a module, class or function: "requests.get", ":fetch" of this file
  Instance,   // text: its class; object: its attributes
  Mapping,    // object: its items
  Partial,    // text: the function; object: the arguments bound to it
  Parameter,  // text: its name; function: whose
};

struct PythonObject;

struct PythonValue {
  PythonValueKind kind = PythonValueKind::Constant;
  std::string text;
  std::uint32_t node = 0;  // where it is written
  // Shared by all the names that are bound to one object.
  std::shared_ptr<PythonObject> object;
  std::uint32_t function = 0;
};

// Everything it may be; empty: nothing is known.
using PythonValues = std::vector<PythonValue>;

struct PythonObject {
  std::map<std::string, PythonValues, std::less<>> entries;
  // Of an SSLContext: "" verifies, "unverified" never has, "server" is no client's.
  std::string mark;
  std::uint32_t made = 0;  // the call that made it
};

// Adds what is not there yet, within a bound: code that makes more of it is not followed further.
void merge(PythonValues& into, const PythonValues& more);

// How rules name a value: "False", "'CERT_NONE'", "ssl.CERT_NONE", "ssl.SSLContext(unverified)".
std::string written(const PythonValue& value);

}  // namespace medic::audit
