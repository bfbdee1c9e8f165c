#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  lab.bad([](Connection& connection) {
    connection.read_record();
    // The same every time; the first octet is no TLS record type (RFC 8446 section 5.1).
    std::string noise(64, '\0');
    unsigned state = 0x9E;
    for (char& octet : noise) {
      octet = static_cast<char>(state);
      state = (state * 69 + 41) & 0xFFU;
    }
    connection.write(noise);
    connection.finish();
  });
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_garbage_bytes{.id = "garbage-bytes",
                                                    .summary_key = "lab.garbage-bytes",
                                                    .cause = "plaintext-on-tls-port",
                                                    .start = start};

}  // namespace medic::lab
