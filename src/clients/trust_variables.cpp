#include "clients/trust_variables.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace medic::clients {
namespace {

// Sources: the manuals named in variables.cpp; each client was run with a bundle given so.
constexpr auto kVariables = std::to_array<TrustVariable>({
    {"SSL_CERT_FILE", "OpenSSL programs, Python, Ruby, PHP, Go, Rust"},
    {"REQUESTS_CA_BUNDLE", "requests, pip, conda, Azure CLI"},
    {"CURL_CA_BUNDLE", "curl"},
    {"GIT_SSL_CAINFO", "git"},
    {"NODE_EXTRA_CA_CERTS", "Node.js, yarn, pnpm, npm without a cafile"},
    {"npm_config_cafile", "npm whose own configuration names a cafile"},
    {"AWS_CA_BUNDLE", "AWS CLI, botocore"},
    {"CARGO_HTTP_CAINFO", "cargo"},
    {"HTTPLIB2_CA_CERTS", "httplib2"},
    {"GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", "gRPC"},
    {"SHOTGUN_API_CACERTS", "shotgun_api3"},
    {"CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE", "gcloud"},
    {"BUNDLE_SSL_CA_CERT", "Bundler"},
    {"PERL_LWP_SSL_CA_FILE", "Perl LWP"},
    {"DENO_CERT", "Deno"},
    {"NIX_SSL_CERT_FILE", "programs of Nix"},
});

constexpr std::string_view kJavaOptions = "JAVA_TOOL_OPTIONS";

bool reads(const Client& client, const std::string& bundle) {
  return client.trust.verifies &&
         std::ranges::any_of(client.trust.parts,
                             [&](const StorePart& part) { return part.path == bundle; });
}

}  // namespace

std::span<const TrustVariable> trust_variables() {
  return kVariables;
}

Environment trust_environment(const std::string& bundle, const std::string& keystore,
                              const Environment& environment) {
  Environment variables;
  for (const TrustVariable& one : kVariables) {
    variables[std::string(one.name)] = bundle;
  }
  if (!keystore.empty()) {
    const std::string_view already = variable(environment, kJavaOptions);
    variables[std::string(kJavaOptions)] = fmt::format(
        "{}{}-Djavax.net.ssl.trustStore={} -Djavax.net.ssl.trustStoreType=jks "
        "-Djavax.net.ssl.trustStorePassword=changeit",
        already, already.empty() ? "" : " ", keystore);
  }
  return variables;
}

std::vector<std::string> unreached(const machine::Machine& machine, const Environment& variables,
                                   const std::string& bundle) {
  Environment environment = machine.environment();
  for (const auto& [name, value] : variables) {
    environment.insert_or_assign(name, value);
  }
  const machine::Machine with = machine.with_environment(std::move(environment));
  std::vector<std::string> ids;
  for (const Client& client : take_inventory(with).clients) {
    if (!reads(client, bundle)) {
      ids.push_back(client.id);
    }
  }
  return ids;
}

}  // namespace medic::clients
