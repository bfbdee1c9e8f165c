// Every site of the lab asked as a person would ask it: what must be refused is refused before a
// byte of the request is sent, for the right reason, and every good twin answers.

#include "lab/lab.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

#include "base/files.h"
#include "request/client.h"
#include "x509/container.h"
#include "x509/identity.h"

namespace medic::request {
namespace {

using std::chrono::milliseconds;

constexpr const char* kGolden = MEDIC_SOURCE_DIR "/tests/request/lab.golden";

trust::AnchorSetPtr anchors_of(const std::string& pem) {
  std::vector<trust::Anchor> anchors;
  for (const x509::CertificatePtr& one : x509::read_certificates(as_bytes(pem)).certificates) {
    anchors.push_back({.certificate = one, .source = "the lab's CA"});
  }
  return trust::make_anchor_set("lab", "the lab's CA", std::move(anchors));
}

ClientOptions options_for(const lab::Site& site, const Clock& clock, std::string_view profile) {
  ClientOptions options;
  options.trust = {.anchors = anchors_of(site.ca_pem),
                   .profile = profiles::find_profile(profile),
                   .rule = "test"};
  options.clock = &clock;
  options.addresses.resolve = {{.host = site.host, .port = site.port, .addresses = site.addresses}};
  options.retry.retries = 0;
  options.limits = {
      .connect = milliseconds(400), .tls = milliseconds(700), .answer = milliseconds(700)};
  if (!site.proxy_url.empty()) {
    options.proxy = [proxy = *target::parse_proxy(site.proxy_url)](const target::Target&) {
      return Result<target::ProxyChoice>({.proxy = proxy, .variable = "test", .bypass = {}});
    };
  }
  if (site.twin && !site.client_pem.empty()) {
    x509::Identity identity{
        .chain = x509::read_certificates(as_bytes(site.client_pem)).certificates, .key = {}};
    identity.key = *x509::read_private_key(as_bytes(site.client_pem));
    options.identity = std::move(identity);
  }
  return options;
}

std::string outcome_text(const Outcome& outcome) {
  if (outcome.failure) {
    return fmt::format("{}: {}", failure_id(outcome.failure->kind), outcome.failure->detail);
  }
  return fmt::format("answered {}", outcome.answer->status);
}

Outcome ask(const lab::Site& site, const Clock& clock, std::string_view profile = "openssl") {
  auto client = Client::make(options_for(site, clock, profile));
  const Request request{.url = *parse_url(site.url())};
  return std::move((*client)->send(std::span(&request, 1)).front());
}

TEST(RequestLab, EverySiteEndsAsItMustAndForItsOwnReason) {
  const SystemClock clock;
  const auto lab = *lab::start_lab({}, clock.now());
  std::string all;
  for (const lab::Site& site : lab->sites()) {
    if (!site.starttls.empty() || site.fault == "flaky") {
      continue;  // no HTTPS at all; a different answer each time
    }
    SCOPED_TRACE(site.id);
    const std::string text = outcome_text(ask(site, clock));
    if (site.twin || site.expectation == lab::Expectation::ShouldAccept) {
      EXPECT_EQ(text, "answered 200");
    } else if (site.expectation == lab::Expectation::MustRefuse) {
      EXPECT_FALSE(text.starts_with("answered")) << text;
    }
    all += fmt::format("{}: {}\n", site.id, text);
  }
  if (std::getenv("MEDIC_BLESS") != nullptr) {
    ASSERT_TRUE(write_file(kGolden, all));
  }
  EXPECT_EQ(all, read_text_file(kGolden).value_or("")) << "MEDIC_BLESS=1 writes it anew";
}

TEST(RequestLab, AProfileIsAsStrictAsItsClient) {
  const SystemClock clock;
  const std::vector<std::string> faults = {"missing-authority-key-id", "sha1-signature", "cn-only"};
  const auto lab = *lab::start_lab(faults, clock.now());
  struct Row {
    std::string_view site;
    std::string_view profile;
    bool accepted = false;
    std::string_view why;
  };
  constexpr Row kRows[] = {
      {"missing-authority-key-id", "openssl", true, "OpenSSL does not ask for it"},
      {"missing-authority-key-id", "python-3.13", false, "VERIFY_X509_STRICT since 3.13"},
      {"cn-only", "openssl", true, "a common name counts where there is no SAN"},
      {"cn-only", "go", false, "never a common name"},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(fmt::format("{} as {}: {}", row.site, row.profile, row.why));
    const Outcome outcome = ask(*lab->site(row.site), clock, row.profile);
    EXPECT_EQ(!outcome.failure, row.accepted) << outcome_text(outcome);
  }
}

}  // namespace
}  // namespace medic::request
