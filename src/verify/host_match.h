#pragma once

// Is this certificate for that host? Each client's own code answers differently at the edges; which
// code is the profile's `host_rules`.

#include <string>
#include <string_view>
#include <vector>

#include "profiles/profile.h"
#include "x509/certificate.h"

namespace medic::verify {

enum class NameVerdict {
  Match,
  Mismatch,
  NoSan,  // no name of the kind asked for in subjectAltName, and the common name does not count
};

// `name` is a host name in A-labels, with or without a final dot, or an IPv4 or IPv6 literal, the
// latter with or without brackets.
NameVerdict match_name(const x509::Certificate& certificate, std::string_view name,
                       profiles::HostRules rules, profiles::CommonName common_name);

// The octets of an IP literal; empty for anything else.
Bytes ip_octets(std::string_view name);

// Every DNS name and address of the certificate as text, or its common name: for sentences.
std::vector<std::string> presented_names(const x509::Certificate& certificate);

}  // namespace medic::verify
