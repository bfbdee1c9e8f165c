#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// RFC 5280 section 7.2: a dNSName is an IA5String, international names are stored as A-labels.
void start(FaultContext& lab) {
  lab.use_host("xn--bcher-kva.idn-u-label.lab.test");
  Recipe unicode = lab.leaf();
  unicode.dns = {
      "b\xC3\xBC"
      "cher.idn-u-label.lab.test"};
  lab.bad(lab.plan(lab.issued(unicode)));
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_idn_u_label{.id = "idn-u-label",
                                                  .summary_key = "lab.idn-u-label",
                                                  .cause = "hostname-mismatch",
                                                  .start = start};

}  // namespace medic::lab
