// first_handshake_bench URL HOST:PORT:ADDRESS ROOTS: what `diagnose` does from its start to its
// first verified handshake, and no more: the target, the trust store (opened, not read), the
// profile, one connection, one chain judged. For measuring the whole process from outside
// (bench/diagnose_bench.py) beside one `openssl s_client`. Ends with status 0 when the handshake
// was verified.

#include <fmt/core.h>

#include <cstdio>
#include <span>
#include <string_view>

#include "cli/diagnosis_request.h"
#include "cli/diagnosis_run.h"
#include "diagnose/bench.h"
#include "probe/network.h"
#include "target/overrides.h"
#include "target/target.h"
#include "x509/library.h"

namespace {

medic::Result<bool> verified(std::string_view url, std::string_view resolve, const char* roots) {
  MEDIC_TRY(const medic::target::Target target, medic::target::parse_target(url));
  MEDIC_TRY(medic::target::ResolveOverride known, medic::target::parse_resolve(resolve));
  MEDIC_TRY(medic::diagnose::Stores stores, medic::cli::open_stores(roots, {}));
  MEDIC_TRY(std::vector<const medic::profiles::Profile*> profiles,
            medic::profiles::select_profiles("openssl"));
  medic::evidence::Case facts;
  facts.at = medic::SystemClock().now();
  facts.target = medic::cli::target_facts(target);
  medic::probe::Network network({});
  medic::diagnose::Bench bench(facts, network, std::move(stores));
  const std::string address = known.addresses.front();
  bench.set_scene({{.address = address, .label = address}}, std::move(profiles));
  bench.set_main(0, bench.probe(bench.main_spec(address)));
  const medic::diagnose::Matrix matrix = bench.judge({});
  return matrix.front().verdict == medic::diagnose::CellVerdict::Pass;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char* const> arguments(argv, static_cast<std::size_t>(argc));
  if (arguments.size() != 4) {
    fmt::print(stderr, "usage: first_handshake_bench URL HOST:PORT:ADDRESS ROOTS\n");
    return 2;
  }
  medic::x509::leave_openssl_to_the_exit();  // as main() does
  const auto result = verified(arguments[1], arguments[2], arguments[3]);
  if (!result) {
    fmt::print(stderr, "{}\n", result.error().what);
    return 3;
  }
  fmt::print("{}\n", *result ? "verified" : "refused");
  return *result ? 0 : 1;
}
