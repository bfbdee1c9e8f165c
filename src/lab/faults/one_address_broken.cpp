#include "lab/fault_context.h"

namespace medic::lab {
namespace {

using std::chrono::days;

void start(FaultContext& lab) {
  Recipe expired = lab.leaf();
  expired.not_after = lab.at() - days{3};
  const Script broken = tls_script(lab.plan(lab.issued(expired)), lab.clock());
  const Script sound = tls_script(lab.good_plan(), lab.clock());
  lab.bad_on({{"127.0.0.2", broken}, {"127.0.0.3", sound}}).expectation = Expectation::Depends;
  lab.good_on({{"127.0.0.2", sound}, {"127.0.0.3", sound}});
}

}  // namespace

extern constinit const LabFault fault_one_address_broken{.id = "one-address-broken",
                                                         .summary_key = "lab.one-address-broken",
                                                         .cause = "expired-certificate",
                                                         .start = start};

}  // namespace medic::lab
