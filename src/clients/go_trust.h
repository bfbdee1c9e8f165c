#pragma once

// What programs written in Go trust on their own (crypto/x509, root_linux.go, root_unix.go), and
// how such a program is known. Internal to clients/.

#include <string>
#include <string_view>

#include "clients/rules.h"

namespace medic::clients {

// "go1.22.3", read from the block that the linker puts at the start of the writable data; empty: no
// program of Go, or of before 1.18.
std::string go_version_of(const machine::Machine& machine, std::string_view path);
// crypto/x509 without GODEBUG: "go".
std::string go_profile(std::string_view version);

// The first existing bundle of six and every file of the directories; SSL_CERT_FILE stands for the
// one, SSL_CERT_DIR for the others, in silence when it cannot be read. On macOS and Windows the
// platform decides and both variables are ignored. Nothing when the rules before have decided.
void add_go_trust(Survey& survey, RuleList& rules);

}  // namespace medic::clients
