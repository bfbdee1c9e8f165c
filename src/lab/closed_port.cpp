#include "lab/closed_port.h"

#include <netinet/in.h>
#include <sys/socket.h>

namespace medic::lab {

Result<ClosedPort> reserve_closed_port() {
  ClosedPort port{.socket = Descriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (!port.socket.open() || bind(port.socket.number(), generic, size) != 0 ||
      getsockname(port.socket.number(), generic, &size) != 0) {
    return fail(ErrorKind::Io, "no port of 127.0.0.1 is free");
  }
  port.number = ntohs(address.sin_port);
  return port;
}

}  // namespace medic::lab
