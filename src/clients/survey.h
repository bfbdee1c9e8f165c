#pragma once

// Looks at one machine once: detectors add clients and problems to it, stores are opened once
// however many clients use them.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/client.h"
#include "machine/machine.h"
#include "trust/anchors.h"
#include "trust/dating.h"

namespace medic::clients {

// A store that some client uses, or that the system keeps whether one does or not.
struct StoreRecord {
  StorePart part;
  std::string id;               // as in EffectiveTrust::store
  trust::AnchorSetPtr anchors;  // null: `trouble` says why
  // A trouble_id(), "no-certificate", or "unsupported" (not a file this program reads); empty:
  // fine.
  std::string trouble;
  std::size_t count = 0;
  std::size_t unreadable = 0;  // blocks or files that hold no certificate though they should
  std::optional<Time> newest_root;
  std::vector<std::string> used_by;  // client ids
  // A rule of the user's names it, a client reads it, or it is the system's: only then does what is
  // wrong with it matter.
  bool wanted = false;
  bool stands_for_the_web = false;      // a client has its public roots from here or from nowhere
  std::optional<trust::Dating> dating;  // none: not opened, or the list inside this program
  std::vector<std::string> local;       // names of the first certificates in no public list
  std::vector<Problem> problems;
};

// A variable of the TLS world that is set, in this process or in a start-up file.
struct VariableRecord {
  std::string name;
  std::string value;
  Origin origin;
  std::vector<Problem> problems;
};

struct Inventory {
  std::vector<Client> clients;  // by kind, then path
  std::vector<StoreRecord> stores;
  std::vector<VariableRecord> environment;
  std::vector<Problem> problems;  // of the machine itself
};

struct Python;  // clients/python.h

class Survey {
 public:
  // `at` is when anchors are judged; none: their dates are not.
  explicit Survey(const machine::Machine& machine, std::optional<Time> at = std::nullopt)
      : machine_(machine), at_(at) {}

  [[nodiscard]] const machine::Machine& machine() const { return machine_; }

  void add(Client client) { inventory_.clients.push_back(std::move(client)); }
  void add(Problem problem) { inventory_.problems.push_back(std::move(problem)); }

  // Opened once per file (after links); valid as long as the survey is.
  const StoreRecord& store(const StorePart& part);

  // The same, and what is wrong with it is to be told.
  const StoreRecord& want(const StorePart& part);

  // Why this store cannot be used: a trouble_id(), "no-certificate", "unsupported"; empty: it can.
  std::string trouble(const StorePart& part);

  // The system's own bundle ("/etc/ssl/certs/ca-certificates.crt"), by the layouts known to
  // trust::system_anchors(); empty: none.
  const std::string& system_bundle();

  // Every Python of the machine, looked for once: the detectors of its packages all ask.
  const std::vector<Python>& pythons();

  // Names the clients, opens their stores, adds the problems that follow from them.
  Inventory finish();

 private:
  std::vector<const StoreRecord*> use_parts(Client& client);

  const machine::Machine& machine_;
  std::optional<Time> at_;
  Inventory inventory_;
  std::map<std::string, StoreRecord, std::less<>> stores_;  // by kind and resolved path
  std::optional<std::string> system_bundle_;
  std::shared_ptr<const std::vector<Python>> pythons_;  // shared only to hold an incomplete type
};

struct SurveyOptions {
  std::string client;                                   // only this kind or id; empty: all
  bool startup_files = false;                           // look there for who sets variables
  std::optional<Time> at{};                             // when anchors are judged; none: not
  std::function<void(std::string_view detector)> step;  // told before each; may be empty
};

// The cause and the problem that a store's trouble amounts to: "ca-path-broken", "path-absent".
std::string broken_store_cause(std::string_view trouble);
std::string broken_store_problem(std::string_view trouble);

// What a rule's outcome is when it names this part: the part is added to the trust and the rule to
// its trace. A part that cannot be used makes a rule of the user's Broken (or `if_broken`), one of
// the program's own NotSet.
void add_part(Survey& survey, Rule rule, StorePart part, EffectiveTrust& trust,
              Outcome if_broken = Outcome::Broken);

// Runs every detector over the machine.
Inventory take_inventory(const machine::Machine& machine, const SurveyOptions& options = {});

// The clients that `name` means: an id, a kind, or "all". Empty: none.
std::vector<const Client*> clients_named(const Inventory& inventory, std::string_view name);

}  // namespace medic::clients
