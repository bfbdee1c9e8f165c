// boto3 and the AWS command line (version 1): AWS_CA_BUNDLE, else the profile's ca_bundle, else
// REQUESTS_CA_BUNDLE, else certifi, else botocore's own list (botocore/session.py, httpsession.py).

#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/python.h"
#include "clients/python_packages.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

// ca_bundle of the profile in use; [default] or [profile NAME].
bool add_profile_setting(Survey& survey, Client& client, bool overridden) {
  const Machine& machine = survey.machine();
  std::string file = machine.variable("AWS_CONFIG_FILE").value_or("");
  if (file.empty() && !machine.users().empty()) {
    file = machine.users().front().home + "/.aws/config";
  }
  file = machine.expanded(file);
  const std::string profile = machine.variable("AWS_PROFILE").value_or("");
  const std::string section = profile.empty() ? "default" : "profile " + profile;
  const auto text = file.empty() ? machine::Seen<std::string>("") : machine.read(file);
  const settings::Document document =
      settings::read_configparser(file, text ? std::string_view(*text) : std::string_view());
  const settings::Entry* entry = document.find({section, "ca_bundle"});
  Rule rule{.kind = RuleKind::Setting, .name = section + ".ca_bundle"};
  if (entry == nullptr || overridden) {
    rule.value = entry == nullptr ? std::string() : entry->value;
    rule.outcome = entry == nullptr ? Outcome::NotSet : Outcome::Overridden;
    client.trust.trace.push_back(std::move(rule));
    return false;
  }
  rule.origin = {.file = file, .line = entry->line};
  add_part(survey, std::move(rule),
           {.kind = PartKind::Bundle, .path = machine.expanded(entry->value)}, client.trust,
           Outcome::Fatal);
  return true;
}

// The AWS command line of version 2 is one frozen program with botocore and its list inside.
void detect_bundled(Survey& survey) {
  const Machine& machine = survey.machine();
  for (const std::string& path : machine.programs("aws")) {
    const std::string real = machine.resolve(path).value_or(path);
    // /usr/local/aws-cli/v2/2.15.30/dist/aws, where bin/aws leads as well
    const std::string directory(machine::parent(real));
    const std::string list = directory + "/awscli/botocore/cacert.pem";
    if (!machine.is_file(list)) {
      continue;
    }
    const std::string_view release = machine::base_name(machine::parent(directory));
    Client client{
        .kind = "aws", .version = std::string(release), .path = path, .profile = "python-3.10"};
    bool named = add_variable_rule(survey, "AWS_CA_BUNDLE", client.trust);
    named = add_profile_setting(survey, client, named) || named;
    named = add_variable_rule(survey, "REQUESTS_CA_BUNDLE", client.trust) || named;
    if (!named) {
      add_part(survey, {.kind = RuleKind::Bundled, .name = "botocore/cacert.pem"},
               {.kind = PartKind::Bundle, .path = list}, client.trust);
    }
    survey.add(std::move(client));
  }
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  for (const Python& python : survey.pythons()) {
    const auto package = python_package(machine, python, "botocore");
    if (!package) {
      continue;
    }
    Client client = python_client(machine, python, "botocore");
    client.version = package->version;
    client.path = package->directory + "/botocore";
    client.profile = "python-3.10";  // a context of its own: never strict
    bool named = add_variable_rule(survey, "AWS_CA_BUNDLE", client.trust);
    named = add_profile_setting(survey, client, named) || named;
    named = add_variable_rule(survey, "REQUESTS_CA_BUNDLE", client.trust) || named;
    if (!named) {
      add_certifi(survey, python, client);
      if (client.trust.parts.empty()) {
        add_part(survey, {.kind = RuleKind::Bundled, .name = "botocore/cacert.pem"},
                 {.kind = PartKind::Bundle, .path = client.path + "/cacert.pem"}, client.trust);
      }
    }
    survey.add(std::move(client));
  }
  detect_bundled(survey);
}

}  // namespace

extern constinit const Detector detector_botocore{.id = "botocore", .detect = detect};

}  // namespace medic::clients
