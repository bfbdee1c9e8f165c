#include "clients/openssl_defaults.h"

#include <algorithm>
#include <array>

namespace medic::clients {
namespace {

using machine::Machine;

// The largest libcrypto we met (with debug information) has 20 MB.
constexpr std::size_t kMaxLibraryBytes = std::size_t{64} << 20U;

std::string until(std::string_view text, std::size_t from, std::string_view stops) {
  const std::size_t end = text.find_first_of(stops, from);
  return std::string(text.substr(from, std::min(end, text.size()) - from));
}

// "OpenSSL 3.0.15 3 Sep 2024", as OPENSSL_VERSION_TEXT has it.
std::string version_in(std::string_view text) {
  for (const std::string_view start : {"OpenSSL 3.", "OpenSSL 1.", "LibreSSL ", "OpenSSL 4."}) {
    for (std::size_t at = text.find(start); at != std::string_view::npos;
         at = text.find(start, at + 1)) {
      const std::string found = until(text, at, std::string_view("\0\n", 2));
      constexpr std::size_t kLongest = 48;
      if (found.size() > start.size() && found.size() <= kLongest &&
          found.find('%') == std::string::npos &&
          found.find(' ', start.size()) != std::string::npos) {
        return found;
      }
    }
  }
  return {};
}

constexpr auto kLibraries = std::to_array<std::string_view>({
    "/usr/lib/*-linux-*/libcrypto.so.*",
    "/usr/lib64/libcrypto.so.*",
    "/usr/lib/libcrypto.so.*",
    "/lib/libcrypto.so.*",
    "/lib64/libcrypto.so.*",
    "/usr/local/lib/libcrypto.so.*",
    "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib",
    "/usr/local/opt/openssl@3/lib/libcrypto.3.dylib",
});

// OPENSSLDIR by the packages of distributions: Debian's rules file, RHEL's openssl.spec, Alpine's
// and Arch's build files, SUSE's openssl.spec.
std::string directory_by_layout(const Machine& machine) {
  for (const std::string_view path : {"/usr/lib/ssl", "/etc/pki/tls", "/etc/ssl"}) {
    if (machine.is_directory(path)) {
      return std::string(path);
    }
  }
  return {};
}

std::vector<std::string> split_list(std::string_view text, char separator) {
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

}  // namespace

std::optional<OpensslBuild> openssl_build_of(const Machine& machine, const std::string& library) {
  using Build = std::optional<OpensslBuild>;
  const std::string real = machine.resolve(library).value_or(library);
  Build build = *machine.remembered<Build>("openssl:" + real, [&]() -> Build {
    const auto text = machine.read(real, kMaxLibraryBytes);
    constexpr std::string_view kMark = "OPENSSLDIR: \"";
    const std::size_t at = text ? text->find(kMark) : std::string::npos;
    if (at == std::string::npos) {
      return std::nullopt;
    }
    return OpensslBuild{.version = version_in(*text),
                        .directory = until(*text, at + kMark.size(), "\"")};
  });
  if (build) {
    build->library = library;
  }
  return build;
}

OpensslBuild system_openssl(const Machine& machine) {
  for (const std::string_view pattern : kLibraries) {
    std::vector<std::string> found = machine.glob(pattern);
    std::ranges::reverse(found);  // "libcrypto.so.3" before "libcrypto.so.1.1"
    for (const std::string& library : found) {
      if (const auto build = openssl_build_of(machine, library)) {
        return *build;
      }
    }
  }
  return {.directory = directory_by_layout(machine)};
}

void add_openssl_defaults(Survey& survey, const OpensslBuild& build, EffectiveTrust& trust) {
  const Machine& machine = survey.machine();
  const bool windows = machine.family() == machine::Family::Windows;
  const auto file = machine.variable("SSL_CERT_FILE");
  const auto directory = machine.variable("SSL_CERT_DIR");
  const Rule compiled_file{.kind = RuleKind::CompiledIn, .name = "OPENSSLDIR/cert.pem"};
  const Rule compiled_directory{.kind = RuleKind::CompiledIn, .name = "OPENSSLDIR/certs"};
  const auto overridden = [&](Rule rule, std::string_view name) {
    rule.value = build.directory + std::string(name);
    rule.outcome = Outcome::Overridden;
    trust.trace.push_back(std::move(rule));
  };
  const auto variable = [](std::string_view name) {
    return Rule{.kind = RuleKind::Variable,
                .name = std::string(name),
                .origin = {.variable = std::string(name)}};
  };
  if (file) {
    add_part(survey, variable("SSL_CERT_FILE"),
             {.kind = PartKind::Bundle, .path = machine.joined({}, *file)}, trust);
    overridden(compiled_file, "/cert.pem");
  } else {
    trust.trace.push_back(variable("SSL_CERT_FILE"));
    add_part(survey, compiled_file,
             {.kind = PartKind::Bundle, .path = build.directory + "/cert.pem"}, trust);
  }
  if (directory) {
    for (const std::string& one : split_list(*directory, windows ? ';' : ':')) {
      add_part(survey, variable("SSL_CERT_DIR"),
               {.kind = PartKind::HashedDirectory, .path = machine.joined({}, one)}, trust);
    }
    if (directory->empty()) {
      add_part(survey, variable("SSL_CERT_DIR"), {.kind = PartKind::HashedDirectory}, trust);
    }
    overridden(compiled_directory, "/certs");
  } else {
    trust.trace.push_back(variable("SSL_CERT_DIR"));
    add_part(survey, compiled_directory,
             {.kind = PartKind::HashedDirectory, .path = build.directory + "/certs"}, trust);
  }
}

}  // namespace medic::clients
