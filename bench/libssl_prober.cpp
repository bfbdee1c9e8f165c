// libssl_prober ROOTS TARGETS IN_FLIGHT: the best that a plain libssl prober does, to be measured
// against: one shared SSL_CTX and store, verification and host name on, epoll, a line of JSON for
// each. TARGETS holds "name@address:port" lines. Ends with status 1 unless all verified.

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace {

struct Probe {
  int fd = -1;
  SSL* ssl = nullptr;
  std::string name;
};

int start(SSL_CTX* context, int epoll, Probe& probe, const std::string& line) {
  const std::size_t at = line.find('@');
  const std::size_t colon = line.rfind(':');
  probe.name = line.substr(0, at);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(line.substr(colon + 1))));
  inet_pton(AF_INET, line.substr(at + 1, colon - at - 1).c_str(), &to.sin_addr);
  probe.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  connect(probe.fd, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  probe.ssl = SSL_new(context);
  SSL_set_fd(probe.ssl, probe.fd);
  SSL_set_tlsext_host_name(probe.ssl, probe.name.c_str());
  SSL_set1_host(probe.ssl, probe.name.c_str());
  SSL_set_connect_state(probe.ssl);
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLET;
  event.data.ptr = &probe;
  return epoll_ctl(epoll, EPOLL_CTL_ADD, probe.fd, &event);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    return 2;
  }
  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_load_verify_locations(context, argv[1], nullptr);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  std::ifstream targets(argv[2]);
  const int epoll = epoll_create1(0);
  std::vector<Probe> probes(static_cast<std::size_t>(std::atoi(argv[3])));
  std::string line;
  std::size_t open = 0;
  std::size_t verified = 0;
  std::size_t all = 0;
  for (Probe& probe : probes) {
    if (std::getline(targets, line)) {
      start(context, epoll, probe, line);
      ++open;
    }
  }
  std::vector<epoll_event> events(256);
  while (open > 0) {
    const int count = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), 10000);
    if (count <= 0) {
      break;
    }
    for (int i = 0; i < count; ++i) {
      Probe& probe = *static_cast<Probe*>(events[static_cast<std::size_t>(i)].data.ptr);
      const int done = SSL_do_handshake(probe.ssl);
      const int why = done == 1 ? 0 : SSL_get_error(probe.ssl, done);
      if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) {
        continue;
      }
      ++all;
      verified += done == 1 && SSL_get_verify_result(probe.ssl) == X509_V_OK ? 1U : 0U;
      fmt::print("{{\"name\":\"{}\",\"verified\":{},\"version\":\"{}\"}}\n", probe.name, done == 1,
                 SSL_get_version(probe.ssl));
      SSL_free(probe.ssl);
      close(probe.fd);
      --open;
      if (std::getline(targets, line)) {
        start(context, epoll, probe, line);
        ++open;
      }
    }
  }
  return verified == all && all > 0 ? 0 : 1;
}
