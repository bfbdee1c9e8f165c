// Perl's LWP: PERL_LWP_SSL_CA_FILE or HTTPS_CA_FILE, else ..._CA_PATH or HTTPS_CA_DIR, else what
// the distribution put into LWP::Protocol::https or Mozilla::CA, else IO::Socket::SSL's defaults.
// SSL_CERT_FILE is not read by Debian's (LWP/UserAgent.pm; run with LWP 6.68).

#include <array>
#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/library_text.h"
#include "clients/openssl_defaults.h"
#include "clients/rules.h"

namespace medic::clients {
namespace {

using machine::Machine;

// @INC of the usual builds: perl -V.
std::string module_file(const Machine& machine, std::string_view name) {
  for (const std::string_view pattern :
       {"/etc/perl/", "/usr/local/share/perl/*/", "/usr/share/perl5/vendor_perl/",
        "/usr/share/perl5/", "/usr/share/perl/*/", "/usr/lib/perl5/vendor_perl/*/",
        "/usr/local/lib/perl5/site_perl/*/", "/opt/homebrew/lib/perl5/site_perl/*/"}) {
    const auto found = machine.glob(std::string(pattern) + std::string(name));
    if (!found.empty()) {
      return found.back();
    }
  }
  return {};
}

// $VERSION = '6.68';
std::string module_version(const Machine& machine, const std::string& file) {
  const auto text = machine.read(file);
  if (!text) {
    return {};
  }
  const std::size_t at = text->find("$VERSION");
  const std::size_t digit = at == std::string::npos ? at : text->find_first_of("0123456789", at);
  if (digit == std::string::npos) {
    return {};
  }
  return text->substr(digit, text->find_first_not_of("0123456789.", digit) - digit);
}

// A path in quotes behind SSL_ca_file in the protocol's own source: distributions write theirs.
std::string patched_file(const Machine& machine, const std::string& protocol) {
  const auto text = machine.read(protocol);
  constexpr std::string_view kMark = "{SSL_ca_file} = '";
  const std::size_t at = text ? text->find(kMark) : std::string::npos;
  if (at == std::string::npos) {
    return {};
  }
  const std::size_t start = at + kMark.size();
  return text->substr(start, text->find('\'', start) - start);
}

void add_defaults(Survey& survey, const std::string& protocol, RuleList& rules) {
  const Machine& machine = survey.machine();
  if (const std::string file = patched_file(machine, protocol); !file.empty()) {
    rules.own(RuleKind::CompiledIn, "LWP::Protocol::https",
              {.kind = PartKind::Bundle, .path = file});
    return;
  }
  const std::string mozilla = module_file(machine, "Mozilla/CA.pm");
  if (!mozilla.empty()) {
    rules.own(RuleKind::Bundled, "Mozilla::CA",
              {.kind = PartKind::Bundle,
               .path = std::string(machine::parent(mozilla)) + "/CA/cacert.pem"});
    return;
  }
  if (!rules.decided()) {
    add_openssl_defaults(survey, system_openssl(machine), rules.trust());
  }
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  const auto path = machine.program("perl");
  const std::string protocol = module_file(machine, "LWP/Protocol/https.pm");
  if (!path || protocol.empty()) {
    return;
  }
  const OpensslBuild build = system_openssl(machine);
  Client client{.kind = "lwp",
                .version = module_version(machine, module_file(machine, "LWP.pm")),
                .path = protocol,
                .runtime = *path,
                .tls_library = build.version.empty() ? "OpenSSL" : build.version,
                .profile = "openssl"};
  RuleList rules(survey, client.trust);
  rules.variable("PERL_LWP_SSL_CA_FILE");
  rules.variable("HTTPS_CA_FILE");
  const RuleShape directory{.kind = PartKind::HashedDirectory, .if_broken = Outcome::Broken};
  rules.variable("PERL_LWP_SSL_CA_PATH", directory);
  rules.variable("HTTPS_CA_DIR", directory);
  add_defaults(survey, protocol, rules);
  survey.add(std::move(client));
}

}  // namespace

extern constinit const Detector detector_perl{.id = "perl", .detect = detect};

}  // namespace medic::clients
