#include <fmt/core.h>

#include <array>

#include "cli/trust_change.h"
#include "cli/trust_view.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {
    {.name = "--from", .kind = OptionKind::Value, .value = "STORES", .summary_key = "trust.from"},
    {.name = "--yes", .summary_key = "fix.yes"},
    kDryRunOption,
    {.name = "--no-trials", .summary_key = "fix.no_trials"},
    kStorePasswordOption,
    {.name = "--root", .kind = OptionKind::Value, .value = "DIR", .summary_key = "fix.root"}};
constexpr Positional kPositionals[] = {{.name = "FINGERPRINT", .summary_key = "trust.fingerprint"}};
constexpr Example kExamples[] = {{.command = "tlsmedic trust remove FINGERPRINT --dry-run",
                                  .summary_key = "trust.example_remove"}};
constexpr std::array<std::string_view, 4> kStores = {"system", "java", "nss", "bundle"};

Result<ExitCode> run(const Args& args, Io& io) {
  MEDIC_TRY(const Patient patient, patient_of(args, io));
  const std::string text = args.positional("FINGERPRINT");
  MEDIC_TRY(const std::vector<HeldRoot> found,
            roots_named(held_roots(inventory_of(patient, io)), text));
  if (found.size() != 1) {
    return fail(ErrorKind::Usage,
                found.empty() ? "no store of this machine holds a root with this fingerprint"
                              : "more than one root begins so",
                {}, "tlsmedic trust list");
  }
  Wish wish;
  wish.change = remedy::StoreChange::Remove;
  wish.roots = {found.front().certificate};
  MEDIC_TRY(wish.stores, listed(args.value("--from", "system,java,nss,bundle"), kStores));
  wish.password = store_password(args, io);
  return change_trust(args, patient, wish, io);
}

}  // namespace

extern constinit const Command command_trust_remove{.name = "trust remove",
                                                    .summary_key = "trust.remove_summary",
                                                    .options = kOptions,
                                                    .positionals = kPositionals,
                                                    .examples = kExamples,
                                                    .run = run};

}  // namespace medic::cli
