// What a person reads of a finding: who, which certificate, what proves it or what to ask next, and
// the fix by the product's own name.

#include <gtest/gtest.h>

#include <string>

#include "report/diagnosis_json.h"
#include "report/diagnosis_text.h"

namespace medic::report {
namespace {

evidence::Case asked() {
  evidence::Case facts;
  facts.target = {.url = "https://example.org/", .host = "example.org", .unicode = "example.org"};
  return facts;
}

diagnose::Diagnosis with(diagnose::Finding finding) {
  diagnose::Diagnosis diagnosis{.health = diagnose::Health::Broken};
  diagnosis.findings.push_back(std::move(finding));
  return diagnosis;
}

diagnose::Finding suspicion() {
  diagnose::Finding finding{.cause = catalogue::find_cause("closed-after-hello"),
                            .certainty = diagnose::Certainty::Suspected};
  finding.alternatives = {"firewall-or-dpi-reset"};
  return finding;
}

std::string page(const diagnose::Diagnosis& diagnosis, text::Language language) {
  return diagnosis_text(diagnosis, asked(),
                        {.language = language, .width = 400, .detail = Detail::Full});
}

TEST(DiagnosisReport, ASuspicionNamesItsAlternativesAndTheNextCommand) {
  for (const text::Language language : {text::Language::English, text::Language::Korean}) {
    const std::string text = page(with(suspicion()), language);
    const catalogue::Cause* other = catalogue::find_cause("firewall-or-dpi-reset");
    EXPECT_NE(text.find(other->text(language).title), std::string::npos) << text;
    EXPECT_NE(text.find("tlsmedic diagnose example.org:443 --save case.json"), std::string::npos)
        << text;
  }
}

TEST(DiagnosisReport, OnlyASuspicionHasANextStepInJson) {
  const auto json = [](const diagnose::Diagnosis& d) {
    return diagnosis_json(d, asked(), text::Language::English);
  };
  EXPECT_NE(json(with(suspicion())).find("--save case.json"), std::string::npos);
  diagnose::Finding proven = suspicion();
  proven.certainty = diagnose::Certainty::Proven;
  EXPECT_NE(json(with(proven)).find("\"next\": null"), std::string::npos);
}

TEST(DiagnosisReport, ACertificateIsNamedBySubjectAndFingerprint) {
  diagnose::Finding finding{.cause = catalogue::find_cause("expired-leaf")};
  finding.subject = "CN=example.org";
  finding.fingerprint = Sha256{0xab};
  const std::string text = page(with(finding), text::Language::English);
  EXPECT_NE(text.find("CN=example.org, SHA-256 ab00"), std::string::npos) << text;
}

TEST(DiagnosisReport, AProductIsCalledByItsNameAndNotByItsId) {
  const diagnose::Finding finding{.cause = catalogue::find_cause("missing-intermediate")};
  const std::string text = page(with(finding), text::Language::English);
  EXPECT_NE(text.find("Apache httpd:"), std::string::npos) << text;
  EXPECT_EQ(text.find("apache:"), std::string::npos) << text;
}

TEST(DiagnosisReport, WhereOneClientWasAskedForItsOwnWayIsShownAndOursBeforeIt) {
  const diagnose::Diagnosis diagnosis =
      with({.cause = catalogue::find_cause("private-ca-not-trusted")});
  evidence::Case facts = asked();
  facts.asked.profiles = "none";
  facts.clients.push_back({.id = "npm", .kind = "npm"});
  const TextStyle style{.language = text::Language::English, .width = 400};
  const std::string text = diagnosis_text(diagnosis, facts, style);
  const std::size_t ours = text.find("tlsmedic fix --add");
  EXPECT_LT(ours, text.find("NODE_EXTRA_CA_CERTS")) << text;
  EXPECT_EQ(text.find("pip config set"), std::string::npos) << text;
  // A client that no way speaks to is shown all of them.
  facts.clients.front().kind = "psql";
  EXPECT_NE(diagnosis_text(diagnosis, facts, style).find("pip config set"), std::string::npos);
}

}  // namespace
}  // namespace medic::report
