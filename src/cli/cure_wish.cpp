#include "cli/cure_wish.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "base/bytes.h"
#include "base/files.h"
#include "cli/diagnosis_request.h"
#include "cli/diagnosis_run.h"
#include "probe/network.h"
#include "trust/admission.h"
#include "x509/signature.h"

namespace medic::cli {
namespace {

// How the real client is asked for the server that was diagnosed.
std::optional<clients::TrialTarget> trial_target(const evidence::Case& facts) {
  if (!facts.target.starttls.empty() || facts.asked.sni) {
    return std::nullopt;
  }
  clients::TrialTarget target{.host = facts.target.host, .port = facts.target.port, .address = {}};
  if (facts.proxies.empty() && !facts.asked.addresses.empty()) {
    target.address = facts.asked.addresses.front();
  }
  // An interpreter on a busy machine takes its time before it connects.
  target.deadline = std::chrono::seconds(20);
  return target;
}

struct TargetRoots {
  std::vector<x509::CertificatePtr> roots;
  std::optional<clients::TrialTarget> target;
};

// The roots of the system, or vouched for, that the chain of the target ends at.
Result<TargetRoots> roots_of_target(const Args& args,
                                    const std::vector<x509::CertificatePtr>& candidates, Io& io) {
  MEDIC_TRY(DiagnosisRequest request, diagnosis_request(args, io));
  MEDIC_TRY(diagnose::Stores stores, open_stores({}, {}));
  probe::Network network(std::move(request.network));
  io.progress->step(io.message("diagnose.step", {{"host", request.facts.target.unicode}}));
  const auto finished = run_diagnosis(std::move(request.facts), std::move(stores), network);
  io.progress->clear();
  if (!finished) {
    return std::unexpected(finished.error());
  }
  std::vector<x509::CertificatePtr> roots;
  for (const x509::CertificatePtr& certificate : finished->diagnosis.chain) {
    for (const x509::CertificatePtr& root : candidates) {
      const bool issued =
          certificate->issuer.canonical == root->subject.canonical &&
          x509::check_signature(*certificate, root->public_key) == x509::SignatureCheck::Good;
      if (issued && std::ranges::find(roots, root) == roots.end()) {
        roots.push_back(root);
      }
    }
  }
  if (roots.empty()) {
    return fail(ErrorKind::Usage,
                "this target's chain does not end at a private root that this system trusts",
                "an authority that nobody vouched for is never trusted on the word of a server",
                fmt::format("tlsmedic diagnose {} says what is wrong; a root of your own goes in "
                            "with --add FILE --sha256 FINGERPRINT",
                            escaped(args.positional("TARGET"))));
  }
  return TargetRoots{.roots = std::move(roots), .target = trial_target(finished->facts)};
}

Result<std::vector<x509::CertificatePtr>> vouched_for(const Args& args, const Io& io) {
  std::vector<Sha256> allowed;
  for (const std::string& text : args.values("--sha256")) {
    MEDIC_TRY(const Sha256 fingerprint, trust::parse_fingerprint(text));
    allowed.push_back(fingerprint);
  }
  std::vector<x509::CertificatePtr> roots;
  for (const std::string& path : args.values("--add")) {
    MEDIC_TRY(const Bytes file, read_file(path));
    MEDIC_TRY(const std::vector<x509::CertificatePtr> found,
              trust::admitted(file, path, allowed, io.clock->now()));
    roots.insert(roots.end(), found.begin(), found.end());
  }
  return roots;
}

}  // namespace

Result<Wish> wish_of(const Args& args, const Patient& patient, Io& io) {
  Wish wish{.clients = args.values("--client"), .cause = args.value("--cause"), .roots = {}};
  MEDIC_TRY(wish.roots, vouched_for(args, io));
  const bool about_roots = wish.cause == "private-ca-not-trusted" ||
                           wish.cause == "interception-trusted-by-system" ||
                           wish.cause == "tls-interception";
  if (!args.positional("TARGET").empty()) {
    std::vector<x509::CertificatePtr> candidates = private_roots(patient, io);
    candidates.insert(candidates.end(), wish.roots.begin(), wish.roots.end());
    MEDIC_TRY(TargetRoots found, roots_of_target(args, candidates, io));
    wish.roots = std::move(found.roots);
    wish.target = std::move(found.target);
  } else if (about_roots && wish.roots.empty()) {
    wish.roots = private_roots(patient, io);
    if (wish.roots.empty()) {
      return fail(ErrorKind::Usage, "this system trusts no private root",
                  "so there is none that a client could lack",
                  "tlsmedic fix --add FILE --sha256 FINGERPRINT");
    }
  }
  return wish;
}

}  // namespace medic::cli
