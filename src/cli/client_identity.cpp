#include "cli/client_identity.h"

#include <fmt/core.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <istream>
#include <utility>

#include "base/files.h"
#include "x509/container.h"
#include "x509/identity.h"

namespace medic::cli {
namespace {

constexpr std::size_t kMaxIdentityBytes = std::size_t{1} << 20U;

// Turns the terminal's echo off for as long as it lives.
class QuietTerminal {
 public:
  QuietTerminal() : active_(tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (active_) {
      termios quiet = before_;
      quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
      active_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
    }
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;
  QuietTerminal(QuietTerminal&&) = delete;
  QuietTerminal& operator=(QuietTerminal&&) = delete;
  ~QuietTerminal() {
    if (active_) {
      static_cast<void>(tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_));
    }
  }
  [[nodiscard]] bool active() const { return active_; }

 private:
  termios before_{};
  bool active_;
};

Result<std::string> passphrase_from_file(const std::string& path) {
  MEDIC_TRY(const std::string text, read_text_file(path, 4096));
  return text.substr(0, text.find_first_of("\r\n"));
}

// Asked for once, when a key turns out to need one and nobody gave a file.
Result<std::string> passphrase_from_person(const std::string& file, const Io& io) {
  if (isatty(STDIN_FILENO) == 0 || io.in == nullptr) {
    return fail(ErrorKind::Usage, fmt::format("{} needs a passphrase", file),
                "there is no terminal to ask for it on", "give it with --passphrase-file FILE");
  }
  io.err << io.message("diagnose.passphrase", {{"file", file}}) << std::flush;
  const QuietTerminal quiet;
  std::string line;
  std::getline(*io.in, line);
  io.err << '\n';
  if (!quiet.active()) {
    return fail(ErrorKind::Io, "the terminal would have shown the passphrase");
  }
  return line;
}

// Runs `read` with the passphrase of the file, none, or the one the person types.
template <class Read>
auto with_passphrase(const Args& args, const Io& io, const std::string& file, Read read)
    -> decltype(read(std::string())) {
  if (args.has("--passphrase-file")) {
    MEDIC_TRY(const std::string passphrase, passphrase_from_file(args.value("--passphrase-file")));
    return read(passphrase);
  }
  auto first = read(std::string());
  if (first || first.error().kind != ErrorKind::Usage) {
    return first;
  }
  MEDIC_TRY(const std::string passphrase, passphrase_from_person(file, io));
  return read(passphrase);
}

}  // namespace

Result<std::optional<x509::Identity>> client_identity(const Args& args, const Io& io) {
  const std::string cert_path = args.value("--cert");
  if (cert_path.empty()) {
    if (args.has("--key")) {
      return fail(ErrorKind::Usage, "--key needs --cert", {}, "add --cert FILE");
    }
    return std::nullopt;
  }
  MEDIC_TRY(const Bytes bytes, read_file(cert_path, kMaxIdentityBytes));
  const x509::Certificates found = x509::read_certificates(bytes);
  if (found.certificates.empty()) {  // not PEM and not DER: PKCS#12 or nothing we know
    auto identity = with_passphrase(args, io, cert_path, [&](const std::string& passphrase) {
      return x509::read_pkcs12(bytes, passphrase);
    });
    if (!identity) {
      return std::unexpected(std::move(identity.error()).within(cert_path));
    }
    return *std::move(identity);
  }
  const std::string key_path = args.value("--key", cert_path);
  MEDIC_TRY(const Bytes key_bytes, read_file(key_path, kMaxIdentityBytes));
  x509::Identity identity{.chain = found.certificates, .key = {}};
  MEDIC_TRY(identity.key, with_passphrase(args, io, key_path, [&](const std::string& passphrase) {
              return x509::read_private_key(key_bytes, passphrase);
            }));
  MEDIC_TRY(const Bytes half, x509::public_half(identity.key.view()));
  if (!std::ranges::equal(half, identity.chain.front()->public_key.spki)) {
    return fail(
        ErrorKind::Data,
        fmt::format("the key in {} does not belong to the certificate in {}", key_path, cert_path),
        "no server would accept the pair", "check that --cert starts with your own certificate");
  }
  return identity;
}

}  // namespace medic::cli
