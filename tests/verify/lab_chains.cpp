#include "tests/verify/lab_chains.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <memory>
#include <optional>

#include "lab/lab.h"
#include "verify/openssl_handles.h"

namespace medic::verify {
namespace {

using ContextPtr = Handle<SSL_CTX, SSL_CTX_free>;
using SslPtr = Handle<SSL, SSL_free>;

class Socket {
 public:
  explicit Socket(const lab::Site& site) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{.tv_sec = 2, .tv_usec = 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(site.port);
    const bool numeric = inet_pton(AF_INET, site.address.c_str(), &to.sin_addr) == 1;
    sockaddr generic{};
    static_assert(sizeof generic == sizeof to);
    std::memcpy(&generic, &to, sizeof generic);
    connected_ = numeric && connect(fd_, &generic, sizeof generic) == 0;
  }
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  Socket(Socket&&) = delete;
  Socket& operator=(Socket&&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] int descriptor() const { return fd_; }

 private:
  int fd_;
  bool connected_ = false;
};

std::vector<Bytes> served(const lab::Site& site) {
  std::vector<Bytes> chain;
  const Socket socket(site);
  const ContextPtr context(SSL_CTX_new(TLS_client_method()));
  if (!socket.connected() || context == nullptr) {
    return chain;
  }
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_LEGACY_SERVER_CONNECT);
  const SslPtr ssl(SSL_new(context.get()));
  std::string host = site.host;
  // What SSL_set_tlsext_host_name() stands for, without its C cast.
  SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data());
  SSL_set_fd(ssl.get(), socket.descriptor());
  static_cast<void>(SSL_connect(ssl.get()));
  if (const STACK_OF(X509)* sent = SSL_get_peer_cert_chain(ssl.get())) {
    for (int i = 0; i < sk_X509_num(sent); ++i) {
      unsigned char* der = nullptr;
      const int length = i2d_X509(sk_X509_value(sent, i), &der);
      if (length > 0) {
        chain.emplace_back(der, der + length);
      }
      OPENSSL_free(der);
    }
  }
  ERR_clear_error();
  return chain;
}

std::vector<LabChain> fetched_chains() {
  std::vector<std::string> faults;
  for (const lab::LabFault* fault : lab::fault_registry()) {
    if (!fault->slow) {
      faults.emplace_back(fault->id);
    }
  }
  const auto at =
      std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto lab = lab::start_lab(faults, at);
  std::vector<LabChain> chains;
  if (!lab) {
    return chains;
  }
  for (const lab::Site& site : (*lab)->sites()) {
    if (site.slow || !site.starttls.empty() || !site.proxy_url.empty()) {
      continue;
    }
    std::vector<Bytes> sent = served(site);
    if (!sent.empty()) {
      chains.push_back({.fault = site.id,
                        .good = site.twin,
                        .host = site.host,
                        .sent = std::move(sent),
                        .ca_pem = site.ca_pem,
                        .at = site.at});
    }
  }
  return chains;
}

}  // namespace

const std::vector<LabChain>& lab_chains() {
  static const std::vector<LabChain> chains = fetched_chains();
  return chains;
}

}  // namespace medic::verify
