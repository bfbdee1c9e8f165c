#pragma once

// A plain OpenSSL client for the lab's sites: what a sound client sees there.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "lab/lab.h"

namespace medic::lab {

struct ClientOptions {
  bool verify = true;
  bool send_sni = true;
  int security_level = 2;
  int min_version = 0x0303;
  int max_version = 0x0304;
  bool legacy_renegotiation = false;
  bool client_certificate = false;  // the site's
  bool strict = false;
  std::string roots_pem;  // empty: the site's ca_pem
  std::string address;    // empty: the site's first
  std::string groups;
  int timeout_ms = 3000;
};

struct ClientResult {
  bool connected = false;  // TCP, and the proxy's tunnel where the site has one
  bool handshake = false;  // finished, and verified when asked to
  bool answered = false;   // HTTP 200 came back
  int verify_error = 0;    // X509_V_ERR_*
  int alert = -1;          // received
  std::string error;       // OpenSSL's reason, or what happened to the connection
  std::string plain;       // what the proxy or STARTTLS peer said instead
  std::string body;
  std::uint16_t version = 0;
  std::vector<Bytes> chain;
  Bytes ocsp_staple;
  bool secure_renegotiation = false;
};

ClientResult visit(const Site& site, const ClientOptions& options = {});

// What the client saw, in one word list: "accepts", "verify N" (X509_V_ERR_*), "alert N", or
// OpenSSL's own reason.
std::string seen(const ClientResult& result);

// A plain-HTTP GET of "http://127.0.0.1:port/path": the body, or nothing.
std::optional<std::string> fetched(const std::string& url, const std::string& post_body = {});

// Sends `bytes` and returns what came back, or "reset".
std::string raw_answer(const Site& site, const std::string& bytes);

// A connection that was made and says nothing until it is destroyed.
class HeldConnection {
 public:
  explicit HeldConnection(const Site& site);
  ~HeldConnection();
  HeldConnection(const HeldConnection&) = delete;
  HeldConnection& operator=(const HeldConnection&) = delete;
  HeldConnection(HeldConnection&&) = delete;
  HeldConnection& operator=(HeldConnection&&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace medic::lab
