#pragma once

// From what is wrong to a plan. A remedy reads and plans; it changes nothing. The smallest change
// that cures comes first: what is wrong is taken away rather than hidden, one root goes into one
// client's own store rather than into everybody's. No plan switches a check off.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "clients/survey.h"
#include "machine/machine.h"
#include "remedy/plan.h"
#include "remedy/tree.h"
#include "trust/merged_bundle.h"

namespace medic::remedy {

// One thing that is wrong, as the inventory or a diagnosis found it.
struct Case {
  const machine::Machine& machine;
  const Tree& tree;
  const clients::Inventory& inventory;
  const clients::Client* client = nullptr;    // null: the machine
  const clients::Problem* problem = nullptr;  // null: the client lacks `roots`
  // Private roots that this client shall trust besides: of the system's store, or vouched for.
  std::vector<x509::CertificatePtr> roots;
  Time at{};
};

struct Remedy {
  std::string_view id;  // of data/remedies
  bool (*fits)(const Case& one);
  // An empty plan: there is nothing to do.
  Result<Plan> (*plan)(const Case& one);
};

std::span<const Remedy* const> remedy_registry();

// The first remedy that fits; none: this program has no cure for it.
const Remedy* remedy_for(const Case& one);

// Whether the client's store holds every one of these.
bool trusts(const clients::Inventory& inventory, const clients::Client& client,
            std::span<const x509::CertificatePtr> roots);

// Clients whose trust or problems differ between two inventories, of the later one.
std::vector<const clients::Client*> affected_clients(const clients::Inventory& before,
                                                     const clients::Inventory& after);

// Every public root of today that this client counted before, it counts after.
Result<void> keeps_public_roots(const clients::Inventory& before, const clients::Inventory& after,
                                std::string_view client);

// What has to hold of the inventory taken after a plan was applied, against the one before: the
// client verifies, trusts `roots`, and counts every public root of today that it counted before.
Result<void> still_sound(const clients::Inventory& before, const clients::Inventory& after,
                         std::string_view client, std::span<const x509::CertificatePtr> roots);

// For plans: the path without links on the way, and its last component's too. An Error where root
// would follow somebody's link.
Result<std::string> real_path(const Case& one, const std::string& path);
// `step` for a file whose bytes become `bytes`; a directory that is missing on the way is made.
Result<void> add_file(const Case& one, Plan& plan, StepKind kind, const std::string& path,
                      std::string bytes);

}  // namespace medic::remedy
