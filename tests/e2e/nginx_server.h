#pragma once

// Debian's nginx serving the lab's certificates: the same faults on a real server. One process, one
// port per site, stopped in the destructor (and by `timeout` should this process die first).

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "lab/lab.h"

namespace medic::e2e {

// Empty: not installed.
std::string nginx_program();

class NginxServer {
 public:
  // Serves these sites of `lab` (ids, "expired-leaf" or "expired-leaf.good"), which must stay
  // alive: it serves the issuers, CRLs and OCSP answers that the certificates name. An id that
  // nginx cannot be made to serve (see servable()) is an Error.
  static Result<NginxServer> start(const lab::Lab& lab, const std::vector<std::string>& ids);
  // Can nginx do what this site does? Not: warning alerts, changing certificates, a wrong key,
  // refusing every name, no secure renegotiation, and all that is no TLS server.
  static bool servable(const lab::Lab& lab, std::string_view id);

  NginxServer(NginxServer&& other) noexcept;
  NginxServer& operator=(NginxServer&&) = delete;
  NginxServer(const NginxServer&) = delete;
  NginxServer& operator=(const NginxServer&) = delete;
  ~NginxServer();

  // The lab's sites with nginx's ports.
  [[nodiscard]] const std::vector<lab::Site>& sites() const { return sites_; }
  [[nodiscard]] const lab::Site* site(std::string_view id) const;

 private:
  NginxServer(TemporaryDirectory directory, std::vector<lab::Site> sites)
      : directory_(std::move(directory)), sites_(std::move(sites)) {}
  [[nodiscard]] Result<void> launch();

  TemporaryDirectory directory_;
  std::vector<lab::Site> sites_;
  int process_ = -1;
};

}  // namespace medic::e2e
