#include "tests/e2e/nginx_server.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <thread>

#include "base/environment.h"
#include "base/subprocess.h"
#include "lab/certificate_maker.h"
#include "lab/tls_server.h"

namespace medic::e2e {
namespace {

namespace fs = std::filesystem;
using lab::Site;
using lab::SniRule;
using lab::TlsPlan;

constexpr std::string_view kPlainHttp = "plain-http";

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_port = htons(port);
  in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return in;
}

// nginx takes no port 0. Ports are held until all are known; between closing them here and nginx's
// bind another process may take one: then nginx does not start, and start() tries again.
std::vector<std::uint16_t> free_ports(std::size_t count) {
  std::vector<int> held;
  std::vector<std::uint16_t> ports;
  for (std::size_t i = 0; i < count; ++i) {
    held.push_back(socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in in = loopback(0);
    socklen_t size = sizeof in;
    auto* generic = reinterpret_cast<sockaddr*>(&in);
    if (bind(held.back(), generic, size) == 0 && getsockname(held.back(), generic, &size) == 0) {
      ports.push_back(ntohs(in.sin_port));
    }
  }
  for (const int fd : held) {
    close(fd);
  }
  return ports;
}

bool answers(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in in = loopback(port);
  const bool open = connect(fd, reinterpret_cast<const sockaddr*>(&in), sizeof in) == 0;
  close(fd);
  return open;
}

std::string pem(const std::vector<Bytes>& chain) {
  std::string text;
  for (const Bytes& der : chain) {
    text += lab::pem_block("CERTIFICATE", der);
  }
  return text;
}

std::string protocols(const TlsPlan& plan) {
  using lab::TlsVersion;
  constexpr std::pair<TlsVersion, std::string_view> kNames[] = {{TlsVersion::Tls10, "TLSv1"},
                                                                {TlsVersion::Tls11, "TLSv1.1"},
                                                                {TlsVersion::Tls12, "TLSv1.2"},
                                                                {TlsVersion::Tls13, "TLSv1.3"}};
  std::string text;
  for (const auto& [version, name] : kNames) {
    if (version >= plan.min_version && version <= plan.max_version) {
      text += fmt::format(" {}", name);
    }
  }
  return text;
}

// Writes the files and the server blocks of one site.
class SiteConfig {
 public:
  SiteConfig(fs::path directory, const Site& site, const TlsPlan& plan)
      : directory_(std::move(directory)), site_(site), plan_(plan) {}

  Result<std::string> text() {
    std::string blocks;
    switch (plan_.sni) {
      case SniRule::RejectUnknown:
        blocks = block("", plan_.shown, "default_server", "ssl_reject_handshake on;");
        for (const std::string& name : plan_.known_names) {
          blocks += block(name, plan_.shown, "", "");
        }
        break;
      case SniRule::OtherForAnyName:
        blocks = block("", plan_.shown, "default_server", "") +
                 block(site_.host, plan_.other.value(), "", "");
        break;
      default:
        blocks = block("", plan_.shown, "default_server", "");
    }
    if (problem_) {
      return std::unexpected(*problem_);
    }
    return blocks;
  }

 private:
  std::string file(std::string_view suffix, std::string_view content) {
    const fs::path path = directory_ / fmt::format("{}.{}.{}", site_.id, files_++, suffix);
    auto written = write_file(path, content, FileAccess::Private);
    if (!written) {
      problem_ = std::move(written).error();
    }
    return path.string();
  }

  std::string block(std::string_view name, const lab::Credential& credential,
                    std::string_view listen, std::string_view extra) {
    std::string text =
        fmt::format("server {{\n  listen 127.0.0.1:{} ssl {};\n", site_.port, listen);
    text += fmt::format("  server_name \"{}\";\n  {}\n", name, extra);
    // Level 0 lets nginx load weak certificates and speak old versions, as a server of the time
    // would.
    text += fmt::format("  ssl_protocols{};\n  ssl_ciphers {}:@SECLEVEL=0;\n", protocols(plan_),
                        plan_.ciphers.empty() ? "DEFAULT" : plan_.ciphers);
    text += fmt::format("  ssl_certificate {};\n", file("pem", pem(credential.chain)));
    text += fmt::format("  ssl_certificate_key {};\n", file("key", credential.key.pem()));
    if (!plan_.groups.empty()) {
      text += fmt::format("  ssl_ecdh_curve {};\n", plan_.groups);
    }
    if (!plan_.ocsp_staple.empty()) {
      text += fmt::format("  ssl_stapling on;\n  ssl_stapling_file {};\n",
                          file("ocsp", as_text(plan_.ocsp_staple)));
    }
    if (plan_.client_certificate != lab::ClientCertificate::NotAsked) {
      const bool required = plan_.client_certificate == lab::ClientCertificate::Required;
      text += fmt::format("  ssl_verify_client {};\n  ssl_client_certificate {};\n",
                          required ? "on" : "optional", file("ca", plan_.client_roots_pem));
    }
    return text + "  location / { return 200 \"nginx\\n\"; }\n}\n";
  }

  fs::path directory_;
  const Site& site_;
  const TlsPlan& plan_;
  int files_ = 0;
  std::optional<Error> problem_;
};

Result<std::string> configuration(const fs::path& directory, const lab::Lab& lab,
                                  const std::vector<Site>& sites) {
  // Everything that nginx would write goes into the directory; one process, no daemon.
  std::string text = fmt::format(
      "daemon off;\nmaster_process off;\npid {0}/nginx.pid;\nerror_log {0}/error.log info;\n"
      "events {{ worker_connections 256; }}\nhttp {{\n  access_log off;\n"
      "  ssl_session_cache off;\n  ssl_session_tickets off;\n"
      "  client_body_temp_path {0}/body;\n  proxy_temp_path {0}/proxy;\n"
      "  fastcgi_temp_path {0}/fastcgi;\n  uwsgi_temp_path {0}/uwsgi;\n  scgi_temp_path "
      "{0}/scgi;\n",
      directory.string());
  for (const Site& site : sites) {
    if (site.id == kPlainHttp) {
      text += fmt::format("server {{ listen 127.0.0.1:{}; location / {{ return 200; }} }}\n",
                          site.port);
      continue;
    }
    MEDIC_TRY(const std::string blocks, SiteConfig(directory, site, *lab.plan(site.id)).text());
    text += blocks;
  }
  return text + "}\n";
}

}  // namespace

std::string nginx_program() {
  // Debian installs it where users do not look.
  const auto found = find_program("nginx", fmt::format("{}:/usr/sbin:/usr/local/sbin",
                                                       variable(process_environment(), "PATH")));
  return found ? found->string() : std::string();
}

bool NginxServer::servable(const lab::Lab& lab, std::string_view id) {
  if (id == kPlainHttp) {
    return true;
  }
  const TlsPlan* plan = lab.plan(id);
  const Site* site = lab.site(id);
  return plan != nullptr && site->proxy_url.empty() && site->fault != "key-mismatch" &&
         site->cause != "not-tls" && plan->sni != SniRule::WarnUnknown &&
         plan->sni != SniRule::RejectAny && !plan->alternate && plan->secure_renegotiation &&
         !plan->dhe_1024;
}

Result<NginxServer> NginxServer::start(const lab::Lab& lab, const std::vector<std::string>& ids) {
  std::vector<Site> sites;
  for (const std::string& id : ids) {
    if (lab.site(id) == nullptr || !servable(lab, id)) {
      return fail(ErrorKind::Usage, fmt::format("nginx cannot serve the lab site '{}'", id));
    }
    sites.push_back(*lab.site(id));
  }
  Error last;
  for (int attempt = 0; attempt < 5; ++attempt) {
    const std::vector<std::uint16_t> ports = free_ports(sites.size());
    if (ports.size() != sites.size()) {
      return fail(ErrorKind::Io, "not enough free ports on loopback");
    }
    for (std::size_t i = 0; i < sites.size(); ++i) {
      sites[i].port = ports[i];
    }
    MEDIC_TRY(TemporaryDirectory directory, TemporaryDirectory::make());
    MEDIC_TRY(const std::string text, configuration(directory.path(), lab, sites));
    auto written = write_file(directory.path() / "nginx.conf", text);
    if (!written) {
      return std::unexpected(std::move(written).error());
    }
    NginxServer server(std::move(directory), sites);
    auto launched = server.launch();
    if (launched) {
      return server;
    }
    last = std::move(launched).error();
  }
  return std::unexpected(std::move(last));
}

Result<void> NginxServer::launch() {
  const std::string directory = directory_.path().string();
  std::vector<std::string> words = {
      "timeout", "--kill-after=5",         "600", nginx_program(),          "-p", directory,
      "-e",      directory + "/error.log", "-c",  directory + "/nginx.conf"};
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  pid_t process = -1;
  if (posix_spawnp(&process, "timeout", nullptr, nullptr, argv.data(), environ) != 0) {
    return fail(ErrorKind::Io, "nginx could not be started");
  }
  process_ = process;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (std::chrono::steady_clock::now() < until) {
    int status = 0;
    if (waitpid(process_, &status, WNOHANG) == process_) {
      process_ = -1;
      const auto log = read_text_file(directory_.path() / "error.log");
      return fail(ErrorKind::Io, "nginx ended: " + (log ? *log : std::string("no error log")));
    }
    // nginx opens all its ports before it accepts on any.
    if (std::all_of(sites_.begin(), sites_.end(), [](const Site& s) { return answers(s.port); })) {
      return {};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return fail(ErrorKind::Io, "nginx did not open its ports within 10 seconds");
}

NginxServer::NginxServer(NginxServer&& other) noexcept
    : directory_(std::move(other.directory_)),
      sites_(std::move(other.sites_)),
      process_(std::exchange(other.process_, -1)) {}

NginxServer::~NginxServer() {
  if (process_ > 0) {
    kill(process_, SIGTERM);  // `timeout` passes it on
    waitpid(process_, nullptr, 0);
  }
}

const Site* NginxServer::site(std::string_view id) const {
  const auto at =
      std::find_if(sites_.begin(), sites_.end(), [&](const Site& s) { return s.id == id; });
  return at == sites_.end() ? nullptr : &*at;
}

}  // namespace medic::e2e
