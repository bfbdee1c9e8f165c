#include "clients/libcurl.h"

#include <array>

#include "clients/gnutls.h"
#include "clients/library_text.h"
#include "clients/openssl_defaults.h"

namespace medic::clients {
namespace {

using machine::Machine;

// Under these names programs need it: upstream's, and Debian's build with GnuTLS.
constexpr auto kNames =
    std::to_array<std::string_view>({"libcurl-gnutls.so.4", "libcurl-nss.so.4", "libcurl.so.4"});

std::string openssl_version(const Machine& machine, std::string_view library) {
  const auto name = text_from(library, "libcrypto.so.");
  const auto path = name ? system_library(machine, *name) : std::nullopt;
  const auto build = path ? openssl_build_of(machine, *path) : std::nullopt;
  return build && !build->version.empty() ? build->version : "OpenSSL";
}

std::optional<Libcurl> described(const Machine& machine, std::string path, std::string_view text) {
  const auto version = version_after(text, "libcurl/");
  if (!version) {
    return std::nullopt;
  }
  Libcurl library{.path = std::move(path), .version = *version};
  library.gnutls = text.find("libgnutls.so") != std::string_view::npos;
  if (library.gnutls) {
    library.tls = gnutls_build_of(machine, text).name;
  } else if (text.find("libssl.so") != std::string_view::npos) {
    library.tls = openssl_version(machine, text);
  } else if (text.find("schannel:") != std::string_view::npos) {
    library.tls = "Schannel";
  }
  // configure's --with-ca-bundle and --with-ca-path, as texts of their own. Where distributions put
  // the bundle: the list of trust::system_bundle_paths().
  for (const std::string_view known : trust::system_bundle_paths()) {
    if (text_from(text, known, known) == std::string(known)) {
      library.file = known;
      break;
    }
  }
  for (const std::string_view known : {"/etc/ssl/certs", "/etc/pki/tls/certs"}) {
    if (text_from(text, known, known) == std::string(known)) {
      library.directory = known;
      break;
    }
  }
  return library;
}

}  // namespace

std::optional<Libcurl> libcurl_of(const Machine& machine, std::string_view program) {
  for (const std::string_view name : kNames) {
    if (program.find(name) == std::string_view::npos) {
      continue;
    }
    const auto path = system_library(machine, name);
    if (!path) {
      return std::nullopt;
    }
    return *machine.remembered<std::optional<Libcurl>>("libcurl:" + *path, [&] {
      return described(machine, *path, program_text(machine, *path));
    });
  }
  return described(machine, {}, program);
}

void add_libcurl_defaults(Survey& survey, const Libcurl& library, bool file_replaced,
                          bool directory_replaced, EffectiveTrust& trust) {
  const auto add = [&](std::string_view name, const std::string& path, PartKind kind,
                       bool replaced) {
    Rule rule{.kind = RuleKind::CompiledIn, .name = std::string(name)};
    if (path.empty() || replaced) {
      rule.value = path;
      rule.outcome = path.empty() ? Outcome::NotSet : Outcome::Overridden;
      trust.trace.push_back(std::move(rule));
    } else {
      add_part(survey, std::move(rule), {.kind = kind, .path = path}, trust);
    }
  };
  add("CAfile", library.file, PartKind::Bundle, file_replaced);
  add("CApath", library.directory,
      library.gnutls ? PartKind::PlainDirectory : PartKind::HashedDirectory, directory_replaced);
}

}  // namespace medic::clients
