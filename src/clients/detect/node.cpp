#include "clients/detector.h"
#include "clients/node_trust.h"

namespace medic::clients {
namespace {

void detect(Survey& survey) {
  for (const std::string& path : survey.machine().programs("node")) {
    const NodeRuntime node = node_runtime_at(survey.machine(), path);
    Client client{.kind = "node",
                  .version = node.version,
                  .path = path,
                  .tls_library = "OpenSSL",
                  .profile = node_profile(node)};
    RuleList rules(survey, client.trust);
    add_node_trust(survey, node, rules);
    check_node_rejects(survey.machine(), client);
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_node{.id = "node", .detect = detect};

}  // namespace medic::clients
