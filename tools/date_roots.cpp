// date_roots OUTPUT YYYY-MM-DD=FILE...: writes the table of public roots by which src/trust dates a
// bundle (data/roots/editions.txt) from dated editions of Mozilla's list, oldest first. Run by
// hand when an edition is added; the table is checked in.

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/time.h"
#include "x509/container.h"

namespace {

constexpr std::string_view kHead =
    "# Public roots by edition of Mozilla's list. Made by date_roots (tools/date_roots.cpp) from\n"
    "# certifi/cacert.pem of the certifi releases of these dates "
    "(github.com/certifi/python-certifi),\n"
    "# a conversion of Mozilla's certdata.txt, which is under the Mozilla Public License 2.0.\n"
    "# A row: SHA-256 of the certificate, the editions that have it (bit 0: the oldest, "
    "hexadecimal),\n"
    "# notAfter, name.\n";

struct Root {
  std::uint64_t editions = 0;
  std::string not_after;
  std::string name;
};

int stop(const std::string& what) {
  fmt::print(stderr, "date_roots: {}\n", what);
  return 1;
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> arguments(values, values + count);
  if (arguments.size() < 3 || arguments.size() > 66) {
    return stop("usage: date_roots OUTPUT YYYY-MM-DD=FILE... (at most 64, oldest first)");
  }
  std::map<medic::Sha256, Root> roots;
  std::string text = std::string(kHead) + "editions";
  std::uint64_t bit = 1;
  for (const std::string& argument : std::span(arguments).subspan(2)) {
    const std::size_t equals = argument.find('=');
    const std::string date = argument.substr(0, equals);
    const auto bytes = medic::read_file(argument.substr(equals + 1));
    if (equals == std::string::npos || !bytes) {
      return stop(bytes ? argument + ": no date" : bytes.error().what);
    }
    const medic::x509::Certificates found = medic::x509::read_certificates(*bytes);
    if (found.certificates.empty() || !found.problems.empty()) {
      return stop(argument + ": not every block is a certificate");
    }
    for (const auto& certificate : found.certificates) {
      Root& root = roots[certificate->fingerprint];
      root.editions |= bit;
      root.not_after = medic::iso_date(certificate->not_after);
      const auto& subject = certificate->subject;
      root.name = subject.first("CN").empty() && !subject.first("OU").empty()
                      ? subject.first("O") + ", " + subject.first("OU")
                      : subject.display();
      std::replace(root.name.begin(), root.name.end(), '\n', ' ');
    }
    text += " " + date;
    bit <<= 1U;
  }
  text += "\n";
  for (const auto& [fingerprint, root] : roots) {
    text += fmt::format("{} {:x} {} {}\n", medic::hex(fingerprint), root.editions, root.not_after,
                        root.name);
  }
  const auto written = medic::write_file(arguments[1], text);
  return written ? 0 : stop(written.error().what);
}
