#include "clients/trial.h"

#include <gtest/gtest.h>

#include "base/files.h"

namespace medic::clients {
namespace {

const Trial* trial(std::string_view kind) {
  for (const Trial* one : trial_registry()) {
    if (one->kind == kind) {
      return one;
    }
  }
  return nullptr;
}

struct Row {
  std::string_view kind;
  int exit_status;
  std::string_view out;
  std::string_view err;
  TrialVerdict verdict;
  std::string_view why;
};

constexpr Row kRows[] = {
    {"curl", 0, "", "", TrialVerdict::Pass, "an answer"},
    {"curl", 60, "", "curl: (60) SSL certificate problem: unable to get local issuer certificate",
     TrialVerdict::Fail, "refused"},
    {"curl", 77, "", "curl: (77) error setting certificate file: /x", TrialVerdict::Fail,
     "its own CA file"},
    {"curl", 7, "", "curl: (7) Failed to connect", TrialVerdict::Other, "no TLS was spoken"},
    {"curl", 52, "", "curl: (52) Empty reply from server", TrialVerdict::Pass,
     "the handshake was done, HTTP failed"},
    {"wget", 5, "", "ERROR: The certificate of 'h' is not trusted.", TrialVerdict::Fail, "refused"},
    {"wget", 4, "", "Unable to establish SSL connection.", TrialVerdict::Fail, "a handshake"},
    {"wget", 4, "", "failed: Connection refused.", TrialVerdict::Other, "no TLS was spoken"},
    {"wget", 8, "", "ERROR 404: Not Found.", TrialVerdict::Pass, "HTTP was spoken"},
    {"git", 128, "",
     "fatal: unable to access 'https://h/': server certificate verification failed. CAfile: none",
     TrialVerdict::Fail, "refused"},
    {"git", 128, "", "fatal: unable to access 'https://h/': Could not resolve host: h",
     TrialVerdict::Other, "a name"},
    {"git", 128, "", "fatal: repository 'https://h/' not found", TrialVerdict::Pass,
     "HTTP was spoken"},
    {"pip", 1, "", "ERROR: HTTP error 404 while getting https://h/x.whl", TrialVerdict::Pass,
     "HTTP was spoken"},
    {"pip", 1, "",
     "There was a problem confirming the ssl certificate: SSLCertVerificationError(1, ...)",
     TrialVerdict::Fail, "refused"},
    {"pip", 1, "", "WARNING: the ssl module in Python is not available.", TrialVerdict::Fail,
     "it cannot speak TLS"},
    {"pip", 1, "", "Connection refused", TrialVerdict::Other, "no TLS was spoken"},
    {"python", 0, "tlsmedic-trial pass \n", "", TrialVerdict::Pass, "our own words"},
    {"python", 0, "tlsmedic-trial fail URLError: CERTIFICATE_VERIFY_FAILED\n", "",
     TrialVerdict::Fail, "our own words"},
    {"python", 1, "", "ImportError: libssl.so.3", TrialVerdict::Fail, "it ended before"},
    {"java", 1, "", "error: no compiler", TrialVerdict::Other, "our own program did not start"},
    {"curl", 127, "", "error while loading shared libraries: libx.so.1", TrialVerdict::Other,
     "curl's own codes end long before"},
    {"git", 128, "", "git: 'remote-https' is not a git command.", TrialVerdict::Other,
     "nothing was asked"},
    {"git", 128, "", "fatal: unable to access 'https://h/': The requested URL returned error: 500",
     TrialVerdict::Pass, "HTTP was spoken"},
    {"wget", 2, "", "wget: unrecognized option", TrialVerdict::Other, "nothing was asked"},
    {"go", 1, "", "go: module x: Get \"https://h\": tls: failed to verify certificate: x509: no",
     TrialVerdict::Fail, "refused"},
    {"go", 1, "", "go: module x: reading https://h:40404/x: 404 Not Found", TrialVerdict::Pass,
     "HTTP was spoken"},
    {"go", 1, "", "go: module x: Get \"https://h:40404/x\": EOF", TrialVerdict::Other,
     "a port is no status"},
    {"npm", 1, "", "npm error code UNABLE_TO_GET_ISSUER_CERT_LOCALLY\nnpm error errno",
     TrialVerdict::Fail, "refused"},
    {"npm", 1, "", "npm error code E404\nnpm error 404 Not Found", TrialVerdict::Pass,
     "HTTP was spoken"},
    {"npm", 1, "", "npm error code ECONNREFUSED", TrialVerdict::Other, "no TLS was spoken"},
    {"pip", 1, "", "ERROR: Wheel 'x' located at /x.whl is invalid.", TrialVerdict::Pass,
     "it read what the server sent"},
    {"cargo", 101, "", "Caused by:\n  [60] SSL peer certificate or SSH remote key was not OK",
     TrialVerdict::Fail, "refused"},
    {"cargo", 101, "", "error: expected ident at line 1 column 2", TrialVerdict::Pass,
     "it read what the server sent"},
    {"cargo", 101, "", "[7] Could not connect to server", TrialVerdict::Other, "no TLS was spoken"},
    {"uv", 2, "", "  cause: invalid peer certificate: UnknownIssuer", TrialVerdict::Fail,
     "refused"},
    {"uv", 2, "", "error: Couldn't parse requirement in `https://h/tlsmedic.txt` at position 0",
     TrialVerdict::Pass, "it read what the server sent"},
    {"uv", 2, "", "  cause: Connection refused (os error 111)", TrialVerdict::Other,
     "no TLS was spoken"},
    {"gem", 0, "",
     "ERROR:  SSL verification error at depth 1: unable to get local issuer certificate (20)",
     TrialVerdict::Fail, "refused, whatever the exit status"},
    {"gem", 0, "", "server did not return a valid file (https://h/latest_specs.4.8.gz)",
     TrialVerdict::Pass, "HTTP was spoken"},
    {"gem", 0, "", "Failed to open TCP connection to h:1 (Connection refused - connect(2))",
     TrialVerdict::Other, "no TLS was spoken"},
    {"bundler", 17, "", "Could not verify the SSL certificate for https://h/.", TrialVerdict::Fail,
     "refused"},
    {"bundler", 7, "Could not find gem 'tlsmedic-invalid' in rubygems repository", "",
     TrialVerdict::Pass, "HTTP was spoken"},
    {"bundler", 17, "", "Could not reach host h. Check your network connection",
     TrialVerdict::Other, "a name"},
    {"composer", 1, "", "curl error 60 while downloading https://h/packages.json: SSL certificate",
     TrialVerdict::Fail, "refused"},
    {"composer", 1, "", "\"https://h/packages.json\" does not contain valid JSON",
     TrialVerdict::Pass, "HTTP was spoken"},
    {"composer", 1, "", "curl error 7 while downloading https://h/packages.json",
     TrialVerdict::Other, "no TLS was spoken"},
    {"openssl", 0, "", "Verification: OK\nDONE", TrialVerdict::Pass, "accepted"},
    {"openssl", 1, "", "Verification: OK\nSSL alert number 116", TrialVerdict::Fail,
     "refused for want of a client certificate"},
    {"openssl", 1, "", "verify error:num=20:unable to get local issuer certificate",
     TrialVerdict::Fail, "refused"},
    {"openssl", 1, "", "connect:errno=111", TrialVerdict::Other, "no TLS was spoken"},
    {"grpcio", 0, "tlsmedic-trial other Cannot check peer: missing selected ALPN property.\n", "",
     TrialVerdict::Other, "a server without HTTP/2"},
    {"node", 0, "tlsmedic-trial fail DEPTH_ZERO_SELF_SIGNED_CERT x\n", "", TrialVerdict::Fail,
     "a code of TLS"},
};

TEST(Trials, AreReadAsTheClientMeansThem) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(std::string(row.kind) + ": " + std::string(row.why));
    const Trial* one = trial(row.kind);
    ASSERT_NE(one, nullptr);
    const ProcessOutcome outcome{
        .exit_status = row.exit_status, .out = std::string(row.out), .err = std::string(row.err)};
    EXPECT_EQ(trial_verdict_id(one->read(outcome).verdict), trial_verdict_id(row.verdict));
  }
}

TEST(Trials, NoWordOfATargetBecomesAnOption) {
  const TrialTarget target{.host = "-oProxyCommand", .port = 443};
  for (const Trial* one : trial_registry()) {
    const std::vector<std::string> words = one->command(
        {.kind = std::string(one->kind), .version = "17.0", .path = "/usr/bin/x"}, target);
    ASSERT_FALSE(words.empty());
    EXPECT_EQ(words.front(), "/usr/bin/x");
    for (const std::string& word : words) {
      EXPECT_FALSE(word.starts_with("-oProxy")) << one->kind;
    }
  }
}

TEST(Trials, OnlyThisMachinesClientsAreRun) {
  const auto directory = TemporaryDirectory::make();
  ASSERT_TRUE(directory.has_value());
  const auto machine = machine::Machine::open({.root = directory->path()});
  ASSERT_TRUE(machine.has_value());
  const TrialResult result = run_trial(*machine, {.kind = "curl", .path = "/usr/bin/curl"}, {});
  EXPECT_EQ(trial_verdict_id(result.verdict), "not-run");
}

TEST(Trials, UrlsBracketAddresses) {
  EXPECT_EQ(trial_url({.host = "::1", .port = 8443}), "https://[::1]:8443/");
  EXPECT_EQ(trial_url({.host = "a.test", .port = 443}), "https://a.test:443/");
}

}  // namespace
}  // namespace medic::clients
