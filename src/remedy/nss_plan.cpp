#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/bytes.h"
#include "base/files.h"
#include "base/subprocess.h"
#include "remedy/store_plan.h"
#include "trust/merged_bundle.h"
#include "trust/store.h"
#include "x509/container.h"

// NSS signs its trust rows and keeps its own schema, so its own tool writes them: into a copy that
// nobody else has open. The engine then replaces the file as it does any other.

namespace medic::remedy {
namespace {

constexpr std::string_view kDatabase = "cert9.db";
constexpr std::string_view kKeys = "key4.db";

std::unexpected<Error> by_hand(const std::string& directory, std::string_view reason) {
  return fail(
      ErrorKind::Usage,
      fmt::format("the NSS database in '{}' cannot be changed: {}", escaped(directory), reason),
      "a program that has it open would write over the change",
      "close the programs that use it; certutil comes with libnss3-tools or nss-tools");
}

std::set<Sha256> trusted(const std::string& bytes) {
  std::set<Sha256> all;
  for (const trust::Anchor& anchor : trust::read_store(as_bytes(bytes), {}).anchors) {
    all.insert(anchor.certificate->fingerprint);
  }
  return all;
}

// "nickname NAME": what the reader says of a row's nickname.
std::string nickname_of(const std::string& bytes, const Sha256& fingerprint) {
  constexpr std::string_view kNickname = "nickname ";
  for (const trust::Anchor& anchor : trust::read_store(as_bytes(bytes), {}).anchors) {
    if (anchor.certificate->fingerprint == fingerprint && anchor.place.starts_with(kNickname)) {
      return anchor.place.substr(kNickname.size());
    }
  }
  return {};
}

class Copy {
 public:
  Copy(const StoreCase& one, TemporaryDirectory directory, std::string tool)
      : case_(one), directory_(std::move(directory)), tool_(std::move(tool)) {}

  Result<void> take(const std::string& from) {
    for (const std::string_view name : {kDatabase, kKeys, std::string_view("pkcs11.txt")}) {
      const std::string path = fmt::format("{}/{}", from, name);
      if (const auto bytes = case_.base.machine.read(path, trust::kMaxStoreBytes)) {
        if (auto done = write_file(directory_.path() / name, *bytes, FileAccess::Private); !done) {
          return done;
        }
      }
    }
    return write_file(directory_.path() / "password", "\n");
  }

  [[nodiscard]] Result<void> change(const x509::Certificate& root) const {
    const std::string database = "sql:" + directory_.path().string();
    const std::string password = (directory_.path() / "password").string();
    if (case_.change == StoreChange::Add) {
      const std::string file = (directory_.path() / "root.pem").string();
      if (auto done = write_file(file, x509::pem(root)); !done) {
        return done;
      }
      return run({tool_, "-A", "-d", database, "-f", password, "-n", trust::alias_of(root), "-t",
                  "C,,", "-a", "-i", file});
    }
    MEDIC_TRY(const std::string now, bytes(kDatabase));
    return run(
        {tool_, "-D", "-d", database, "-f", password, "-n", nickname_of(now, root.fingerprint)});
  }

  [[nodiscard]] Result<std::string> bytes(std::string_view name) const {
    return read_text_file(directory_.path() / name, trust::kMaxStoreBytes);
  }

 private:
  [[nodiscard]] static Result<void> run(std::vector<std::string> words) {
    MEDIC_TRY(const ProcessOutcome outcome, run_process({.argv = std::move(words)}));
    if (outcome.exit_status != 0) {
      return fail(ErrorKind::Data, fmt::format("certutil refuses: {}", escaped(outcome.err, 200)),
                  "a database with a password of its own has to be changed by its owner");
    }
    return {};
  }

  const StoreCase& case_;
  TemporaryDirectory directory_;
  std::string tool_;
};

// A program that runs has the database open, or left it in the middle of a change.
bool in_use(const machine::Machine& machine, const std::string& directory) {
  return machine.link_target(directory + "/lock").has_value() ||
         machine.exists(directory + "/cert9.db-journal") ||
         machine.exists(directory + "/cert9.db-wal");
}

// False: it is so already.
Result<bool> change_all(const StoreCase& one, const Copy& copy) {
  const bool add = one.change == StoreChange::Add;
  MEDIC_TRY(const std::string before, copy.bytes(kDatabase));
  std::set<Sha256> wanted = trusted(before);
  for (const x509::CertificatePtr& root : one.base.roots) {
    if (wanted.contains(root->fingerprint) == add) {
      continue;
    }
    if (auto done = copy.change(*root); !done) {
      return std::unexpected(std::move(done).error());
    }
    if (add) {
      wanted.insert(root->fingerprint);
    } else {
      wanted.erase(root->fingerprint);
    }
  }
  MEDIC_TRY(const std::string after, copy.bytes(kDatabase));
  if (trusted(after) != wanted) {
    return fail(ErrorKind::Data, "certutil made something else of the database than was asked");
  }
  return after != before;
}

}  // namespace

Result<Plan> nss_plan(const StoreCase& one, const std::string& directory) {
  const std::string real = one.base.machine.resolve(directory).value_or(directory);
  const auto tool =
      find_program("certutil", one.base.machine.variable("PATH").value_or("/usr/bin:/bin"));
  if (!tool) {
    return by_hand(real, "certutil is not installed");
  }
  if (in_use(one.base.machine, real)) {
    return by_hand(real, "a program has it open");
  }
  MEDIC_TRY(TemporaryDirectory temporary, TemporaryDirectory::make());
  Copy copy(one, std::move(temporary), tool->string());
  if (auto done = copy.take(real); !done) {
    return std::unexpected(std::move(done).error());
  }
  MEDIC_TRY(const bool changed, change_all(one, copy));
  const bool add = one.change == StoreChange::Add;
  Plan plan{.remedy = add ? "trust-private-root" : "remove-private-root",
            .cause = add ? "private-ca-not-trusted" : "",
            .client = {},
            .subject = one.base.roots.front()->subject.display(),
            .steps = {},
            .asks = {},
            .variables = {}};
  if (!changed) {
    return plan;
  }
  // The keys with which the trust rows are signed are made with the first of them.
  for (const std::string_view name : {kKeys, kDatabase}) {
    MEDIC_TRY(std::string bytes, copy.bytes(name));
    if (auto done = add_file(one.base, plan, StepKind::ReplaceFile,
                             fmt::format("{}/{}", real, name), std::move(bytes));
        !done) {
      return std::unexpected(std::move(done).error());
    }
    if (plan.steps.back().before == plan.steps.back().after) {
      plan.steps.pop_back();
    }
  }
  return plan;
}

}  // namespace medic::remedy
