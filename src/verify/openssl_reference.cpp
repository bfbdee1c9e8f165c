// OpenSSL's own verifier, set up as the client of the profile sets it up.

#include "verify/openssl_reference.h"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "verify/host_match.h"
#include "verify/openssl_handles.h"
#include "verify/verify.h"

namespace medic::verify {
namespace {

using profiles::HostRules;
using profiles::VerifyRules;

int go_on(int /*ok*/, X509_STORE_CTX* /*context*/) {
  return 1;
}

// Only anchors that the chain can reach are given to OpenSSL: those whose subject is an issuer of a
// known certificate, again and again. The whole store would give the same answer, slower.
bool add_anchors(X509_STORE& store, const Question& question) {
  std::vector<x509::CertificatePtr> open = question.chain;
  std::vector<Bytes> asked;
  std::size_t steps = 0;
  while (!open.empty() && steps++ < 256) {
    const x509::CertificatePtr top = open.back();
    open.pop_back();
    for (const Bytes* name : {&top->issuer.canonical, &top->subject.canonical}) {
      if (std::find(asked.begin(), asked.end(), *name) != asked.end()) {
        continue;
      }
      asked.push_back(*name);
      for (const trust::Anchor& anchor : question.anchors->by_subject(*name)) {
        const X509Ptr parsed = parsed_certificate(anchor.certificate->der);
        if (parsed == nullptr || X509_STORE_add_cert(&store, parsed.get()) != 1) {
          return false;
        }
        open.push_back(anchor.certificate);
      }
    }
  }
  return true;
}

bool set_name(X509_VERIFY_PARAM& param, const Question& question, const VerifyRules& rules) {
  unsigned flags = 0;
  if (rules.host_rules != HostRules::OpenSslPartialWildcards) {
    flags |= X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
  }
  if (rules.common_name == profiles::CommonName::Never) {
    flags |= X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;
  }
  X509_VERIFY_PARAM_set_hostflags(&param, flags);
  const bool inside = rules.host_rules == HostRules::OpenSsl ||
                      rules.host_rules == HostRules::OpenSslPartialWildcards;
  if (question.name.empty() || !inside) {
    return true;
  }
  if (const Bytes address = ip_octets(question.name); !address.empty()) {
    return X509_VERIFY_PARAM_set1_ip(&param, address.data(), address.size()) == 1;
  }
  return X509_VERIFY_PARAM_set1_host(&param, question.name.c_str(), 0) == 1;
}

bool set_up(X509_STORE_CTX& context, const Question& question, const VerifyRules& rules) {
  const bool server = question.purpose == Purpose::Server;
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(&context);
  if (X509_STORE_CTX_set_default(&context, server ? "ssl_server" : "ssl_client") != 1) {
    return false;
  }
  unsigned long flags = 0;
  flags |= rules.strict ? X509_V_FLAG_X509_STRICT : 0U;
  flags |= rules.partial_chain ? X509_V_FLAG_PARTIAL_CHAIN : 0U;
  if (question.revocation == Revocation::Hard && !question.crls.empty()) {
    flags |= X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL;
  }
  X509_VERIFY_PARAM_set_flags(param, flags);
  X509_VERIFY_PARAM_set_auth_level(param, static_cast<int>(rules.security_level));
  X509_VERIFY_PARAM_set_time(param, question.at.time_since_epoch().count());
  if (rules.reports_last_error) {
    X509_STORE_CTX_set_verify_cb(&context, go_on);
  }
  return set_name(*param, question, rules);
}

// The name check that this client makes after OpenSSL has accepted the chain.
void check_name_after(ReferenceVerdict& verdict, const Question& question,
                      const VerifyRules& rules) {
  if (!verdict.pass || question.name.empty() || rules.host_rules == HostRules::OpenSsl ||
      rules.host_rules == HostRules::OpenSslPartialWildcards) {
    return;
  }
  if (match_name(*question.chain.front(), question.name, rules.host_rules, rules.common_name) !=
      NameVerdict::Match) {
    verdict.pass = false;
    verdict.error = ip_octets(question.name).empty() ? X509_V_ERR_HOSTNAME_MISMATCH
                                                     : X509_V_ERR_IP_ADDRESS_MISMATCH;
    verdict.depth = 0;
  }
}

using Errors = std::vector<std::pair<int, int>>;

int collect(int ok, X509_STORE_CTX* context) {
  if (ok == 0) {
    auto* errors = static_cast<Errors*>(X509_STORE_CTX_get_app_data(context));
    errors->emplace_back(X509_STORE_CTX_get_error(context),
                         X509_STORE_CTX_get_error_depth(context));
  }
  return 1;
}

}  // namespace

struct OpensslReference::Parsed {
  StorePtr store{X509_STORE_new()};
  StackPtr sent{sk_X509_new_null()};
  bool readable = false;

  // A context ready for X509_verify_cert, or null.
  [[nodiscard]] StoreContextPtr context(const Question& question, const VerifyRules& rules) const {
    StoreContextPtr made(X509_STORE_CTX_new());
    if (made == nullptr ||
        X509_STORE_CTX_init(made.get(), store.get(), sk_X509_value(sent.get(), 0), sent.get()) !=
            1 ||
        !set_up(*made, question, rules)) {
      return nullptr;
    }
    return made;
  }
};

OpensslReference::OpensslReference(const Question& question)
    : parsed_(std::make_unique<Parsed>()), question_(question) {
  Parsed& parsed = *parsed_;
  if (parsed.store == nullptr || parsed.sent == nullptr || question.chain.empty() ||
      !add_anchors(*parsed.store, question)) {
    ERR_clear_error();
    return;
  }
  for (const Bytes& der : question.crls) {
    if (const CrlPtr crl = parsed_crl(der)) {
      X509_STORE_add_crl(parsed.store.get(), crl.get());
    }
  }
  for (const x509::CertificatePtr& certificate : question.chain) {
    const X509Ptr one = parsed_certificate(certificate->der);
    // On success the stack holds a reference of its own.
    if (one == nullptr || X509_add_cert(parsed.sent.get(), one.get(), X509_ADD_FLAG_UP_REF) != 1) {
      ERR_clear_error();
      return;
    }
  }
  parsed.readable = true;
}

OpensslReference::~OpensslReference() = default;

ReferenceVerdict OpensslReference::verdict(const profiles::Profile& profile) const {
  ReferenceVerdict verdict;
  const StoreContextPtr context =
      parsed_->readable ? parsed_->context(question_, profile.verify) : nullptr;
  if (context == nullptr) {
    verdict.unreadable = true;
    return verdict;
  }
  const int accepted = X509_verify_cert(context.get());
  verdict.error = X509_STORE_CTX_get_error(context.get());
  verdict.depth = X509_STORE_CTX_get_error_depth(context.get());
  verdict.pass = accepted == 1 && verdict.error == X509_V_OK;
  check_name_after(verdict, question_, profile.verify);
  verdict.text = X509_verify_cert_error_string(verdict.error);
  ERR_clear_error();
  return verdict;
}

Errors OpensslReference::errors(const profiles::Profile& profile) const {
  Errors found;
  const StoreContextPtr context =
      parsed_->readable ? parsed_->context(question_, profile.verify) : nullptr;
  if (context != nullptr) {
    X509_STORE_CTX_set_app_data(context.get(), &found);
    X509_STORE_CTX_set_verify_cb(context.get(), collect);
    X509_verify_cert(context.get());
    ERR_clear_error();
  }
  return found;
}

ReferenceVerdict openssl_verdict(const Question& question) {
  return OpensslReference(question).verdict(*question.profile);
}

Agreement agreement(const Question& question, const Verdict& verdict) {
  Agreement result;
  if (question.profile->engine != profiles::Engine::OpenSsl || !question.waived.empty() ||
      question.revocation == Revocation::Soft) {
    return result;
  }
  const ReferenceVerdict reference = openssl_verdict(question);
  if (reference.unreadable) {
    return result;
  }
  result.compared = true;
  const int error = verdict.faults.empty() ? X509_V_OK : verdict.faults.front().openssl_error;
  const int depth = verdict.faults.empty() ? 0 : verdict.faults.front().depth;
  // With a callback that goes on, the depth is that of the last call, not of the last error.
  const bool depth_counts = !reference.pass && !question.profile->verify.reports_last_error;
  if (verdict.pass == reference.pass && error == reference.error &&
      (!depth_counts || depth == reference.depth)) {
    return result;
  }
  result.agree = false;
  result.difference = fmt::format(
      "profile {}: ours {} (error {} at depth {}), OpenSSL {} (error {} at depth {}: {})",
      question.profile->id, verdict.pass ? "pass" : "fail", error, depth,
      reference.pass ? "pass" : "fail", reference.error, reference.depth, reference.text);
  return result;
}

}  // namespace medic::verify
