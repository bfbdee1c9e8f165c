#include "clients/python_packages.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "clients/client.h"
#include "clients/openssl_defaults.h"
#include "clients/python.h"
#include "clients/survey.h"
#include "machine/machine.h"
#include "x509/digest.h"

namespace medic::clients {
namespace {

using machine::Machine;

constexpr std::size_t kMaxRecordBytes = std::size_t{8} << 20U;

// PEP 503: case and runs of "-_." do not count.
std::string normalised(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool separator = c == '-' || c == '_' || c == '.';
    if (!separator) {
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!out.ends_with('-')) {
      out += '-';
    }
  }
  return out;
}

// "requests-2.31.0.dist-info" and "six-1.16.0-py3.egg-info"; none: no metadata.
std::optional<PythonPackage> package_of(std::string_view entry) {
  for (const std::string_view ending : {".dist-info", ".egg-info"}) {
    if (!entry.ends_with(ending)) {
      continue;
    }
    const std::string_view stem = entry.substr(0, entry.size() - ending.size());
    const std::size_t dash = stem.find('-');
    PythonPackage package{.name = normalised(stem.substr(0, dash)), .metadata = std::string(entry)};
    if (dash != std::string_view::npos) {
      const std::string_view rest = stem.substr(dash + 1);
      package.version = rest.substr(0, rest.find('-'));
    }
    return package;
  }
  return std::nullopt;
}

bool contains_any(std::string_view text, std::span<const std::string_view> words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

void add_hook_lines(const Machine& machine, const std::string& file, bool only_imports,
                    std::vector<PythonHook>& out) {
  constexpr std::array<std::string_view, 4> kStores = {"truststore", "pip_system_certs",
                                                       "certifi_win32", "wincertstore"};
  constexpr std::array<std::string_view, 3> kOff = {"_create_unverified_context", "CERT_NONE",
                                                    "verify=False"};
  constexpr std::size_t kMaxHookBytes = std::size_t{1} << 18U;
  const auto text = machine.read(file, kMaxHookBytes);
  std::string_view rest = text ? std::string_view(*text) : std::string_view();
  for (int line = 1; !rest.empty(); ++line) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    // site.py runs the lines of a .pth that begin so; the others are paths.
    const bool runs = one.starts_with("import ") || one.starts_with("import\t");
    const bool stores = contains_any(one, kStores);
    const bool off = contains_any(one, kOff);
    if ((only_imports && !runs) || (!stores && !off) || one.starts_with('#')) {
      continue;
    }
    out.push_back({.file = file,
                   .line = line,
                   .text = escaped(one, 120),
                   .uses_system_store = stores,
                   .switches_off = off});
  }
}

std::vector<PythonHook> hooks_in(const Machine& machine,
                                 const std::vector<std::string>& directories) {
  std::vector<PythonHook> found;
  for (const std::string& directory : directories) {
    for (const std::string_view name : {"sitecustomize.py", "usercustomize.py"}) {
      add_hook_lines(machine, directory + "/" + std::string(name), false, found);
    }
    for (const std::string& path : machine.glob(directory + "/*.pth")) {
      add_hook_lines(machine, path, true, found);
    }
  }
  return found;
}

std::string url_safe(std::string text) {
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  while (text.ends_with('=')) {
    text.pop_back();
  }
  return text;
}

}  // namespace

std::optional<PythonPackage> python_package(const Machine& machine, const Python& python,
                                            std::string_view name) {
  using Packages = std::vector<PythonPackage>;
  for (const std::string& directory : python.search) {
    const auto packages = machine.remembered<Packages>("packages:" + directory, [&] {
      Packages listed;
      const auto entries = machine.list(directory);
      for (std::size_t i = 0; entries && i < entries->size(); ++i) {
        if (auto found = package_of((*entries)[i].name)) {
          found->directory = directory;
          found->metadata = directory + "/" + (*entries)[i].name;
          listed.push_back(*std::move(found));
        }
      }
      return listed;
    });
    const auto found = std::ranges::find(*packages, name, &PythonPackage::name);
    if (found != packages->end()) {
      return *found;
    }
  }
  return std::nullopt;
}

std::optional<bool> as_recorded(const Machine& machine, const PythonPackage& package,
                                std::string_view file) {
  const auto record = machine.read(package.metadata + "/RECORD", kMaxRecordBytes);
  const std::string mark = std::string(file) + ",sha256=";
  const std::size_t at = record ? record->find(mark) : std::string::npos;
  const auto bytes = machine.read(package.directory + "/" + std::string(file), kMaxRecordBytes);
  if (at == std::string::npos || !bytes) {
    return std::nullopt;
  }
  const std::size_t start = at + mark.size();
  const std::string recorded = record->substr(start, record->find(',', start) - start);
  return recorded == url_safe(base64(x509::sha256(as_bytes(*bytes))));
}

std::vector<PythonHook> python_hooks(const Machine& machine, const Python& python) {
  std::vector<std::string> directories = {python.library};
  directories.insert(directories.end(), python.search.begin(), python.search.end());
  std::string key = "hooks:";
  for (const std::string& directory : directories) {
    key += directory + "\n";
  }
  return *machine.remembered<std::vector<PythonHook>>(
      key, [&] { return hooks_in(machine, directories); });
}

std::string certifi_file(const Machine& machine, const Python& python) {
  const auto package = python_package(machine, python, "certifi");
  if (!package) {
    return {};
  }
  // Debian's where() does not look beside itself (python3-certifi, debian/patches).
  const auto core = machine.read(package->directory + "/certifi/core.py");
  constexpr std::string_view kSystem = "/etc/ssl/certs/ca-certificates.crt";
  if (core && core->find(kSystem) != std::string::npos) {
    return std::string(kSystem);
  }
  return package->directory + "/certifi/cacert.pem";
}

void add_certifi(Survey& survey, const Python& python, Client& client) {
  const Machine& machine = survey.machine();
  const std::string file = certifi_file(machine, python);
  if (file.empty()) {
    client.trust.trace.push_back({.kind = RuleKind::Bundled, .name = "certifi"});
    return;
  }
  add_part(survey, {.kind = RuleKind::Bundled, .name = "certifi"},
           {.kind = PartKind::Bundle, .path = file}, client.trust);
  const auto package = python_package(machine, python, "certifi");
  if (package && !as_recorded(machine, *package, "certifi/cacert.pem").value_or(true)) {
    client.problems.push_back({.cause = "private-ca-not-trusted",
                               .id = "bundle-edited",
                               .subject = file,
                               .origin = {.file = file},
                               .facts = {{"path", escaped(machine.display(file))},
                                         {"version", escaped(package->version)}}});
  }
}

void add_truststore(Survey& survey, const Python& python, Client& client) {
  const Machine& machine = survey.machine();
  switch (machine.family()) {
    case machine::Family::Windows:
      add_part(survey, {.kind = RuleKind::SystemStore, .name = "truststore"},
               {.kind = PartKind::WindowsStore}, client.trust);
      return;
    case machine::Family::MacOs:
      add_part(survey, {.kind = RuleKind::SystemStore, .name = "truststore"},
               {.kind = PartKind::MacKeychain}, client.trust);
      return;
    case machine::Family::Linux:
      break;
  }
  add_openssl_defaults(survey, python.ssl.build, client.trust);
  if (!client.trust.parts.empty()) {
    return;
  }
  for (const std::string_view path :
       {"/etc/ssl/cert.pem", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/pki/tls/cert.pem", "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/ca-bundle.pem"}) {
    if (machine.is_file(path)) {
      add_part(survey, {.kind = RuleKind::SystemStore, .name = "truststore"},
               {.kind = PartKind::Bundle, .path = std::string(path)}, client.trust);
      return;
    }
  }
}

std::string requests_profile(const Machine& machine, const Python& python) {
  const auto urllib3 = python_package(machine, python, "urllib3");
  if (!urllib3) {
    return {};
  }
  if (compare_versions(urllib3->version, "2") < 0) {
    return "requests-urllib3-1";
  }
  // urllib3 2.4 asks for X509_STRICT where Python 3.13 does.
  const bool strict = compare_versions(urllib3->version, "2.4") >= 0 &&
                      compare_versions(python.version, "3.13") >= 0;
  return strict ? "requests-urllib3-2.4" : "requests-urllib3-2";
}

bool add_variable_rule(Survey& survey, std::string_view name, EffectiveTrust& trust,
                       Outcome if_broken) {
  const Machine& machine = survey.machine();
  Rule rule{.kind = RuleKind::Variable,
            .name = std::string(name),
            .origin = {.variable = std::string(name)}};
  const std::string value = machine.variable(name).value_or("");
  const bool decided = std::ranges::any_of(trust.trace, [](const Rule& earlier) {
    return earlier.outcome == Outcome::Won || earlier.outcome == Outcome::Fatal;
  });
  if (value.empty() || decided) {
    rule.value = value;
    rule.outcome = value.empty() ? Outcome::NotSet : Outcome::Overridden;
    trust.trace.push_back(std::move(rule));
    return decided;
  }
  const std::string path = machine.joined({}, value);
  const PartKind kind = machine.is_directory(path) ? PartKind::HashedDirectory : PartKind::Bundle;
  add_part(survey, std::move(rule), {.kind = kind, .path = path}, trust, if_broken);
  return true;
}

}  // namespace medic::clients
