#include "clients/detector.h"
#include "clients/libcurl.h"
#include "clients/library_text.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

struct GitSettings {
  std::optional<Rule> file;       // http.sslCAInfo
  std::optional<Rule> directory;  // http.sslCAPath
  std::optional<Problem> off;     // http.sslVerify = false
};

// git-config(1), FILES: the system's, XDG's, the home's; the later one counts. What a repository
// says is a matter of where git is started, and includes are not followed.
GitSettings read_settings(const Machine& machine) {
  GitSettings found;
  const std::string xdg = machine.variable("XDG_CONFIG_HOME").value_or("~/.config");
  std::vector<std::string> files = {"/etc/gitconfig", "/usr/local/etc/gitconfig",
                                    machine.expanded(xdg + "/git/config"),
                                    machine.expanded("~/.gitconfig")};
  if (const auto global = machine.variable("GIT_CONFIG_GLOBAL")) {
    files = {"/etc/gitconfig", machine.expanded(*global)};
  }
  for (const std::string& file : files) {
    const auto text = machine.read(file);
    if (!text) {
      continue;
    }
    const settings::Document document = settings::read_git_config(file, *text);
    const auto rule = [&](std::string_view key, std::string_view name, std::optional<Rule>& into) {
      if (const settings::Entry* entry = document.find({"http", key})) {
        into = Rule{.kind = RuleKind::Setting,
                    .name = std::string(name),
                    .value = machine.expanded(entry->value),
                    .origin = {.file = file, .line = entry->line}};
      }
    };
    rule("sslcainfo", "http.sslCAInfo", found.file);
    rule("sslcapath", "http.sslCAPath", found.directory);
    if (const settings::Entry* entry = document.find({"http", "sslverify"})) {
      found.off.reset();
      if (entry->value == "false" || entry->value == "no" || entry->value == "off" ||
          entry->value == "0") {
        found.off = Problem{.cause = "verification-disabled-on-purpose",
                            .id = "setting-verification-off",
                            .subject = "http.sslVerify",
                            .origin = {.file = file, .line = entry->line},
                            .facts = {{"name", "http.sslVerify"}}};
      }
    }
  }
  return found;
}

// http.c of git: a variable beats the configuration. True: something takes the place of the
// compiled-in one.
bool add_override(Survey& survey, std::string_view variable, std::optional<Rule> setting,
                  PartKind kind, EffectiveTrust& trust) {
  const Machine& machine = survey.machine();
  const auto value = machine.variable(variable);
  Rule rule{.kind = RuleKind::Variable,
            .name = std::string(variable),
            .origin = {.variable = std::string(variable)}};
  const Outcome if_broken = kind == PartKind::Bundle ? Outcome::Fatal : Outcome::Broken;
  if (value) {
    add_part(survey, std::move(rule), {.kind = kind, .path = machine.joined({}, *value)}, trust,
             if_broken);
    if (setting) {
      setting->outcome = Outcome::Overridden;
      trust.trace.push_back(*std::move(setting));
    }
    return true;
  }
  trust.trace.push_back(std::move(rule));
  if (setting) {
    const StorePart part{.kind = kind, .path = setting->value};
    add_part(survey, *std::move(setting), part, trust, if_broken);
    return true;
  }
  return false;
}

// The program that speaks HTTP for git.
std::string remote_helper(const Machine& machine) {
  for (const std::string_view pattern :
       {"/usr/lib/git-core/git-remote-https", "/usr/libexec/git-core/git-remote-https",
        "/usr/local/libexec/git-core/git-remote-https"}) {
    if (machine.is_file(pattern)) {
      return std::string(pattern);
    }
  }
  return {};
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  const std::string helper = remote_helper(machine);
  const auto path = machine.program("git");
  if (!path || helper.empty()) {
    return;
  }
  const std::string text = program_text(machine, helper);
  Client client{.kind = "git", .version = version_after(text, "git/").value_or(""), .path = *path};
  const std::optional<Libcurl> library = libcurl_of(machine, text);
  if (!library) {
    client.trust.unknown = "clients.unknown-library";
    survey.add(std::move(client));
    return;
  }
  client.tls_library = library->tls;
  client.profile = library->gnutls ? "gnutls" : "curl";
  GitSettings settings = read_settings(machine);
  const PartKind directories =
      library->gnutls ? PartKind::PlainDirectory : PartKind::HashedDirectory;
  const bool file = add_override(survey, "GIT_SSL_CAINFO", std::move(settings.file),
                                 PartKind::Bundle, client.trust);
  const bool directory = add_override(survey, "GIT_SSL_CAPATH", std::move(settings.directory),
                                      directories, client.trust);
  add_libcurl_defaults(survey, *library, file, directory, client.trust);
  const auto off = machine.variable("GIT_SSL_NO_VERIFY");
  if (off) {
    client.trust.verifies = false;
    client.problems.push_back({.cause = "verification-disabled-on-purpose",
                               .id = "verification-off",
                               .subject = "GIT_SSL_NO_VERIFY",
                               .origin = {.variable = "GIT_SSL_NO_VERIFY"},
                               .facts = {{"name", "GIT_SSL_NO_VERIFY"}}});
  } else if (settings.off) {
    client.trust.verifies = false;
    client.problems.push_back(*std::move(settings.off));
  }
  survey.add(std::move(client));
}

}  // namespace

extern constinit const Detector detector_git{.id = "git", .detect = detect};

}  // namespace medic::clients
