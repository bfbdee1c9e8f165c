#pragma once

// The libcurl of a program: which TLS library it was built with and where its own CA files are.

#include <optional>
#include <string>
#include <string_view>

#include "clients/client.h"
#include "clients/survey.h"

namespace medic::clients {

struct Libcurl {
  std::string path;     // the program itself when it holds one
  std::string version;  // "7.88.1"
  std::string tls;      // "OpenSSL 3.0.15", "GnuTLS 3.7.9", "Schannel"
  bool gnutls = false;  // reads every file of a CA directory; OpenSSL only hash links
  std::string file;     // compiled-in CAfile; empty: none
  std::string directory;
};

// `program` is the text of a program that needs libcurl or has it inside.
std::optional<Libcurl> libcurl_of(const machine::Machine& machine, std::string_view program);

// The compiled-in file, unless something took its place, and the same for the directory.
void add_libcurl_defaults(Survey& survey, const Libcurl& library, bool file_replaced,
                          bool directory_replaced, EffectiveTrust& trust);

}  // namespace medic::clients
