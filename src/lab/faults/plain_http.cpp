#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  lab.bad(http_answer_script(http_response("200 OK", "text/plain", "plain HTTP\n")));
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_plain_http{.id = "plain-http",
                                                 .summary_key = "lab.plain-http",
                                                 .cause = "plaintext-on-tls-port",
                                                 .start = start};

}  // namespace medic::lab
