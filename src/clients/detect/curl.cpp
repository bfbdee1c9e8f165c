#include <array>
#include <charconv>

#include "clients/detector.h"
#include "clients/libcurl.h"
#include "clients/library_text.h"
#include "clients/rules.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

// An empty variable counts as none, as curl_getenv() has it.
std::string set_variable(const Machine& machine, std::string_view name) {
  return machine.variable(name).value_or(std::string());
}

Rule variable_rule(const Machine& machine, std::string_view name) {
  return {.kind = RuleKind::Variable,
          .name = std::string(name),
          .value = set_variable(machine, name),
          .origin = {.variable = std::string(name)}};
}

// Versions compare as numbers: "7.88.1" is before "8.3".
bool before(std::string_view version, int major, int minor) {
  int numbers[2] = {0, 0};
  const char* at = version.data();
  const char* const end = version.data() + version.size();
  for (int& number : numbers) {
    const auto [next, error] = std::from_chars(at, end, number);
    if (error != std::errc()) {
      break;
    }
    at = next != end ? next + 1 : next;
  }
  return numbers[0] < major || (numbers[0] == major && numbers[1] < minor);
}

// CURL_CA_BUNDLE, else SSL_CERT_DIR and SSL_CERT_FILE. Before 8.3 the second
// was asked only when the first was not set (commit 29bce98). A file in place of the compiled-in
// one must exist (exit 77); a directory in place of the compiled-in one need not.
void add_variables(Survey& survey, const Client& client, EffectiveTrust& trust, bool& file,
                   bool& directory) {
  const Machine& machine = survey.machine();
  Rule bundle = variable_rule(machine, "CURL_CA_BUNDLE");
  Rule cert_directory = variable_rule(machine, "SSL_CERT_DIR");
  Rule cert_file = variable_rule(machine, "SSL_CERT_FILE");
  // The tool asks the variables only when no option named either (tool_operate.c).
  const bool by_option = file || directory;
  const bool overridden = by_option || !bundle.value.empty();
  const auto use_file = [&](Rule rule) {
    file = true;
    const StorePart part{.kind = PartKind::Bundle, .path = machine.joined({}, rule.value)};
    add_part(survey, std::move(rule), part, trust, Outcome::Fatal);
  };
  const auto leave = [&](Rule rule, bool because) {
    rule.outcome = because && !rule.value.empty() ? Outcome::Overridden : Outcome::NotSet;
    trust.trace.push_back(std::move(rule));
  };
  if (overridden && !by_option) {
    use_file(std::move(bundle));
  } else {
    leave(std::move(bundle), by_option);
  }
  const bool old = before(client.version, 8, 3);
  const bool directory_set = !cert_directory.value.empty();
  if (overridden || !directory_set) {
    leave(std::move(cert_directory), overridden);
  } else {
    directory = true;
    const StorePart part{.kind = PartKind::HashedDirectory,
                         .path = machine.joined({}, cert_directory.value)};
    add_part(survey, std::move(cert_directory), part, trust);
  }
  if (overridden || cert_file.value.empty() || (old && directory_set)) {
    leave(std::move(cert_file), overridden || directory_set);
  } else {
    use_file(std::move(cert_file));
  }
}

// curl(1) --config: the first of these that exists is read, and no other.
std::vector<std::string> curlrc_files(const Machine& machine) {
  std::vector<std::string> files;
  const std::string own = machine.variable("CURL_HOME").value_or("");
  if (!own.empty()) {
    files.push_back(machine.joined({}, own) + "/.curlrc");
  }
  const std::string xdg = machine.variable("XDG_CONFIG_HOME").value_or("");
  if (!xdg.empty()) {
    files.push_back(machine.joined({}, xdg) + "/curlrc");  // from 8.2 on; ".curlrc" since 7.73
    files.push_back(machine.joined({}, xdg) + "/.curlrc");
  }
  const std::string home = home_of(machine);
  files.push_back(home + "/.curlrc");
  files.push_back(home + "/.config/curlrc");
  if (machine.family() == machine::Family::Windows) {
    files.push_back(config_home(machine) + "/.curlrc");
    files.push_back(home + "/_curlrc");
  }
  for (const std::string& file : files) {
    if (machine.is_file(file)) {
      return {file};
    }
  }
  return {};
}

// Options of the file stand before those of the command line, so they beat every variable.
void add_curlrc(Survey& survey, Client& client, bool& file, bool& directory) {
  const Machine& machine = survey.machine();
  const auto documents = documents_of(machine, curlrc_files(machine), settings::read_curlrc);
  const auto option = [&](std::string_view name, PartKind kind, Outcome if_broken, bool& set) {
    const auto found = last_setting(documents, {name});
    if (!found || found->value.empty()) {
      return;
    }
    set = true;
    Rule rule{.kind = RuleKind::Option, .name = "--" + std::string(name), .origin = found->origin};
    add_part(survey, std::move(rule),
             {.kind = kind, .path = machine.joined({}, machine.expanded(found->value))},
             client.trust, if_broken);
  };
  option("cacert", PartKind::Bundle, Outcome::Fatal, file);
  option("capath", PartKind::HashedDirectory, Outcome::Broken, directory);
  for (const std::string_view name : {"insecure", "-k"}) {
    if (const auto found = last_setting(documents, {name}); found && !says_no(found->value)) {
      switch_off(client, name == "-k" ? name : "--insecure", found->origin);
    }
  }
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  for (const std::string& path : machine.programs("curl")) {
    const std::string text = program_text(machine, path);
    if (text.empty()) {
      continue;
    }
    const std::optional<Libcurl> library = libcurl_of(machine, text);
    Client client{.kind = "curl",
                  .version = version_after(text, "curl/").value_or(""),
                  .path = path,
                  .profile = "curl"};
    if (!library) {
      client.trust.unknown = "clients.unknown-library";
      survey.add(std::move(client));
      continue;
    }
    client.tls_library = library->tls;
    bool file = false;
    bool directory = false;
    add_curlrc(survey, client, file, directory);
    add_variables(survey, client, client.trust, file, directory);
    add_libcurl_defaults(survey, *library, file, directory, client.trust);
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_curl{.id = "curl", .detect = detect};

}  // namespace medic::clients
