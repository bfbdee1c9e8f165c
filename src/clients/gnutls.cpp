#include "clients/gnutls.h"

#include "clients/library_text.h"

namespace medic::clients {

namespace {

GnutlsBuild described(const machine::Machine& machine, const std::string& path) {
  GnutlsBuild build;
  const std::string text = program_text(machine, path);
  // gnutls_check_version() returns the version: a text of its own, without a name.
  if (const auto version = text_from(text, std::string_view("\0003.", 3))) {
    build.name += " " + version->substr(1);
  }
  for (const std::string_view known : trust::system_bundle_paths()) {
    if (text_from(text, known, known) == std::string(known)) {
      build.trust_file = known;
      break;
    }
  }
  return build;
}

}  // namespace

GnutlsBuild gnutls_build_of(const machine::Machine& machine, std::string_view program) {
  const auto name = text_from(program, "libgnutls.so.");
  const auto path = name ? system_library(machine, *name) : std::nullopt;
  if (!path) {
    return {};
  }
  return *machine.remembered<GnutlsBuild>("gnutls:" + *path,
                                          [&] { return described(machine, *path); });
}

void add_gnutls_defaults(Survey& survey, const GnutlsBuild& build, EffectiveTrust& trust) {
  const std::string file = build.trust_file.empty() ? survey.system_bundle() : build.trust_file;
  add_part(survey, {.kind = RuleKind::SystemStore, .name = "GnuTLS system trust"},
           {.kind = PartKind::Bundle, .path = file}, trust);
}

}  // namespace medic::clients
