#include "tests/probe/proxy_servers.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <memory>
#include <utility>

#include "base/check.h"
#include "lab/openssl_ptr.h"

namespace medic::probe {
namespace {

using lab::Connection;
using std::chrono::milliseconds;

constexpr milliseconds kLook{5};

bool again(SSL* ssl, int result, Connection& wire) {
  const int why = SSL_get_error(ssl, result);
  ERR_clear_error();
  return why == SSL_ERROR_WANT_READ    ? wire.wait_readable()
         : why == SSL_ERROR_WANT_WRITE ? wire.wait_writable()
                                       : false;
}

bool write_all(SSL* ssl, const std::string& bytes, Connection& wire) {
  for (int done = 0; done <= 0;) {
    done = SSL_write(ssl, bytes.data(), static_cast<int>(bytes.size()));
    if (done <= 0 && !again(ssl, done, wire)) {
      return false;
    }
  }
  return true;
}

void relay_tls(SSL* ssl, Connection& wire, Connection& inner) {
  std::array<char, 4096> buffer{};
  for (;;) {
    const int count = SSL_read(ssl, buffer.data(), static_cast<int>(buffer.size()));
    if (count > 0) {
      inner.write({buffer.data(), static_cast<std::size_t>(count)});
      continue;
    }
    if (SSL_get_error(ssl, count) != SSL_ERROR_WANT_READ) {
      ERR_clear_error();
      return;
    }
    if (inner.wait_readable(kLook)) {
      const std::string back = inner.read_some();
      if (back.empty() || !write_all(ssl, back, wire)) {
        return;
      }
    } else {
      wire.wait_readable(kLook);
    }
  }
}

// "Basic dXNlcjpwYXNz" of a request's head, decoded; empty: none.
std::string credentials_in(const std::string& head) {
  constexpr std::string_view kField = "Proxy-Authorization: Basic ";
  const std::size_t at = head.find(kField);
  if (at == std::string::npos) {
    return {};
  }
  const std::size_t from = at + kField.size();
  const auto pair =
      parse_base64(std::string_view(head).substr(from, head.find("\r\n", from) - from));
  return pair ? " " + std::string(as_text(*pair)) : " (not base64)";
}

lab::Recipe proxy_recipe() {
  return lab::leaf_recipe(kProxyHost, SystemClock().now());
}

}  // namespace

ProxyServers::ProxyServers(std::string address, std::uint16_t port)
    : address_(std::move(address)),
      port_(port),
      root_(lab::make_self_signed(lab::root_recipe("Proxy Root", SystemClock().now()),
                                  lab::shared_keys().key(lab::KeyKind::P256, 1))),
      leaf_(lab::make_certificate(proxy_recipe(), lab::shared_keys().key(lab::KeyKind::P256, 2),
                                  root_)) {
  const auto listen = [this](void (ProxyServers::*serve)(Connection&)) {
    const auto port_taken =
        host_.listen("127.0.0.1", 0, [this, serve](Connection& c) { (this->*serve)(c); });
    MEDIC_CHECK(port_taken.has_value());
    return *port_taken;
  };
  http_port = listen(&ProxyServers::http);
  tls_port = listen(&ProxyServers::tls);
  socks_port = listen(&ProxyServers::socks);
  MEDIC_CHECK(host_.start().has_value());
}

std::vector<std::string> ProxyServers::told() const {
  const std::scoped_lock lock(mutex_);
  return told_;
}

void ProxyServers::note(std::string line) {
  const std::scoped_lock lock(mutex_);
  told_.push_back(std::move(line));
}

void ProxyServers::http(Connection& client) {
  const std::string head = client.read_head();
  if (head.empty()) {
    return;  // the TLS in front of us had nothing to pass on
  }
  note(head.substr(0, head.find(" HTTP/1.1")) + credentials_in(head));
  if (!head.starts_with("CONNECT ")) {
    client.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(kProxyPage.size()) +
                 "\r\n\r\n" + std::string(kProxyPage));
    client.finish();
    return;
  }
  if (const auto inner = host_.dial(address_, port_)) {
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    lab::relay(client, *inner);
  }
}

void ProxyServers::tls(Connection& client) {
  const lab::SslCtxPtr context(SSL_CTX_new(TLS_server_method()));
  const unsigned char* at = leaf_.der.data();
  const lab::X509Ptr shown(d2i_X509(nullptr, &at, static_cast<long>(leaf_.der.size())));
  SSL_CTX_use_certificate(context.get(), shown.get());
  SSL_CTX_use_PrivateKey(context.get(), leaf_.key.handle());
  const lab::SslPtr ssl(SSL_new(context.get()));
  fcntl(client.fd(), F_SETFL, O_NONBLOCK);
  SSL_set_fd(ssl.get(), client.fd());
  for (int done = 0; done <= 0;) {
    done = SSL_accept(ssl.get());
    if (done <= 0 && !again(ssl.get(), done, client)) {
      return;
    }
  }
  if (const auto inner = host_.dial("127.0.0.1", http_port)) {
    relay_tls(ssl.get(), client, *inner);
  }
}

void ProxyServers::socks(Connection& client) {
  const std::string hello = client.read_exactly(2);
  if (hello.size() < 2) {
    return;
  }
  const std::string methods = client.read_exactly(static_cast<unsigned char>(hello[1]));
  const bool signs_in = methods.find('\x02') != std::string::npos;
  client.write(signs_in ? std::string("\x05\x02", 2) : std::string("\x05\x00", 2));
  std::string who;
  if (signs_in) {
    const auto field = [&] {
      const std::string length = client.read_exactly(1);
      return client.read_exactly(length.empty() ? 0 : static_cast<unsigned char>(length[0]));
    };
    client.read_exactly(1);
    const std::string user = field();
    const std::string password = field();
    who = " " + user + ":" + password;
    const bool good = user == kProxyUser && password == kProxyPassword;
    client.write(good ? std::string("\x01\x00", 2) : std::string("\x01\x01", 2));
    if (!good) {
      note("SOCKS refused" + who);
      client.finish();
      return;
    }
  }
  const std::string request = client.read_exactly(4);
  if (request.size() < 4) {
    return;
  }
  std::string name = "(numeric)";
  if (request[3] == '\x03') {
    const std::string length = client.read_exactly(1);
    name = client.read_exactly(static_cast<unsigned char>(length.at(0)));
  } else {
    client.read_exactly(request[3] == '\x04' ? 16 : 4);
  }
  const std::string port = client.read_exactly(2);
  note("SOCKS " + name + who);
  if (const auto inner = host_.dial(address_, port_)) {
    client.write(std::string("\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10));
    lab::relay(client, *inner);
  }
}

}  // namespace medic::probe
