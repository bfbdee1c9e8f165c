// A client whose public roots are of years ago gets those of today. Into the bundle that its own
// setting names the missing ones are appended; else it gets a bundle of its own, and what came with
// its package stays as it is. No network and no TLS is needed: the list is in this program.

#include <algorithm>
#include <set>

#include "remedy/bundle_plan.h"
#include "trust/anchors.h"
#include "trust/store.h"
#include "x509/container.h"

namespace medic::remedy {
namespace {

bool fits(const Case& one) {
  return one.problem != nullptr && one.client != nullptr && one.problem->cause == "stale-ca-bundle";
}

Result<void> append_missing(const Case& one, const std::string& path, Plan& plan) {
  MEDIC_TRY(const std::string real, real_path(one, path));
  MEDIC_TRY(const State before, one.tree.look(real));
  const File* const file = std::get_if<File>(&before);
  const trust::Store store =
      trust::read_store(as_bytes(file != nullptr ? file->bytes : std::string()), path);
  if (file == nullptr || store.format != "pem") {
    return fail(ErrorKind::Usage, "only a bundle in PEM is appended to",
                "its kind has its own tool", "tlsmedic bundle build --output FILE");
  }
  std::set<Sha256> has;
  for (const trust::Anchor& anchor : store.anchors) {
    has.insert(anchor.certificate->fingerprint);
  }
  std::string bytes = file->bytes;
  if (!bytes.empty() && !bytes.ends_with('\n')) {
    bytes += '\n';
  }
  for (const trust::Anchor& root : trust::mozilla_anchors()->all()) {
    if (!has.contains(root.certificate->fingerprint)) {
      bytes += x509::pem(*root.certificate);
    }
  }
  return add_file(one, plan, StepKind::AppendToFile, path, std::move(bytes));
}

bool is_of_the_system(const Case& one) {
  return std::ranges::any_of(one.inventory.stores, [&](const clients::StoreRecord& store) {
    return store.id == "system" && store.part.path == one.problem->subject;
  });
}

Result<Plan> plan(const Case& one) {
  if (is_of_the_system(one)) {
    return fail(ErrorKind::Usage, "the roots of the system itself are old",
                "its package brings new ones to every client that reads them",
                "upgrade ca-certificates with the system's own installer; until then: "
                "tlsmedic run --with-trust -- COMMAND");
  }
  Plan plan{.remedy = "update-ca-bundle",
            .cause = one.problem->cause,
            .client = one.client->id,
            .subject = one.problem->subject,
            .steps = {},
            .asks = {},
            .variables = {}};
  const clients::Rule* const rule = own_bundle(one);
  const auto done =
      rule != nullptr ? append_missing(one, rule->value, plan) : give_bundle(one, plan);
  if (!done) {
    return std::unexpected(done.error());
  }
  return plan;
}

}  // namespace

extern constinit const Remedy remedy_refresh_bundle{
    .id = "refresh-bundle", .fits = fits, .plan = plan};

}  // namespace medic::remedy
