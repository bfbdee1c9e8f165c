#include "lab/tls_server.h"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/tls1.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "lab/legacy_hello.h"
#include "lab/openssl_ptr.h"

namespace medic::lab {
namespace {

X509Ptr parsed(const Bytes& der) {
  const unsigned char* at = der.data();
  X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  MEDIC_CHECK(certificate != nullptr);
  return certificate;
}

// What libssl takes as a chain, owning its certificates.
class Issuers {
 public:
  explicit Issuers(const Credential& credential) : stack_(sk_X509_new_null()) {
    for (std::size_t i = 1; i < credential.chain.size(); ++i) {
      held_.push_back(parsed(credential.chain[i]));
      sk_X509_push(stack_.get(), held_.back().get());
    }
  }
  [[nodiscard]] STACK_OF(X509) * stack() const { return stack_.get(); }

 private:
  std::vector<X509Ptr> held_;
  std::unique_ptr<STACK_OF(X509), decltype([](STACK_OF(X509) * s) { sk_X509_free(s); })> stack_;
};

// RFC 2409 section 6.2, the second Oakley group, by its OpenSSL name.
EvpPkeyPtr dh_1024_parameters() {
  // p as in RFC 2409; 1024 bits.
  static constexpr std::array<unsigned char, 128> kPrime = {
      0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xC9, 0x0F, 0xDA, 0xA2, 0x21, 0x68, 0xC2,
      0x34, 0xC4, 0xC6, 0x62, 0x8B, 0x80, 0xDC, 0x1C, 0xD1, 0x29, 0x02, 0x4E, 0x08, 0x8A, 0x67,
      0xCC, 0x74, 0x02, 0x0B, 0xBE, 0xA6, 0x3B, 0x13, 0x9B, 0x22, 0x51, 0x4A, 0x08, 0x79, 0x8E,
      0x34, 0x04, 0xDD, 0xEF, 0x95, 0x19, 0xB3, 0xCD, 0x3A, 0x43, 0x1B, 0x30, 0x2B, 0x0A, 0x6D,
      0xF2, 0x5F, 0x14, 0x37, 0x4F, 0xE1, 0x35, 0x6D, 0x6D, 0x51, 0xC2, 0x45, 0xE4, 0x85, 0xB5,
      0x76, 0x62, 0x5E, 0x7E, 0xC6, 0xF4, 0x4C, 0x42, 0xE9, 0xA6, 0x37, 0xED, 0x6B, 0x0B, 0xFF,
      0x5C, 0xB6, 0xF4, 0x06, 0xB7, 0xED, 0xEE, 0x38, 0x6B, 0xFB, 0x5A, 0x89, 0x9F, 0xA5, 0xAE,
      0x9F, 0x24, 0x11, 0x7C, 0x4B, 0x1F, 0xE6, 0x49, 0x28, 0x66, 0x51, 0xEC, 0xE6, 0x53, 0x81,
      0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
  std::array<unsigned char, 128> little = kPrime;  // OSSL_PARAM integers are in native order
  std::reverse(little.begin(), little.end());
  unsigned int generator = 2;
  std::array<OSSL_PARAM, 3> parameters = {
      OSSL_PARAM_construct_BN("p", little.data(), little.size()),
      OSSL_PARAM_construct_uint("g", &generator), OSSL_PARAM_construct_end()};
  const EvpPkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr));
  EVP_PKEY* key = nullptr;
  MEDIC_CHECK(EVP_PKEY_fromdata_init(context.get()) == 1 &&
              EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEY_PARAMETERS, parameters.data()) ==
                  1);
  return EvpPkeyPtr(key);
}

// A client that speaks HTTP/2 alone (gRPC) refuses a server that does not take it up, whatever its
// certificate. What this one says afterwards is no HTTP/2, but that is after TLS.
// NOLINTNEXTLINE(readability-function-size): as SSL_CTX_set_alpn_select_cb() wants it
int take_up_http2(SSL* /*ssl*/, const unsigned char** chosen, unsigned char* chosen_bytes,
                  const unsigned char* offered, unsigned int offered_bytes, void* /*unused*/) {
  const std::string_view list(reinterpret_cast<const char*>(offered), offered_bytes);
  const std::size_t at = list.find("\x02h2");
  if (at == std::string_view::npos || list.find("http/1.1") != std::string_view::npos) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *chosen = offered + at + 1;
  *chosen_bytes = 2;
  return SSL_TLSEXT_ERR_OK;
}

class Server final : public TlsServer {
 public:
  Server(TlsPlan plan, LabClock clock) : plan_(std::move(plan)), clock_(clock) {
    initialise_openssl();
    context_.reset(SSL_CTX_new(TLS_server_method()));
    MEDIC_CHECK(context_ != nullptr);
    configure_protocol();
    configure_client_certificates();
    if (!plan_.ocsp_staple.empty()) {
      set_callback(SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB, staple);
      SSL_CTX_set_tlsext_status_arg(context_.get(), this);
    }
    set_callback(SSL_CTRL_SET_TLSEXT_SERVERNAME_CB, server_name);
    SSL_CTX_set_tlsext_servername_arg(context_.get(), this);
    if (!plan_.secure_renegotiation) {
      SSL_CTX_set_msg_callback(context_.get(), hide_renegotiation_info);
    }
  }

  void serve(Connection& connection) const override;

 private:
  // As the macros SSL_CTX_set_tlsext_*_cb do, without their C casts.
  template <class Callback>
  void set_callback(int command, Callback* callback) const {
    SSL_CTX_callback_ctrl(context_.get(), command, reinterpret_cast<void (*)()>(callback));
  }
  void configure_protocol() const;
  void configure_client_certificates() const;
  void show(SSL* ssl, const Credential& credential) const;
  [[nodiscard]] bool known(std::string_view name) const;
  [[nodiscard]] const Credential& other() const { return plan_.other ? *plan_.other : plan_.shown; }
  int judge_name(SSL* ssl, int* alert) const;

  static int staple(SSL* ssl, void* self);
  static int server_name(SSL* ssl, int* alert, void* self);

  TlsPlan plan_;
  LabClock clock_;
  SslCtxPtr context_;
};

void Server::configure_protocol() const {
  SSL_CTX* c = context_.get();
  // Level 0 so that a plan may ask for anything; what it does not ask for is set below in any case.
  SSL_CTX_set_security_level(c, 0);
  MEDIC_CHECK(SSL_CTX_set_min_proto_version(c, static_cast<int>(plan_.min_version)) == 1);
  MEDIC_CHECK(SSL_CTX_set_max_proto_version(c, static_cast<int>(plan_.max_version)) == 1);
  if (!plan_.ciphers.empty()) {
    MEDIC_CHECK(SSL_CTX_set_cipher_list(c, plan_.ciphers.c_str()) == 1);
  }
  if (!plan_.groups.empty()) {
    MEDIC_CHECK(SSL_CTX_set1_groups_list(c, plan_.groups.c_str()) == 1);
  }
  if (plan_.dhe_1024) {
    MEDIC_CHECK(SSL_CTX_set0_tmp_dh_pkey(c, dh_1024_parameters().release()) == 1);
  }
  SSL_CTX_set_alpn_select_cb(c, take_up_http2, nullptr);
  // Each connection is to be judged by itself.
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(c, 0);
  SSL_CTX_set_options(c, SSL_OP_NO_TICKET);
  // The chain is sent as the plan has it.
  SSL_CTX_set_mode(c, SSL_MODE_NO_AUTO_CHAIN);
}

void Server::configure_client_certificates() const {
  if (plan_.client_certificate == ClientCertificate::NotAsked) {
    return;
  }
  X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(context_.get()),
                             clock_.now().time_since_epoch().count());
  const bool required = plan_.client_certificate == ClientCertificate::Required;
  SSL_CTX_set_verify(context_.get(),
                     SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), nullptr);
  const BioPtr bio(BIO_new_mem_buf(plan_.client_roots_pem.data(),
                                   static_cast<int>(plan_.client_roots_pem.size())));
  while (const X509Ptr root{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), root.get());
  }
  ERR_clear_error();  // the end of the text is reported as an error
  for (const DistinguishedName& name : plan_.client_ca_names) {
    const Bytes der = name_der(name);
    const unsigned char* at = der.data();
    X509_NAME* parsed_name = d2i_X509_NAME(nullptr, &at, static_cast<long>(der.size()));
    MEDIC_CHECK(parsed_name != nullptr);
    if (SSL_CTX_get_client_CA_list(context_.get()) == nullptr) {
      SSL_CTX_set_client_CA_list(context_.get(), sk_X509_NAME_new_null());
    }
    sk_X509_NAME_push(SSL_CTX_get_client_CA_list(context_.get()), parsed_name);
  }
}

void Server::show(SSL* ssl, const Credential& credential) const {
  const X509Ptr leaf = parsed(credential.chain.front());
  const Issuers issuers(credential);
  MEDIC_CHECK(SSL_use_cert_and_key(ssl, leaf.get(), credential.key.handle(), issuers.stack(), 1) ==
              1);
}

bool Server::known(std::string_view name) const {
  return std::find(plan_.known_names.begin(), plan_.known_names.end(), name) !=
         plan_.known_names.end();
}

int Server::judge_name(SSL* ssl, int* alert) const {
  const char* asked = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  *alert = SSL_AD_UNRECOGNIZED_NAME;
  switch (plan_.sni) {
    case SniRule::Ignore:
      return SSL_TLSEXT_ERR_OK;
    case SniRule::RejectUnknown:
      return asked != nullptr && known(asked) ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
    case SniRule::WarnUnknown:
      return asked != nullptr && known(asked) ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_WARNING;
    case SniRule::RejectAny:
      return asked == nullptr ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
    case SniRule::OtherForAnyName:
      if (asked != nullptr) {
        show(ssl, other());
      }
      return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_OK;
}

int Server::server_name(SSL* ssl, int* alert, void* self) {
  return static_cast<const Server*>(self)->judge_name(ssl, alert);
}

int Server::staple(SSL* ssl, void* self) {
  const Bytes& staple = static_cast<const Server*>(self)->plan_.ocsp_staple;
  auto* copy = static_cast<unsigned char*>(OPENSSL_memdup(staple.data(), staple.size()));
  SSL_set_tlsext_status_ocsp_resp(ssl, copy, static_cast<long>(staple.size()));  // takes `copy`
  return SSL_TLSEXT_ERR_OK;
}

// libssl over a non-blocking socket: repeats `step` until it is done, failed, or time is up.
template <class Step>
int completed(SSL* ssl, Connection& connection, Step step) {
  while (true) {
    ERR_clear_error();
    const int result = step();
    if (result > 0) {
      return result;
    }
    const int error = SSL_get_error(ssl, result);
    const bool again = (error == SSL_ERROR_WANT_READ && connection.wait_readable()) ||
                       (error == SSL_ERROR_WANT_WRITE && connection.wait_writable());
    if (!again) {
      return result;
    }
  }
}

std::string request_head(SSL* ssl, Connection& connection) {
  constexpr std::size_t kMaxHead = 16384;
  std::string head;
  std::array<char, 2048> buffer{};
  while (head.size() < kMaxHead && head.find("\r\n\r\n") == std::string::npos) {
    const int n = completed(ssl, connection, [&] {
      return SSL_read(ssl, buffer.data(), static_cast<int>(buffer.size()));
    });
    if (n <= 0) {
      return {};
    }
    head.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return head;
}

void Server::serve(Connection& connection) const {
  const SslPtr ssl(SSL_new(context_.get()));
  MEDIC_CHECK(ssl != nullptr);
  const bool odd = connection.ordinal() % 2 == 1;
  show(ssl.get(), plan_.alternate && odd ? other() : plan_.shown);
  SSL_set_fd(ssl.get(), connection.fd());
  if (completed(ssl.get(), connection, [&] { return SSL_accept(ssl.get()); }) == 1) {
    const std::string head = request_head(ssl.get(), connection);
    if (!head.empty()) {
      std::string answer = fmt::format(
          "HTTP/1.1 200 OK\r\nDate: {}\r\nServer: tlsmedic-lab\r\nContent-Type: text/plain\r\n"
          "Content-Length: {}\r\nConnection: close\r\n\r\n",
          clock_.http_date(), plan_.body.size());
      if (!head.starts_with("HEAD ")) {
        answer += plan_.body;
      }
      completed(ssl.get(), connection, [&] {
        return SSL_write(ssl.get(), answer.data(), static_cast<int>(answer.size()));
      });
    }
    SSL_shutdown(ssl.get());
  }
  ERR_clear_error();
  connection.finish();
}

}  // namespace

Time LabClock::now() const {
  return at_ + std::chrono::floor<std::chrono::seconds>(std::chrono::steady_clock::now() - start_);
}

std::string LabClock::http_date() const {
  static constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Time now_s = now();
  const auto day = std::chrono::floor<std::chrono::days>(now_s);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(now_s - day);
  return fmt::format(
      "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[std::chrono::weekday(day).c_encoding()],
      static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
      static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
      clock.seconds().count());
}

std::shared_ptr<const TlsServer> make_tls_server(TlsPlan plan, LabClock clock) {
  return std::make_shared<const Server>(std::move(plan), clock);
}

}  // namespace medic::lab
