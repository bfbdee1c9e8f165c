#include "tests/lab/openssl_client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>

#include "lab/openssl_ptr.h"

namespace medic::lab {
namespace {

class Socket {
 public:
  Socket(const std::string& address, std::uint16_t port, int timeout_ms)
      : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval limit{.tv_sec = timeout_ms / 1000, .tv_usec = (timeout_ms % 1000) * 1000L};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const int on = 1;  // Nagle's algorithm would cost 40 ms between Finished and request
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    inet_pton(AF_INET, address.c_str(), &in.sin_addr);
    connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&in), sizeof in) == 0;
  }
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  Socket(Socket&&) = delete;
  Socket& operator=(Socket&&) = delete;

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] bool connected() const { return connected_; }
  void say(const std::string& text) const {
    static_cast<void>(send(fd_, text.data(), text.size(), MSG_NOSIGNAL));
  }
  // Octet by octet up to `end`, or what came.
  [[nodiscard]] std::string hear(const std::string& end) const {
    std::string text;
    char c = 0;
    while (text.size() < 65536 && recv(fd_, &c, 1, 0) == 1) {
      text += c;
      if (!end.empty() && text.ends_with(end)) {
        break;
      }
    }
    return text;
  }

 private:
  int fd_;
  bool connected_ = false;
};

struct HostPort {
  std::string host;
  std::uint16_t port = 0;
};
HostPort host_port(const std::string& url) {
  const std::size_t start = url.find("://") + 3;
  const std::size_t colon = url.find(':', start);
  return {.host = url.substr(start, colon - start),
          .port = static_cast<std::uint16_t>(std::strtoul(url.c_str() + colon + 1, nullptr, 10))};
}

// The plain dialogue in front of TLS; false: no tunnel, `said` is why.
bool prepare(const Socket& socket, const Site& site, std::string& said) {
  if (!site.proxy_url.empty()) {
    socket.say(fmt::format("CONNECT {}:{} HTTP/1.1\r\nHost: {}:{}\r\n\r\n", site.host, site.port,
                           site.host, site.port));
    said = socket.hear("\r\n\r\n");
    if (!said.starts_with("HTTP/1.1 200")) {
      return false;
    }
  }
  if (site.starttls == "smtp") {
    said = socket.hear("\r\n");
    socket.say("EHLO test\r\n");
    said += socket.hear("250 STARTTLS\r\n");
    socket.say("STARTTLS\r\n");
    said += socket.hear("\r\n");
  } else if (site.starttls == "imap") {
    said = socket.hear("\r\n");
    socket.say("a STARTTLS\r\n");
    said += socket.hear("\r\n");
  } else if (site.starttls == "postgres") {
    socket.say(std::string("\x00\x00\x00\x08\x04\xD2\x16\x2F", 8));
    said = socket.hear("S");
  }
  return true;
}

void trust(SSL_CTX* context, const std::string& pem) {
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  while (const X509Ptr root{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), root.get());
  }
  ERR_clear_error();
}

void present(SSL_CTX* context, const std::string& pem) {
  const BioPtr certificates(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const X509Ptr leaf(PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr));
  const BioPtr keys(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const EvpPkeyPtr key(PEM_read_bio_PrivateKey(keys.get(), nullptr, nullptr, nullptr));
  SSL_CTX_use_certificate(context, leaf.get());
  SSL_CTX_use_PrivateKey(context, key.get());
}

SslCtxPtr client_context(const Site& site, const ClientOptions& options) {
  SslCtxPtr context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_security_level(context.get(), options.security_level);
  SSL_CTX_set_min_proto_version(context.get(), options.min_version);
  SSL_CTX_set_max_proto_version(context.get(), options.max_version);
  if (options.security_level == 0) {
    SSL_CTX_set_cipher_list(context.get(), "ALL:COMPLEMENTOFALL");
  }
  if (options.legacy_renegotiation) {
    SSL_CTX_set_options(context.get(), SSL_OP_LEGACY_SERVER_CONNECT);
  }
  if (!options.groups.empty()) {
    SSL_CTX_set1_groups_list(context.get(), options.groups.c_str());
  }
  trust(context.get(), options.roots_pem.empty() ? site.ca_pem : options.roots_pem);
  if (options.client_certificate) {
    present(context.get(), site.client_pem);
  }
  X509_VERIFY_PARAM* parameters = SSL_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(parameters, site.at.time_since_epoch().count());
  if (options.strict) {
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT);
  }
  SSL_CTX_set_verify(context.get(), options.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  return context;
}

void set_name(SSL* ssl, const Site& site, bool send_sni) {
  X509_VERIFY_PARAM* parameters = SSL_get0_param(ssl);
  in_addr ignored{};
  if (inet_pton(AF_INET, site.host.c_str(), &ignored) == 1) {
    X509_VERIFY_PARAM_set1_ip_asc(parameters, site.host.c_str());
    return;
  }
  X509_VERIFY_PARAM_set1_host(parameters, site.host.c_str(), site.host.size());
  if (send_sni) {
    std::string name = site.host;  // the macro SSL_set_tlsext_host_name holds a C cast
    SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
  }
}

void read_facts(SSL* ssl, ClientResult& result) {
  result.version = static_cast<std::uint16_t>(SSL_version(ssl));
  result.secure_renegotiation = SSL_get_secure_renegotiation_support(ssl) == 1;
  STACK_OF(X509)* chain = SSL_get_peer_cert_chain(ssl);
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    unsigned char* der = nullptr;
    const int size = i2d_X509(sk_X509_value(chain, i), &der);
    result.chain.emplace_back(der, der + size);
    OPENSSL_free(der);
  }
  const unsigned char* staple = nullptr;
  const long size =
      SSL_ctrl(ssl, SSL_CTRL_GET_TLSEXT_STATUS_REQ_OCSP_RESP, 0, static_cast<void*>(&staple));
  if (size > 0) {
    result.ocsp_staple.assign(staple, staple + size);
  }
}

void read_error(SSL* ssl, int code, int system_error, ClientResult& result) {
  const unsigned long error = ERR_peek_error();
  const int reason = ERR_GET_REASON(error);
  if (reason >= SSL_AD_REASON_OFFSET) {
    result.alert = reason - SSL_AD_REASON_OFFSET;
  }
  if (error != 0 && ERR_GET_LIB(error) != ERR_LIB_SYS) {
    const char* text = ERR_reason_error_string(error);
    result.error = text != nullptr ? text : "?";
  } else if (SSL_get_error(ssl, code) == SSL_ERROR_SYSCALL && system_error == ECONNRESET) {
    result.error = "reset";
  } else if (system_error == EAGAIN) {
    result.error = "timeout";
  } else {
    result.error = "closed";
  }
}

void exchange(SSL* ssl, const Site& site, ClientResult& result) {
  const std::string request =
      fmt::format("GET / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", site.host);
  SSL_write(ssl, request.data(), static_cast<int>(request.size()));
  std::array<char, 4096> buffer{};
  int n = 0;
  errno = 0;
  while ((n = SSL_read(ssl, buffer.data(), static_cast<int>(buffer.size()))) > 0) {
    result.body.append(buffer.data(), static_cast<std::size_t>(n));
  }
  if (result.body.empty()) {
    read_error(ssl, n, errno, result);
  }
  result.answered = result.body.starts_with("HTTP/1.1 200");
}

// SSL_connect with one deadline for all of it: a peer that drips would keep a per-read timeout
// alive.
int connect_within(SSL* ssl, int fd, int timeout_ms) {
  const int flags = fcntl(fd, F_GETFL);
  fcntl(fd, F_SETFL, flags | O_NONBLOCK);
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  int code = -1;
  while ((code = SSL_connect(ssl)) <= 0) {
    const int system_error = errno;
    const bool wants_more = SSL_get_error(ssl, code) == SSL_ERROR_WANT_READ;
    const auto left = until - std::chrono::steady_clock::now();
    pollfd readable{.fd = fd, .events = POLLIN, .revents = 0};
    if (!wants_more || left.count() <= 0) {
      errno = wants_more ? EAGAIN : system_error;
      break;
    }
    poll(&readable, 1,
         static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count()));
    errno = 0;
  }
  const int system_error = errno;
  fcntl(fd, F_SETFL, flags);
  errno = system_error;
  return code;
}

}  // namespace

ClientResult visit(const Site& site, const ClientOptions& options) {
  ClientResult result;
  const HostPort proxy = site.proxy_url.empty() ? HostPort{} : host_port(site.proxy_url);
  const std::string address = !options.address.empty() ? options.address
                              : proxy.port != 0        ? proxy.host
                                                       : site.address;
  const Socket socket(address, proxy.port != 0 ? proxy.port : site.port, options.timeout_ms);
  result.connected = socket.connected() && prepare(socket, site, result.plain);
  if (!result.connected) {
    result.error = socket.connected() ? "no tunnel" : "not connected";
    return result;
  }
  const SslCtxPtr context = client_context(site, options);
  const SslPtr ssl(SSL_new(context.get()));
  set_name(ssl.get(), site, options.send_sni);
  SSL_set_tlsext_status_type(ssl.get(), TLSEXT_STATUSTYPE_ocsp);
  SSL_set_fd(ssl.get(), socket.fd());
  ERR_clear_error();
  errno = 0;
  const int code = connect_within(ssl.get(), socket.fd(), options.timeout_ms);
  const int system_error = errno;
  result.handshake = code == 1;
  result.verify_error = static_cast<int>(SSL_get_verify_result(ssl.get()));
  read_facts(ssl.get(), result);
  if (result.handshake) {
    exchange(ssl.get(), site, result);
    SSL_shutdown(ssl.get());
  } else {
    read_error(ssl.get(), code, system_error, result);
  }
  ERR_clear_error();
  return result;
}

std::string seen(const ClientResult& result) {
  if (!result.connected) {
    return result.error;
  }
  if (result.verify_error != 0) {
    return fmt::format("verify {}", result.verify_error);
  }
  if (result.alert >= 0) {
    return fmt::format("alert {}", result.alert);
  }
  return result.answered ? "accepts" : result.error;
}

std::string raw_answer(const Site& site, const std::string& bytes) {
  const Socket socket(site.address, site.port, 3000);
  socket.say(bytes);
  std::string answer(256, '\0');
  const ssize_t n = recv(socket.fd(), answer.data(), answer.size(), 0);
  if (n < 0) {
    return errno == ECONNRESET ? "reset" : "timeout";
  }
  answer.resize(static_cast<std::size_t>(n));
  return answer;
}

HeldConnection::HeldConnection(const Site& site) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_port = htons(site.port);
  inet_pton(AF_INET, site.address.c_str(), &in.sin_addr);
  static_cast<void>(connect(fd_, reinterpret_cast<const sockaddr*>(&in), sizeof in));
}

HeldConnection::~HeldConnection() {
  close(fd_);
}

std::optional<std::string> fetched(const std::string& url, const std::string& post_body) {
  const HostPort peer = host_port(url);
  const std::string path = url.substr(url.find('/', url.find("://") + 3));
  const Socket socket(peer.host, peer.port, 2000);
  if (!socket.connected()) {
    return std::nullopt;
  }
  socket.say(post_body.empty()
                 ? fmt::format("GET {} HTTP/1.1\r\nHost: lab\r\n\r\n", path)
                 : fmt::format("POST {} HTTP/1.1\r\nHost: lab\r\nContent-Length: {}\r\n\r\n{}",
                               path, post_body.size(), post_body));
  const std::string answer = socket.hear({});
  const std::size_t head = answer.find("\r\n\r\n");
  if (!answer.starts_with("HTTP/1.1 200") || head == std::string::npos) {
    return std::nullopt;
  }
  return answer.substr(head + 4);
}

}  // namespace medic::lab
