#pragma once

// Certificates that an administrator's policy gives to a browser. Internal to clients/.

#include <span>
#include <string>

#include "clients/rules.h"

namespace medic::clients {

// Chromium's CACertificates: base64 of DER, in every *.json of the directories.
void add_chromium_policies(Survey& survey, std::span<const std::string> directories,
                           RuleList& rules);
// Firefox's Certificates.Install (files, by name or path) and ImportEnterpriseRoots.
void add_firefox_policies(Survey& survey, std::span<const std::string> files, RuleList& rules);

}  // namespace medic::clients
