// The name is there, in its own script instead of the A-labels that certificates hold (RFC 5280
// section 7.2).

#include <algorithm>

#include "diagnose/cause.h"
#include "target/target.h"
#include "x509/host_name.h"

namespace medic::diagnose {
namespace {

bool ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Whether this dNSName would match if it were written as a certificate must write it.
bool matches_as_a_labels(const std::string& dns, const std::string& host) {
  if (ascii(dns)) {
    return false;
  }
  const bool wildcard = dns.starts_with("*.");
  const auto name = target::parse_host(std::string_view(dns).substr(wildcard ? 2 : 0));
  return name && x509::dns_name_matches((wildcard ? "*." : "") + name->ascii, host);
}

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("name-not-checked");
  if (cure == nullptr || !cure->certificates.front()->subject_alt_names) {
    return {};
  }
  for (const std::string& dns : cure->certificates.front()->subject_alt_names->dns) {
    if (matches_as_a_labels(dns, clues.bench.name())) {
      return {match_from(clues, *cure)};
    }
  }
  return {};
}

}  // namespace

extern constinit const Cause cause_hostname_mismatch_idn{.id = "hostname-mismatch-idn",
                                                         .match = match};

}  // namespace medic::diagnose
