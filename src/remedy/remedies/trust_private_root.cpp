// A private root that the system trusts, or that the person vouches for, goes into the store of one
// client: into the bundle that its own setting names, else into a bundle of its own beside today's
// public roots, named by a key that only this client reads, else by a variable.

#include <fmt/core.h>

#include <algorithm>

#include "remedy/bundle_plan.h"
#include "remedy/store_plan.h"
#include "trust/admission.h"
#include "x509/container.h"

namespace medic::remedy {
namespace {

bool fits(const Case& one) {
  return one.problem == nullptr && one.client != nullptr && !one.roots.empty();
}

std::string described(const x509::Certificate& root) {
  return fmt::format("# {}\n# SHA-256 {}\n{}", escaped(root.subject.display(), 100),
                     trust::fingerprint_text(root.fingerprint), x509::pem(root));
}

Result<void> append(const Case& one, const std::string& path, Plan& plan) {
  MEDIC_TRY(const std::string real, real_path(one, path));
  MEDIC_TRY(const State before, one.tree.look(real));
  const File* const file = std::get_if<File>(&before);
  if (file == nullptr) {
    return fail(ErrorKind::Usage, fmt::format("'{}' is no file", escaped(path)));
  }
  std::string bytes = file->bytes;
  const bool crlf = bytes.find("\r\n") != std::string::npos;
  if (!bytes.empty() && !bytes.ends_with('\n')) {
    bytes += crlf ? "\r\n" : "\n";
  }
  for (const x509::CertificatePtr& root : one.roots) {
    bytes += described(*root);
  }
  return add_file(one, plan, StepKind::AppendToFile, path, std::move(bytes));
}

// The keystore or NSS database that this client reads; null: none.
const clients::StorePart* own_store(const Case& one) {
  const auto found =
      std::ranges::find_if(one.client->trust.parts, [](const clients::StorePart& part) {
        return !part.path.empty() && (part.kind == clients::PartKind::JavaKeystore ||
                                      part.kind == clients::PartKind::NssDatabase);
      });
  return found == one.client->trust.parts.end() ? nullptr : &*found;
}

Result<void> put_into_store(const Case& one, const clients::StorePart& part, Plan& plan) {
  const StoreCase store{.base = one, .change = StoreChange::Add};
  MEDIC_TRY(Plan made, part.kind == clients::PartKind::NssDatabase
                           ? nss_plan(store, part.path)
                           : store_file_plan(store, part.path));
  plan.steps = std::move(made.steps);
  return {};
}

Result<Plan> plan(const Case& one) {
  Plan plan{.remedy = "trust-private-root",
            .cause = "private-ca-not-trusted",
            .client = one.client->id,
            .subject = one.roots.front()->subject.display(),
            .steps = {},
            .asks = {},
            .variables = {}};
  if (!one.client->trust.verifies || trusts(one.inventory, *one.client, one.roots)) {
    return plan;
  }
  Result<void> done;
  if (const clients::Rule* const rule = own_bundle(one)) {
    done = append(one, rule->value, plan);
  } else if (const clients::StorePart* const part = own_store(one)) {
    done = put_into_store(one, *part, plan);
  } else {
    done = give_bundle(one, plan);
  }
  if (!done) {
    return std::unexpected(std::move(done).error());
  }
  return plan;
}

}  // namespace

extern constinit const Remedy remedy_trust_private_root{
    .id = "trust-private-root", .fits = fits, .plan = plan};

}  // namespace medic::remedy
