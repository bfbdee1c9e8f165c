#pragma once

// An HTTPS server for tests, on loopback: libssl, HTTP/1.1 kept alive or HTTP/2 by nghttp2, and
// answers made by the test. It notes what it was asked, so that tests can say what was never sent.

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "lab/certificate_maker.h"
#include "lab/server_host.h"

namespace medic::request {

inline constexpr std::string_view kServerHost = "api.lab.test";

struct Asked {
  std::string protocol;  // "http/1.1", "h2", "plain"
  std::string method;
  std::string path;                                          // with its query
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  std::size_t connection = 0;  // counts from 0

  [[nodiscard]] std::string header(std::string_view name) const;
};

struct Reply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  enum class After { KeepOpen, Close, Reset } after = After::KeepOpen;
};

enum class Speaks { Http1, Http2, Plain };

class HttpsServer {
 public:
  // `answer` runs on the connection's thread, one call at a time. A status of 0: no answer, and
  // what `after` says happens.
  HttpsServer(Speaks speaks, std::function<Reply(const Asked&)> answer);

  std::uint16_t port = 0;
  [[nodiscard]] std::string ca_pem() const { return lab::certificate_pem(root_); }
  [[nodiscard]] std::string url(std::string_view path) const;
  [[nodiscard]] std::vector<Asked> asked() const;

 private:
  void serve(lab::Connection& connection);
  Reply answer(Asked asked);

  Speaks speaks_;
  std::function<Reply(const Asked&)> answer_;
  lab::Identity root_;
  lab::Identity leaf_;
  mutable std::mutex mutex_;
  std::vector<Asked> asked_;
  lab::ServerHost host_;  // last: its threads use the rest
};

}  // namespace medic::request
