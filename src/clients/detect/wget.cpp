#include <array>

#include "clients/detector.h"
#include "clients/gnutls.h"
#include "clients/library_text.h"
#include "clients/openssl_defaults.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

struct Wgetrc {
  std::optional<Rule> certificate;
  std::optional<Problem> off;
};

// wget(1), FILES: WGETRC or ~/.wgetrc after the system's file; the later line counts. Commands are
// compared without '-' and '_'.
Wgetrc read_settings(const Machine& machine) {
  Wgetrc found;
  std::vector<std::string> files = {"/etc/wgetrc", "/usr/local/etc/wgetrc"};
  files.push_back(machine.expanded(machine.variable("WGETRC").value_or("~/.wgetrc")));
  for (const std::string& file : files) {
    const auto text = machine.read(file);
    if (!text) {
      continue;
    }
    const settings::Document document = settings::read_wgetrc(file, *text);
    if (const settings::Entry* entry = document.find({"cacertificate"})) {
      found.certificate = Rule{.kind = RuleKind::Setting,
                               .name = "ca_certificate",
                               .value = machine.expanded(entry->value),
                               .origin = {.file = file, .line = entry->line}};
    }
    if (const settings::Entry* entry = document.find({"checkcertificate"})) {
      found.off.reset();
      if (entry->value == "off" || entry->value == "no" || entry->value == "0") {
        found.off = Problem{.cause = "verification-disabled-on-purpose",
                            .id = "setting-verification-off",
                            .subject = "check_certificate",
                            .origin = {.file = file, .line = entry->line},
                            .facts = {{"name", "check_certificate"}}};
      }
    }
  }
  return found;
}

// The version is a text of its own, without a name; zlib's "1.2.13" may stand there too.
std::string version_in(std::string_view text) {
  using namespace std::string_view_literals;
  for (const std::string_view start : {"\0001.25"sv, "\0001.24"sv, "\0001.23"sv, "\0001.22"sv,
                                       "\0001.21"sv, "\0001.20"sv, "\0001.19"sv}) {
    if (const auto found = text_from(text, start)) {
      return found->substr(1);
    }
  }
  return {};
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  for (const std::string& path : machine.programs("wget")) {
    const std::string text = program_text(machine, path);
    const bool gnutls = text.find("libgnutls.so") != std::string::npos;
    if (!gnutls && text.find("libssl.so") == std::string::npos) {
      continue;  // busybox and others that we know nothing about
    }
    Client client{.kind = "wget", .path = path, .profile = gnutls ? "gnutls" : "openssl"};
    client.version = version_in(text);
    Wgetrc settings = read_settings(machine);
    if (settings.certificate) {
      // Read besides the system's; what cannot be read is complained about and left out.
      const StorePart part{.kind = PartKind::Bundle, .path = settings.certificate->value};
      add_part(survey, *settings.certificate, part, client.trust);
    }
    if (gnutls) {
      const GnutlsBuild build = gnutls_build_of(machine, text);
      client.tls_library = build.name;
      add_gnutls_defaults(survey, build, client.trust);
    } else {
      const OpensslBuild build = system_openssl(machine);
      client.tls_library = build.version;
      add_openssl_defaults(survey, build, client.trust);
    }
    if (settings.off) {
      client.trust.verifies = false;
      client.problems.push_back(*std::move(settings.off));
    }
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_wget{.id = "wget", .detect = detect};

}  // namespace medic::clients
