#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <string>

#include "base/files.h"
#include "cli/trust_change.h"
#include "probe/network.h"
#include "trust/admission.h"
#include "x509/container.h"
#include "x509/digest.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {
    {.name = "--sha256",
     .kind = OptionKind::Repeated,
     .value = "FINGERPRINT",
     .summary_key = "trust.sha256"},
    {.name = "--to", .kind = OptionKind::Value, .value = "STORES", .summary_key = "trust.to"},
    {.name = "--clients",
     .kind = OptionKind::Value,
     .value = "NAMES",
     .summary_key = "trust.clients"},
    {.name = "--yes", .summary_key = "fix.yes"},
    kDryRunOption,
    {.name = "--no-trials", .summary_key = "fix.no_trials"},
    kStorePasswordOption,
    {.name = "--root", .kind = OptionKind::Value, .value = "DIR", .summary_key = "fix.root"}};
constexpr Positional kPositionals[] = {{.name = "SOURCE", .summary_key = "trust.source"}};
constexpr Example kExamples[] = {
    {.command = "tlsmedic trust add corp-root.pem --to system,java --sha256 FINGERPRINT",
     .summary_key = "trust.example_add"},
    {.command = "tlsmedic trust add corp-root.pem --clients git,pip --sha256 FINGERPRINT",
     .summary_key = "trust.example_clients"}};
constexpr std::array<std::string_view, 3> kStores = {"system", "java", "nss"};
// A chain of certificates in PEM is a few KB; PKCS#7 of a company's roots is not much more.
constexpr std::size_t kMostBytes = std::size_t{1} << 20U;

Result<Bytes> read_input(Io& io) {
  Bytes bytes;
  for (std::istreambuf_iterator<char> at(*io.in), end; at != end; ++at) {
    if (bytes.size() == kMostBytes) {
      return fail(ErrorKind::Limit,
                  fmt::format("standard input gives more than {} bytes", kMostBytes));
    }
    bytes.push_back(static_cast<std::uint8_t>(*at));
  }
  return bytes;
}

// The fingerprint vouches for what comes, not the way by which it comes.
Result<Bytes> fetch(const std::string& url) {
  if (!url.starts_with("http://")) {
    return fail(
        ErrorKind::Usage, "a root is fetched by http:// only",
        "over a TLS that does not work yet nothing could be fetched, and the fingerprint is "
        "what vouches for the root",
        "save it with a browser and give the file");
  }
  probe::Network network({});
  evidence::Fetched got =
      network.fetch({.url = url, .purpose = "aia", .max_bytes = kMostBytes, .allow_private = true});
  constexpr int kOk = 200;
  if (got.status != kOk) {
    return fail(ErrorKind::Io, fmt::format("'{}' was not fetched: {}", escaped(url),
                                           got.error.empty() ? fmt::format("status {}", got.status)
                                                             : escaped(got.error)));
  }
  return std::move(got.body);
}

Result<Bytes> source_bytes(const std::string& source, Io& io) {
  if (source == "-" && io.in != nullptr) {
    return read_input(io);
  }
  if (source.find("://") != std::string::npos) {
    return fetch(source);
  }
  return read_file(source, kMostBytes);
}

// A SHA-1 thumbprint, as Windows shows it, is compared and then not taken.
Result<Sha256> fingerprint(const std::string& text, const Bytes& file) {
  auto parsed = trust::parse_fingerprint(text);
  if (parsed || parsed.error().what.find("SHA-1") == std::string::npos) {
    return parsed;
  }
  std::string lower_digits;
  for (const char c : text) {
    if (std::isxdigit(static_cast<unsigned char>(c)) != 0) {
      lower_digits.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    }
  }
  for (const auto& certificate : x509::read_certificates(file).certificates) {
    if (lower_digits == hex(x509::sha1(certificate->der))) {
      parsed.error().matters = fmt::format(
          "it is that of '{}'; but two certificates can be made with one SHA-1, so it proves "
          "nothing",
          escaped(certificate->subject.display(), 64));
      parsed.error().next_step =
          fmt::format("ask who runs the CA whether its SHA-256 fingerprint is {}",
                      trust::fingerprint_text(certificate->fingerprint));
    }
  }
  return parsed;
}

Result<Wish> wish_of(const Args& args, Io& io) {
  const std::string source = args.positional("SOURCE");
  MEDIC_TRY(const Bytes file, source_bytes(source, io));
  std::vector<Sha256> allowed;
  for (const std::string& text : args.values("--sha256")) {
    MEDIC_TRY(const Sha256 one, fingerprint(text, file));
    allowed.push_back(one);
  }
  Wish wish;
  // No problem of an inventory has it: only the roots are asked for.
  wish.cause = "private-ca-not-trusted";
  MEDIC_TRY(wish.roots, trust::admitted(file, source, allowed, io.clock->now()));
  if (args.has("--clients")) {
    if (args.has("--to")) {
      return fail(ErrorKind::Usage, "--to and --clients are two ways to say where",
                  "a store serves all that read it, a client has settings of its own",
                  "tlsmedic trust add FILE --sha256 FINGERPRINT --clients NAMES");
    }
    MEDIC_TRY(wish.clients, listed(args.value("--clients"), {}));
  } else {
    MEDIC_TRY(wish.stores, listed(args.value("--to", "system"), kStores));
  }
  wish.password = store_password(args, io);
  return wish;
}

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(const Patient patient, patient_of(args, io));
  MEDIC_TRY(const Wish wish, wish_of(args, io));
  return change_trust(args, patient, wish, io);
}

}  // namespace

extern constinit const Command command_trust_add{.name = "trust add",
                                                 .summary_key = "trust.add_summary",
                                                 .options = kOptions,
                                                 .positionals = kPositionals,
                                                 .examples = kExamples,
                                                 .run = run};

}  // namespace medic::cli
