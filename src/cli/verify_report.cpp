#include "cli/verify_report.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "x509/container.h"

namespace medic::cli {
namespace {

using nlohmann::ordered_json;
using verify::Fault;
using verify::Path;

std::string_view place_id(verify::Place place) {
  switch (place) {
    case verify::Place::Leaf:
      return "leaf";
    case verify::Place::Intermediate:
      return "intermediate";
    case verify::Place::Root:
      return "root";
    case verify::Place::Chain:
      break;
  }
  return "chain";
}

ordered_json paths_json(const std::vector<Path>& paths, const profiles::Profile& profile,
                        text::Language language) {
  ordered_json list = ordered_json::array();
  for (const Path& path : paths) {
    ordered_json certificates = ordered_json::array();
    for (const x509::CertificatePtr& certificate : path.certificates) {
      certificates.push_back(certificate_json(*certificate));
    }
    list.push_back({{"trusted", path.anchored},
                    {"anchor", escaped(path.anchor_source)},
                    {"certificates", std::move(certificates)},
                    {"faults", faults_json(path.faults, profile, language)}});
  }
  return list;
}

std::string chain_text(const Path& path) {
  std::string text;
  for (const x509::CertificatePtr& certificate : path.certificates) {
    text += (text.empty() ? "" : " < ") + escaped(certificate->subject.display());
  }
  return text;
}

std::string fault_lines(const std::vector<Fault>& faults, const profiles::Profile& profile,
                        const Io& io) {
  std::string text;
  for (const Fault& fault : faults) {
    text += fmt::format("  {}: {}\n", fault.id, fault_text(fault, io.language));
  }
  if (!faults.empty()) {
    const std::string says = verify::client_says(profile, faults.front());
    if (!says.empty()) {
      text += "  " + io.message("verify.says", {{"text", says}}) + "\n";
    }
  }
  return text;
}

std::string untested_text(const verify::Untested& one, text::Language language) {
  const std::string_view key = one.id == "partial-crl" ? "verify.untested-partial-crl"
                                                       : "verify.untested-certificate-policies";
  return text::message(language, key, {{"subject", one.subject}});
}

}  // namespace

std::string fault_text(const Fault& fault, text::Language language) {
  text::Facts facts;
  for (const auto& [name, value] : fault.facts) {
    facts.insert_or_assign(name, value);
  }
  return text::message(language, fault.detail, facts);
}

ordered_json faults_json(const std::vector<Fault>& faults, const profiles::Profile& profile,
                         text::Language language) {
  ordered_json list = ordered_json::array();
  for (const Fault& fault : faults) {
    ordered_json entry = {{"id", fault.id},
                          {"certificate", place_id(fault.certificate)},
                          {"depth", fault.depth},
                          {"subject", fault.subject}};
    if (fault.fingerprint) {
      entry["fingerprint"] = hex(*fault.fingerprint);
    }
    entry["text"] = fault_text(fault, language);
    if (const std::string says = verify::client_says(profile, fault); !says.empty()) {
      entry["says"] = says;
    }
    list.push_back(std::move(entry));
  }
  return list;
}

ordered_json certificate_json(const x509::Certificate& certificate) {
  return {{"subject", escaped(certificate.subject.display())},
          {"issuer", escaped(certificate.issuer.display())},
          {"not_before", rfc3339(certificate.not_before)},
          {"not_after", rfc3339(certificate.not_after)},
          {"fingerprint", hex(certificate.fingerprint)}};
}

ordered_json verdict_json(const verify::Question& question, const verify::Verdict& verdict,
                          const verify::Agreement& agreement, text::Language language) {
  const profiles::Profile& profile = *question.profile;
  ordered_json out = {{"schema", "tlsmedic.verify/1"},
                      {"verdict", verdict.pass ? "pass" : "fail"},
                      {"profile", profile.id},
                      {"mode", agreement.compared ? "executed" : "simulated"},
                      {"name", escaped(question.name)},
                      {"at", rfc3339(question.at)},
                      {"roots", question.anchors->id()},
                      {"faults", faults_json(verdict.faults, profile, language)},
                      {"paths", paths_json(verdict.paths, profile, language)}};
  for (const verify::Untested& one : verify::untested(question, verdict)) {
    out["untested"].push_back({{"id", one.id}, {"text", untested_text(one, language)}});
  }
  if (agreement.compared && !agreement.agree) {
    out["disagreement"] = agreement.difference;
  }
  return out;
}

std::string verdict_text(const verify::Question& question, const verify::Verdict& verdict,
                         const verify::Agreement& agreement, const Io& io) {
  const profiles::Profile& profile = *question.profile;
  const bool korean = io.language == text::Language::Korean;
  const text::Facts facts = {{"verdict", io.message(verdict.pass ? "verify.pass" : "verify.fail")},
                             {"profile", korean ? profile.title_ko : profile.title},
                             {"name", escaped(question.name)}};
  std::string text =
      io.message(question.name.empty() ? "verify.headline" : "verify.for_name", facts) + "\n";
  text += fault_lines(verdict.faults, profile, io);
  for (std::size_t i = 0; i < verdict.paths.size(); ++i) {
    const Path& path = verdict.paths[i];
    text += "  " +
            io.message(path.anchored ? "verify.path_trusted" : "verify.path_untrusted",
                       {{"number", std::to_string(i + 1)},
                        {"certificates", chain_text(path)},
                        {"anchor", escaped(path.anchor_source)}}) +
            "\n";
    if (i > 0) {
      for (const Fault& fault : path.faults) {
        text += fmt::format("    {}: {}\n", fault.id, fault_text(fault, io.language));
      }
    }
  }
  for (const verify::Untested& one : verify::untested(question, verdict)) {
    text += "  " + untested_text(one, io.language) + "\n";
  }
  if (agreement.compared && !agreement.agree) {
    text += "  " + io.message("verify.disagreement", {{"difference", agreement.difference}}) + "\n";
  } else if (agreement.compared) {
    text += "  " + io.message("verify.executed") + "\n";
  } else {
    text += "  " + io.message(profile.executed ? "verify.not_compared" : "verify.simulated") + "\n";
  }
  return text;
}

ordered_json question_json(const verify::Question& question) {
  std::string chain;
  for (const x509::CertificatePtr& certificate : question.chain) {
    chain += x509::pem(*certificate);
  }
  std::string roots;
  for (const x509::CertificatePtr& certificate : question.chain) {
    for (const Bytes* name : {&certificate->issuer.canonical, &certificate->subject.canonical}) {
      for (const trust::Anchor& anchor : question.anchors->by_subject(*name)) {
        roots += x509::pem(*anchor.certificate);
      }
    }
  }
  return {{"id", question.profile->id},
          {"chain", chain},
          {"roots", roots},
          {"name", question.name},
          {"at", rfc3339(question.at)},
          {"profile", question.profile->id}};
}

}  // namespace medic::cli
