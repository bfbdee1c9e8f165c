// The lab's faults on a real server: what is diagnosed of nginx is what is diagnosed of the lab.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "cli/lab_diagnosis.h"
#include "lab/lab.h"
#include "tests/e2e/nginx_server.h"

namespace medic::e2e {
namespace {

std::set<std::string> stated_causes(const diagnose::Diagnosis& diagnosis) {
  std::set<std::string> causes;
  for (const diagnose::Finding& finding : diagnosis.findings) {
    causes.insert(finding.cause->id);
  }
  return causes;
}

// Where nginx is not the lab's server: it finishes the handshake without a client certificate and
// refuses in HTTP, which is no failure of TLS.
bool differs_by_design(const lab::Site& site) {
  return site.cause == "client-cert-problem" && !site.twin;
}

TEST(NginxDiagnosis, StatesTheSameCausesAsOfTheLab) {
  if (nginx_program().empty()) {
    GTEST_SKIP() << "nginx is not installed: no fault was diagnosed on a real server";
  }
  const Time at = SystemClock().now();
  auto lab = lab::start_lab({}, at);
  ASSERT_TRUE(lab) << lab.error().what;
  std::vector<std::string> ids;
  for (const lab::Site& site : (*lab)->sites()) {
    if (NginxServer::servable(**lab, site.id) && !differs_by_design(site)) {
      ids.push_back(site.id);
    }
  }
  auto nginx = NginxServer::start(**lab, ids);
  ASSERT_TRUE(nginx) << nginx.error().what;
  std::set<std::string> faults;
  for (const lab::Site& real : nginx->sites()) {
    SCOPED_TRACE(real.id);
    const auto of_nginx = cli::diagnose_site(real);
    const auto of_lab = cli::diagnose_site(*(*lab)->site(real.id));
    ASSERT_TRUE(of_nginx.has_value()) << of_nginx.error().what;
    ASSERT_TRUE(of_lab.has_value()) << of_lab.error().what;
    const std::set<std::string> causes = stated_causes(of_nginx->diagnosis);
    EXPECT_EQ(causes, stated_causes(of_lab->diagnosis));
    if (!causes.empty()) {
      faults.insert(real.fault);
    }
  }
  EXPECT_GE(faults.size(), 12U);
}

}  // namespace
}  // namespace medic::e2e
