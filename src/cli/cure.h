#pragma once

// What `fix` and `undo` share: the machine to change, its journal, and the plans that would cure
// what is wrong with it.

#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "clients/survey.h"
#include "clients/trial.h"
#include "machine/machine.h"
#include "remedy/engine.h"
#include "remedy/remedy.h"
#include "remedy/store_plan.h"

namespace medic::cli {

// The machine that --root names, and the hand that may change it.
struct Patient {
  machine::Machine machine;
  remedy::Tree tree;
  std::string journal;  // directory
};
Result<Patient> patient_of(const Args& args, const Io& io);

// What the person wants cured.
struct Wish {
  std::vector<std::string> clients;         // kinds or ids; empty: all
  std::string cause;                        // empty: all
  std::vector<x509::CertificatePtr> roots;  // private roots that the clients shall trust
  // A server that clients given `roots` must accept afterwards.
  std::optional<clients::TrialTarget> target{};
  // Stores that `roots` go into or come out of: "system", "java", "nss", "bundle". None: the roots
  // are for the clients, each in its own way.
  std::vector<std::string> stores{};
  remedy::StoreChange change = remedy::StoreChange::Add;
  std::optional<std::string> password{};  // of keystores
};

// One plan, or why there is none.
struct Prepared {
  remedy::Plan plan;
  std::string key;       // what it cures: the same in a later inventory
  std::string sentence;  // what is wrong, for people
  std::string client;    // id; empty: the machine
  std::string variable;  // that is set wrongly; empty: it is about something else
  std::optional<Error> refused;
  std::vector<x509::CertificatePtr> roots;
  std::string store{};  // "system" or a path: what the plan is about, instead of a client
};

clients::Inventory inventory_of(const Patient& patient, const Io& io);
std::vector<Prepared> prepare(const Patient& patient, const clients::Inventory& inventory,
                              const Wish& wish, const Io& io);

remedy::Case case_of(const Patient& patient, const clients::Inventory& inventory, const Io& io);
// The same for the stores that the wish names, each store that needs it once.
std::vector<Prepared> prepared_stores(const Patient& patient, const clients::Inventory& inventory,
                                      const Wish& wish, const Io& io);
// Whether what was applied is so in the machine as it is now.
Result<void> store_changed(const Patient& patient, const clients::Inventory& after,
                           const Prepared& prepared, remedy::StoreChange change);

// Roots of the system's store that no public list has and that can be roots.
std::vector<x509::CertificatePtr> private_roots(const Patient& patient, const Io& io);

// The plan as a person reads it: each step as a diff or in words.
// `root` is the machine's.
std::string plan_text(const remedy::Plan& plan, const std::string& root, const Io& io);
// A step of a journal entry backwards, the same way; `found` is what is there now.
std::string change_text(const std::string& path, const remedy::State& from, const remedy::State& to,
                        const Io& io);

}  // namespace medic::cli
