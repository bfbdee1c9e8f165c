#include <fmt/core.h>
#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "lab/lab.h"
#include "tests/e2e/nginx_server.h"
#include "tests/lab/openssl_client.h"

namespace medic::e2e {
namespace {

const Time kAt = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());

// nginx finishes the handshake without a client certificate and refuses in HTTP.
bool refuses_in_http(const lab::Site& site) {
  return site.cause == "client-cert-problem" && !site.twin;
}

TEST(Nginx, ShowsTheSameFaultsAsTheLab) {
  if (nginx_program().empty()) {
    GTEST_SKIP() << "nginx is not installed: no fault was tried on a real server";
  }
  auto lab = lab::start_lab({}, kAt);
  ASSERT_TRUE(lab) << lab.error().what;
  std::vector<std::string> ids;
  std::set<std::string> faults;
  for (const lab::Site& site : (*lab)->sites()) {
    if (NginxServer::servable(**lab, site.id)) {
      ids.push_back(site.id);
      faults.insert(site.fault);
    }
  }
  EXPECT_GE(faults.size(), 50U);
  auto nginx = NginxServer::start(**lab, ids);
  ASSERT_TRUE(nginx) << nginx.error().what;
  for (const lab::Site& real : nginx->sites()) {
    SCOPED_TRACE(real.id);
    const lab::ClientOptions options{.client_certificate = real.twin && !real.client_pem.empty()};
    const lab::ClientResult answer = lab::visit(real, options);
    if (refuses_in_http(real)) {
      EXPECT_TRUE(answer.body.starts_with("HTTP/1.1 400")) << answer.body;
      continue;
    }
    const lab::ClientResult expected = lab::visit(*(*lab)->site(real.id), options);
    EXPECT_EQ(lab::seen(answer), lab::seen(expected)) << answer.error << answer.body;
    EXPECT_EQ(answer.chain, expected.chain);
    EXPECT_EQ(answer.ocsp_staple, expected.ocsp_staple);
  }
}

}  // namespace
}  // namespace medic::e2e
