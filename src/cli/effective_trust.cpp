#include "cli/effective_trust.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/bytes.h"
#include "cli/client_rows.h"
#include "cli/inventory_run.h"

namespace medic::cli {
namespace {

using profiles::Profile;

// Rules of OpenSSL 3 as its programs use them: what most servers are tested with.
constexpr std::string_view kPlainProfile = "openssl";

Result<const Profile*> wanted_profile(std::string_view name) {
  MEDIC_TRY(const std::vector<const Profile*> found, profiles::select_profiles(name));
  // Of a family the one of today: profiles stand in the order of their versions.
  const auto current = std::ranges::find_if(found.rbegin(), found.rend(),
                                            [](const Profile* one) { return one->mainstream; });
  return current != found.rend() ? *current : found.back();
}

// The client as it is installed here.
Result<request::Trust> trust_of_client(const std::string& name, const Io& io) {
  MEDIC_TRY(const machine::Machine machine,
            machine::Machine::open({.root = {}, .environment = io.environment}));
  const clients::Inventory inventory = inventory_of(machine, {}, false, io);
  const std::vector<const clients::Client*> found = clients::clients_named(inventory, name);
  if (found.empty()) {
    return std::unexpected(no_such_client(machine, name));
  }
  const clients::Client& client = *found.front();
  if (!client.trust.verifies) {
    return fail(ErrorKind::Usage,
                fmt::format("{} verifies nothing on this machine", escaped(client.id)),
                "a request is never sent to a server that was not verified",
                fmt::format("tlsmedic inventory why {}", client.id));
  }
  const trust::AnchorSetPtr anchors = opened_store(inventory, client.trust);
  if (anchors == nullptr) {
    return fail(ErrorKind::Io, fmt::format("the trust store of {} cannot be opened", client.id),
                "whom it would believe is not known",
                fmt::format("tlsmedic inventory why {}", client.id));
  }
  const Profile* const own = profiles::find_profile(client.profile);
  MEDIC_TRY(const Profile* plain, wanted_profile(kPlainProfile));
  request::Trust trust{.anchors = anchors,
                       .profile = own != nullptr ? own : plain,
                       .rule = fmt::format("{}: {}", client.id, client.trust.rule)};
  for (const clients::Rule& rule : client.trust.trace) {
    if (rule.outcome == clients::Outcome::Won) {
      trust.origin = machine.display(clients::origin_text(rule.origin));
    }
  }
  return trust;
}

Result<request::Trust> opened_from(const Profile* profile, const std::string& spec,
                                   std::string rule) {
  auto anchors = trust::open_anchors(spec);
  if (!anchors) {
    return std::unexpected(std::move(anchors.error()).within(rule));
  }
  if ((*anchors)->size() == 0) {
    return fail(ErrorKind::Data, fmt::format("{}: no certificate in {}", rule, escaped(spec)),
                "nobody could be believed", "tlsmedic bundle lint " + spec);
  }
  return request::Trust{
      .anchors = *std::move(anchors), .profile = profile, .rule = std::move(rule)};
}

// Nobody said whom to believe: as OpenSSL programs decide, and with the roots inside this program
// where the system has none.
Result<request::Trust> usual_trust(const Profile* profile, const Io& io) {
  for (const std::string_view name : {"SSL_CERT_FILE", "SSL_CERT_DIR"}) {
    const std::string_view path = variable(io.environment, name);
    if (!path.empty()) {
      return opened_from(profile, std::string(path), std::string(name));
    }
  }
  if (auto system = trust::system_anchors()) {
    return request::Trust{
        .anchors = *std::move(system), .profile = profile, .rule = "system store"};
  }
  return request::Trust{.anchors = trust::mozilla_anchors(),
                        .profile = profile,
                        .rule = "no system store: roots inside tlsmedic"};
}

}  // namespace

Result<request::Trust> effective_trust(const Args& args, const Io& io) {
  if (args.has("--client")) {
    if (args.has("--profile") || args.has("--ca")) {
      return fail(ErrorKind::Usage, "--client says already whom to believe and how strictly", {},
                  "leave out --profile and --ca");
    }
    return trust_of_client(args.value("--client"), io);
  }
  MEDIC_TRY(const Profile* profile, wanted_profile(args.value("--profile", kPlainProfile)));
  if (args.has("--ca")) {
    return opened_from(profile, args.value("--ca"), "--ca");
  }
  if (args.has("--profile")) {
    const bool korean = io.language == text::Language::Korean;
    return opened_from(profile, profile->store,
                       korean ? profile->store_rule_ko : profile->store_rule);
  }
  return usual_trust(profile, io);
}

}  // namespace medic::cli
