// google-genai: SSL_CERT_FILE, else certifi, and SSL_CERT_DIR besides; the file must exist. Tokens
// for Vertex are fetched by requests, which reads REQUESTS_CA_BUNDLE instead
// (google/genai/_api_client.py).

#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/python.h"
#include "clients/python_packages.h"
#include "clients/rules.h"

namespace medic::clients {
namespace {

void detect(Survey& survey) {
  const machine::Machine& machine = survey.machine();
  for (const Python& python : survey.pythons()) {
    const auto package = python_package(machine, python, "google-genai");
    if (!package) {
      continue;
    }
    Client client = python_client(machine, python, "google-genai");
    client.version = package->version;
    client.path = package->directory + "/google/genai";
    client.profile = compare_versions(python.version, "3.13") >= 0 ? "python-3.13" : "python-3.10";
    RuleList rules(survey, client.trust);
    rules.variable("SSL_CERT_FILE");
    if (!rules.decided()) {
      add_certifi(survey, python, client);
    }
    rules.variable(
        "SSL_CERT_DIR",
        {.kind = PartKind::HashedDirectory, .effect = Effect::Adds, .if_broken = Outcome::Broken});
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_google_genai{.id = "google-genai", .detect = detect};

}  // namespace medic::clients
