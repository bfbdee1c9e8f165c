#include "clients/variables.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"

namespace medic::clients {
namespace {

using machine::Machine;

// Sources: the manuals of the clients named in the comments; each was observed with the client
// where it can be run.
constexpr auto kVariables = std::to_array<Variable>({
    // OpenSSL and what is linked with it: SSL_CTX_set_default_verify_paths(3), config(5)
    {"SSL_CERT_FILE", VariableKind::File, {}},
    {"SSL_CERT_DIR", VariableKind::Directory, {}},
    {"OPENSSL_CONF", VariableKind::Config, {}},
    {"OPENSSL_MODULES", VariableKind::Text, {}},
    {"NIX_SSL_CERT_FILE", VariableKind::File, {}},
    {"SSLKEYLOGFILE", VariableKind::Output, {}},
    // curl(1), git-config(1)
    {"CURL_CA_BUNDLE", VariableKind::File, {}},
    {"GIT_SSL_CAINFO", VariableKind::File, {}},
    {"GIT_SSL_CAPATH", VariableKind::Directory, {}},
    {"GIT_SSL_NO_VERIFY", VariableKind::Text, "*"},
    // Python: requests, pip, conda, httplib2, grpc, SDKs
    {"REQUESTS_CA_BUNDLE", VariableKind::File, {}},
    {"PIP_CERT", VariableKind::File, {}},
    {"PIP_TRUSTED_HOST", VariableKind::Text, "*"},
    {"PYTHONHTTPSVERIFY", VariableKind::Text, {}},
    {"CONDA_SSL_VERIFY", VariableKind::Text, "false"},
    {"HTTPLIB2_CA_CERTS", VariableKind::File, {}},
    {"GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", VariableKind::File, {}},
    {"SHOTGUN_API_CACERTS", VariableKind::File, {}},
    {"AWS_CA_BUNDLE", VariableKind::File, {}},
    {"CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE", VariableKind::File, {}},
    {"CLOUDSDK_AUTH_DISABLE_SSL_VALIDATION", VariableKind::Text, "true"},
    {"AZURE_CLI_DISABLE_CONNECTION_VERIFICATION", VariableKind::Text, "*"},
    {"ADAL_PYTHON_SSL_NO_VERIFY", VariableKind::Text, "*"},
    {"UV_INSECURE_HOST", VariableKind::Text, "*"},
    // Node.js and its package managers, Deno
    {"NODE_EXTRA_CA_CERTS", VariableKind::File, {}},
    {"NODE_USE_SYSTEM_CA", VariableKind::Text, {}},
    {"NODE_OPTIONS", VariableKind::Text, {}},
    {"NODE_TLS_REJECT_UNAUTHORIZED", VariableKind::Text, "0"},
    {"npm_config_cafile", VariableKind::File, {}},
    {"npm_config_strict_ssl", VariableKind::Text, "false"},
    {"DENO_CERT", VariableKind::File, {}},
    {"DENO_TLS_CA_STORE", VariableKind::Text, {}},
    // Others
    {"CARGO_HTTP_CAINFO", VariableKind::File, {}},
    {"CARGO_HTTP_CHECK_REVOKE", VariableKind::Text, {}},
    {"BUNDLE_SSL_CA_CERT", VariableKind::File, {}},
    {"PERL_LWP_SSL_CA_FILE", VariableKind::File, {}},
    {"PERL_LWP_SSL_VERIFY_HOSTNAME", VariableKind::Text, "0"},
    {"HTTPS_CA_FILE", VariableKind::File, {}},
    {"JAVA_TOOL_OPTIONS", VariableKind::Text, {}},
    {"JDK_JAVA_OPTIONS", VariableKind::Text, {}},
    {"_JAVA_OPTIONS", VariableKind::Text, {}},
    {"MAVEN_OPTS", VariableKind::Text, {}},
    {"GRADLE_OPTS", VariableKind::Text, {}},
    {"GODEBUG", VariableKind::Text, {}},
    {"PGSSLROOTCERT", VariableKind::File, {}},
    {"PGSSLMODE", VariableKind::Text, {}},
    {"VAULT_CACERT", VariableKind::File, {}},
    {"CONSUL_CACERT", VariableKind::File, {}},
    {"HTTPS_PROXY", VariableKind::Text, {}},
    {"https_proxy", VariableKind::Text, {}},
    {"ALL_PROXY", VariableKind::Text, {}},
    {"all_proxy", VariableKind::Text, {}},
    {"NO_PROXY", VariableKind::Text, {}},
    {"no_proxy", VariableKind::Text, {}},
});

// "http://kim:secret@proxy:3128" without what stands before the '@'.
std::string without_credentials(const std::string& value) {
  const std::size_t scheme = value.find("://");
  const std::size_t at = value.find('@');
  if (at == std::string::npos) {
    return value;
  }
  const std::size_t begin = scheme == std::string::npos || scheme > at ? 0 : scheme + 3;
  return value.substr(0, begin) + value.substr(at + 1);
}

Problem problem_of(const VariableRecord& record, std::string cause, std::string id,
                   const std::string& path) {
  return {.cause = std::move(cause),
          .id = std::move(id),
          .subject = path,
          .origin = record.origin,
          .facts = {{"name", record.name}, {"path", escaped(path)}}};
}

void check_store(Survey& survey, VariableRecord& record, const StorePart& part) {
  const std::string trouble = survey.want(part).trouble;
  if (!trouble.empty() && trouble != "unsupported") {
    record.problems.push_back(
        problem_of(record, broken_store_cause(trouble), broken_store_problem(trouble), part.path));
  }
}

void check(Survey& survey, const Variable& variable, VariableRecord& record) {
  const Machine& machine = survey.machine();
  if (!variable.off_when.empty() && !record.value.empty() &&
      (variable.off_when == "*" || record.value == variable.off_when)) {
    record.problems.push_back(
        problem_of(record, "verification-disabled-on-purpose", "verification-off", record.value));
  }
  if (record.value.empty()) {
    return;
  }
  switch (variable.kind) {
    case VariableKind::File:
      check_store(survey, record,
                  {.kind = PartKind::Bundle, .path = machine.joined({}, record.value)});
      break;
    case VariableKind::Directory: {
      const char separator = machine.family() == machine::Family::Windows ? ';' : ':';
      std::size_t from = 0;
      while (from <= record.value.size()) {
        const std::size_t end = std::min(record.value.find(separator, from), record.value.size());
        if (end > from) {
          check_store(survey, record,
                      {.kind = PartKind::PlainDirectory,
                       .path = machine.joined({}, record.value.substr(from, end - from))});
        }
        from = end + 1;
      }
      break;
    }
    case VariableKind::Output:
      // Python opens it whenever it makes a context and fails when it cannot.
      if (!machine.is_directory(machine::parent(record.value))) {
        record.problems.push_back(
            problem_of(record, "ca-path-broken", "key-log-unwritable", record.value));
      }
      break;
    case VariableKind::Config:
      if (!machine.is_file(record.value)) {
        record.problems.push_back(
            problem_of(record, "ca-path-broken", "path-absent", record.value));
      }
      break;
    case VariableKind::Text:
      break;
  }
}

}  // namespace

std::span<const Variable> known_variables() {
  return kVariables;
}

VariableRecord variable_record(Survey& survey, const Variable& variable, const std::string& value,
                               Origin origin) {
  VariableRecord record{.name = std::string(variable.name),
                        .value = without_credentials(value),
                        .origin = std::move(origin)};
  check(survey, variable, record);
  return record;
}

std::vector<VariableRecord> survey_variables(Survey& survey) {
  std::vector<VariableRecord> records;
  for (const Variable& variable : kVariables) {
    const auto value = survey.machine().variable(variable.name);
    if (!value) {
      continue;
    }
    records.push_back(
        variable_record(survey, variable, *value, {.variable = std::string(variable.name)}));
  }
  return records;
}

}  // namespace medic::clients
