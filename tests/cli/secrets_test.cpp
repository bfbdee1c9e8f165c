// What must never be seen, looked for in everything that a run gives out: text, JSON, standard
// error, saved cases, in both languages, in success and in failure.

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <openssl/pkcs12.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "lab/lab.h"
#include "lab/openssl_ptr.h"
#include "tests/cli/call.h"
#include "tests/probe/proxy_servers.h"
#include "x509/container.h"
#include "x509/identity.h"

namespace medic::cli {
namespace {

using probe::kProxyPassword;
using probe::kProxyUser;

constexpr std::string_view kPassphrase = "key-phrase-9b2e";
constexpr std::string_view kWrongPassphrase = "key-phrase-wrong-31d0";

std::string hex(ByteView bytes) {
  std::string out;
  for (const std::uint8_t byte : bytes) {
    out += fmt::format("{:02x}", byte);
  }
  return out;
}

// The lab's client certificate and key as PKCS#12 under the passphrase.
std::string pkcs12_of(const std::string& pem) {
  const lab::BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const lab::BioPtr again(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const lab::X509Ptr leaf(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  const lab::EvpPkeyPtr key(PEM_read_bio_PrivateKey(again.get(), nullptr, nullptr, nullptr));
  const std::string phrase(kPassphrase);
  const Handle<PKCS12, PKCS12_free> made(
      PKCS12_create(phrase.c_str(), "client", key.get(), leaf.get(), nullptr, 0, 0, 0, 0, 0));
  unsigned char* der = nullptr;
  const int length = i2d_PKCS12(made.get(), &der);
  std::string out(static_cast<const char*>(static_cast<void*>(der)),
                  static_cast<std::size_t>(std::max(length, 0)));
  OPENSSL_free(der);
  return out;
}

class Secrets : public ::testing::Test {
 protected:
  Secrets() : directory_(*TemporaryDirectory::make()) {
    const std::vector<std::string> faults = {"client-cert-required-tls12"};
    lab_ = *lab::start_lab(faults, SystemClock().now());
    site_ = lab_->site("client-cert-required-tls12.with-certificate");
    servers_ = std::make_unique<probe::ProxyServers>(site_->address, site_->port);
    write("ca.pem", site_->ca_pem);
    write("client.pem", site_->client_pem);
    write("client.p12", pkcs12_of(site_->client_pem));
    write("phrase", std::string(kPassphrase) + "\n");
    write("wrong-phrase", std::string(kWrongPassphrase) + "\n");
    const auto key = x509::read_private_key(as_bytes(site_->client_pem));
    EXPECT_TRUE(key);
    // The middle of the key: its beginning is the same for all keys of a kind.
    const ByteView der = key->view();
    const ByteView core = der.subspan(der.size() / 2 - 12, 24);
    hidden_ = {std::string(kProxyUser),
               std::string(kProxyPassword),
               base64(as_bytes(fmt::format("{}:{}", kProxyUser, kProxyPassword))),
               std::string(kPassphrase),
               std::string(kWrongPassphrase),
               "PRIVATE KEY",
               base64(der).substr(base64(der).size() / 2, 24),
               hex(core),
               std::string(as_text(core))};
  }

  [[nodiscard]] std::string path(std::string_view name) const {
    return (directory_.path() / name).string();
  }
  void write(std::string_view name, const std::string& text) const {
    ASSERT_TRUE(write_file(path(name), text));
  }
  [[nodiscard]] std::string proxy(std::string_view scheme, std::uint16_t port,
                                  std::string_view password = kProxyPassword) const {
    return fmt::format("{}://{}:{}@127.0.0.1:{}", scheme, kProxyUser, password, port);
  }

  // Runs diagnose, saving a case, and looks for the secrets in all that comes out.
  Answer diagnose(std::vector<std::string> words, const Environment& environment = {}) {
    const std::string saved = path("saved.json");
    std::vector<std::string> all = {"diagnose",  site_->url(), "--roots", path("ca.pem"),
                                    "--profile", "go",         "--save",  saved};
    all.insert(all.end(), words.begin(), words.end());
    Answer answer = call(all, environment);
    look_through("standard output", answer.out);
    look_through("standard error", answer.err);
    if (const auto text = read_text_file(saved)) {
      look_through("the saved case", *text);
      const Answer again = call({"diagnose", "--from", saved, "--full"});
      look_through("the replay", again.out + again.err);
    }
    return answer;
  }

  void look_through(std::string_view what, const std::string& text) const {
    for (const std::string& secret : hidden_) {
      EXPECT_EQ(text.find(secret), std::string::npos) << what << " shows " << secret;
    }
  }

  TemporaryDirectory directory_;
  std::unique_ptr<lab::Lab> lab_;
  const lab::Site* site_ = nullptr;
  std::unique_ptr<probe::ProxyServers> servers_;
  std::vector<std::string> hidden_;
};

TEST_F(Secrets, StayOutOfEverySuccessfulRun) {
  const std::vector<std::string> identity = {"--cert", path("client.p12"), "--passphrase-file",
                                             path("phrase")};
  const std::vector<std::vector<std::string>> forms = {
      {"--full"}, {"--json"}, {"--lang", "ko", "--full"}};
  for (const std::string& by :
       {proxy("http", servers_->http_port), proxy("socks5h", servers_->socks_port)}) {
    for (const std::vector<std::string>& form : forms) {
      std::vector<std::string> words = identity;
      words.insert(words.end(), form.begin(), form.end());
      EXPECT_EQ(diagnose(words, {{"https_proxy", by}}).code, ExitCode::Healthy);
      words.insert(words.end(), {"--proxy", by});
      const Answer answer = diagnose(words);
      EXPECT_EQ(answer.code, ExitCode::Healthy) << answer.out << answer.err;
    }
  }
  std::size_t with_password = 0;
  for (const std::string& told : servers_->told()) {
    with_password += told.find(kProxyPassword) != std::string::npos ? 1U : 0U;
  }
  EXPECT_GE(with_password, 12U) << "the proxies were given them, or this test shows nothing";
}

TEST_F(Secrets, StayOutOfEveryFailure) {
  struct Row {
    std::vector<std::string> words;
    std::string_view why;
  };
  const Row rows[] = {
      {{"--cert", path("client.p12"), "--passphrase-file", path("wrong-phrase")},
       "a wrong passphrase"},
      {{"--cert", path("client.p12")}, "no passphrase, and nobody to ask"},
      {{"--cert", path("ca.pem"), "--key", path("client.pem")}, "a key of another certificate"},
      {{"--cert", path("client.pem"), "--key", path("ca.pem")}, "no key in the file"},
      {{"--proxy", fmt::format("http://{}:{}@bad host:1", kProxyUser, kProxyPassword)},
       "a proxy that cannot be read"},
      {{"--proxy", fmt::format("http://{}:{}@127.0.0.1:notaport", kProxyUser, kProxyPassword)},
       "a port that is none"},
      {{"--proxy", fmt::format("gopher://{}:{}@127.0.0.1:1", kProxyUser, kProxyPassword)},
       "a scheme we do not know"},
      {{"--proxy", proxy("https", servers_->tls_port)}, "an https:// proxy nobody vouches for"},
      {{"--proxy", proxy("https", servers_->http_port)}, "a plain proxy addressed as https://"},
      {{"--proxy", proxy("http", servers_->socks_port)}, "a SOCKS proxy addressed as http://"},
      {{"--proxy", proxy("socks5h", servers_->socks_port, "nope")},
       "a password that SOCKS refuses"},
      {{"--proxy", proxy("http", 1)}, "nobody listens"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.why);
    for (const bool json : {false, true}) {
      std::vector<std::string> words = row.words;
      if (json) {
        words.emplace_back("--json");
      }
      EXPECT_NE(diagnose(words).code, ExitCode::Healthy);
    }
  }
  EXPECT_NE(diagnose({}, {{"https_proxy",
                           fmt::format("http://{}:{}@bad host", kProxyUser, kProxyPassword)}})
                .code,
            ExitCode::Healthy);
}

}  // namespace
}  // namespace medic::cli
