// kubectl, and what else reads kubeconfigs: a cluster's certificate-authority-data, else its
// certificate-authority, in place of Go's own rules (client-go, rest/transport.go; run with 1.32).

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "clients/detector.h"
#include "clients/go_trust.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

struct Cluster {
  std::string name;
  std::map<std::string, Setting, std::less<>> keys;

  [[nodiscard]] std::optional<Setting> find(std::string_view key) const {
    const auto found = keys.find(key);
    return found == keys.end() ? std::nullopt : std::optional(found->second);
  }
};

// KUBECONFIG's files, else ~/.kube/config; of two clusters with one name the first counts.
std::vector<std::string> kubeconfigs(const Machine& machine) {
  const std::string named = machine.variable("KUBECONFIG").value_or("");
  if (named.empty()) {
    return {home_of(machine) + "/.kube/config"};
  }
  const char separator = machine.family() == machine::Family::Windows ? ';' : ':';
  std::vector<std::string> files;
  for (std::size_t from = 0; from < named.size();) {
    const std::size_t end = std::min(named.find(separator, from), named.size());
    if (end > from) {
      files.push_back(machine.joined({}, named.substr(from, end - from)));
    }
    from = end + 1;
  }
  return files;
}

// clusters: a list of {name, cluster: {server, certificate-authority, …}}.
std::vector<Cluster> clusters_of(const settings::Document& document) {
  std::map<std::string, Cluster> by_place;
  for (const settings::Entry& entry : document.entries) {
    const auto& path = entry.path;
    if (path.size() < 3 || path[0] != "clusters") {
      continue;
    }
    Cluster& cluster = by_place[path[1]];
    if (path.size() == 3 && path[2] == "name") {
      cluster.name = entry.value;
    } else if (path.size() == 4 && path[2] == "cluster") {
      cluster.keys[path[3]] = {.value = entry.value,
                               .origin = {.file = document.file, .line = entry.line}};
    }
  }
  std::vector<Cluster> clusters;
  clusters.reserve(by_place.size());
  for (auto& [place, cluster] : by_place) {
    clusters.push_back(std::move(cluster));
  }
  return clusters;
}

// "https://10.0.0.1:6443/x" -> "10.0.0.1:6443".
std::string host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  url.remove_prefix(scheme == std::string_view::npos ? 0 : scheme + 3);
  return std::string(url.substr(0, url.find('/')));
}

Client cluster_client(Survey& survey, const Client& program, const Cluster& cluster) {
  Client client = program;
  const auto server = cluster.find("server");
  client.reach.host = server ? host_of(server->value) : cluster.name;
  RuleList rules(survey, client.trust);
  const RuleShape own{.purpose = Purpose::OwnServers};
  if (const auto data = cluster.find("certificate-authority-data")) {
    const auto pem = parse_base64(data->value);
    rules.certificates("certificate-authority-data", *data,
                       pem ? std::string(as_text(*pem)) : std::string(), own);
  }
  auto file = cluster.find("certificate-authority");
  if (file) {
    // Relative to the kubeconfig.
    file->value = survey.machine().joined(machine::parent(file->origin.file), file->value);
  }
  rules.setting("certificate-authority", file, own);
  add_go_trust(survey, rules);
  if (const auto skip = cluster.find("insecure-skip-tls-verify"); skip && says_yes(skip->value)) {
    switch_off(client, "insecure-skip-tls-verify", skip->origin);
  }
  return client;
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  const auto path = machine.program("kubectl");
  if (!path) {
    return;
  }
  const std::string version = go_version_of(machine, *path);
  const Client program{
      .kind = "kubectl",
      .path = *path,
      .tls_library = version.empty() ? "Go crypto/tls" : "Go crypto/tls " + version,
      .profile = "go"};
  std::vector<std::string> seen;
  for (const settings::Document& document :
       documents_of(machine, kubeconfigs(machine), settings::read_yaml)) {
    for (const Cluster& cluster : clusters_of(document)) {
      if (std::ranges::find(seen, cluster.name) == seen.end()) {
        seen.push_back(cluster.name);
        survey.add(cluster_client(survey, program, cluster));
      }
    }
  }
  if (seen.empty()) {
    Client client = program;
    RuleList rules(survey, client.trust);
    add_go_trust(survey, rules);
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_kubectl{.id = "kubectl", .detect = detect};

}  // namespace medic::clients
