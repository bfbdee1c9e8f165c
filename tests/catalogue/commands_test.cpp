// The commands that remedies print are run as they are printed, where the product is installed
// here. Only what a test may not touch is replaced: file names below /etc, passwords asked at a
// prompt.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <ios>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/subprocess.h"
#include "catalogue/cause.h"
#include "catalogue/page.h"
#include "text/messages.h"

namespace medic::catalogue {
namespace {

class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tlsmedic-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ScratchDirectory(ScratchDirectory&&) = delete;
  ScratchDirectory& operator=(ScratchDirectory&&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

bool installed(std::string_view program) {
  return find_program(program, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
      .has_value();
}

// The commands of one product in a remedy, filled as a page fills them.
std::vector<std::string> commands(std::string_view remedy_id, std::string_view product) {
  std::vector<std::string> found;
  const Remedy* remedy = find_remedy(remedy_id);
  EXPECT_NE(remedy, nullptr) << remedy_id;
  for (const HowTo& how : remedy->how) {
    if (how.product == product) {
      found.push_back(text::filled(how.command, sample_facts()));
    }
  }
  EXPECT_FALSE(found.empty()) << remedy_id << ", " << product;
  return found;
}

std::string first_command(std::string_view remedy_id, std::string_view product) {
  const std::vector<std::string> found = commands(remedy_id, product);
  return found.empty() ? "" : found.front();
}

// Runs `script` in `directory`, which is also its HOME; asserts that it succeeds.
ProcessOutcome run(const std::filesystem::path& directory, const std::string& script) {
  const std::string prelude = fmt::format(
      "set -e; export HOME='{}'; export PATH=/usr/sbin:/usr/bin:/sbin:/bin\n", directory.string());
  const auto outcome =
      run_process({.argv = {"/bin/sh", "-c", prelude + script}, .directory = directory});
  EXPECT_TRUE(outcome.has_value());
  if (!outcome) {
    return {};
  }
  EXPECT_EQ(outcome->exit_status, 0) << script << "\n" << outcome->out << outcome->err;
  return *outcome;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// Gives the passwords that a person would type.
std::string with_passwords(const std::string& script) {
  std::string out =
      replaced(script, "openssl pkcs12 -export", "openssl pkcs12 -export -passout pass:changeit");
  for (const std::string_view command : {"-genkeypair", "-certreq", "-list", "-gencert"}) {
    out = replaced(out, fmt::format("keytool {}", command),
                   fmt::format("keytool {} -storepass changeit", command));
  }
  return out;
}

// A CA, a server key and a chain in `directory`, made by the remedies' own commands.
void make_certificates(const std::filesystem::path& directory) {
  const std::vector<std::string> profile = commands("fix-ca-profile", "openssl");
  ASSERT_EQ(profile.size(), 2U);
  write(directory / "ca.cnf", profile[0]);
  run(directory,
      "openssl genrsa -out ca.key 2048\n"
      "openssl req -x509 -new -config ca.cnf -key ca.key -sha256 -days 3650 -out ca.pem\n" +
          first_command("replace-weak-key-or-signature", "openssl") + "\n" + profile[1] + "\n" +
          "cp server.pem fullchain.pem; cp ca.pem chain.pem; cp ca.pem client-ca.pem\n"
          "cp ca.pem corp-root.pem; cp server.key privkey.pem\n"
          "openssl x509 -in ca.pem -outform DER -out root.cer; cp ca.pem ca-bundle.pem\n");
}

TEST(Commands, TheCaProfileMakesChainsThatStrictVerificationAccepts) {
  const ScratchDirectory scratch;
  make_certificates(scratch.path());
  const ProcessOutcome verified =
      run(scratch.path(), "openssl verify -x509_strict -CAfile ca.pem server.pem");
  EXPECT_NE(verified.out.find("server.pem: OK"), std::string::npos) << verified.out;
}

TEST(Commands, OfOpensslRun) {
  const ScratchDirectory scratch;
  make_certificates(scratch.path());
  run(scratch.path(), first_command("fix-host-names", "openssl"));
  run(scratch.path(), first_command("trust-private-root", "openssl"));
  run(scratch.path(), first_command("rebuild-ca-bundle", "openssl"));
  make_certificates(scratch.path());
  const ProcessOutcome pair = run(scratch.path(), first_command("fix-server-key-pair", "openssl"));
  const std::size_t end = pair.out.find('\n');
  ASSERT_NE(end, std::string::npos);
  EXPECT_EQ(pair.out.substr(0, end + 1), pair.out.substr(end + 1)) << "a pair must print one value";
}

TEST(Commands, OfKeytoolRun) {
  if (!installed("keytool")) {
    GTEST_SKIP() << "keytool is not installed: the Java commands were not run";
  }
  const ScratchDirectory scratch;
  make_certificates(scratch.path());
  const std::string java_home =
      "export JAVA_HOME=$(dirname $(dirname $(readlink -f $(command -v keytool))))\n";
  run(scratch.path(), with_passwords(first_command("install-full-chain", "java")));
  run(scratch.path(),
      "rm server.p12\n" + with_passwords(first_command("replace-weak-key-or-signature", "java")));
  run(scratch.path(), with_passwords(first_command("fix-host-names", "java")));
  run(scratch.path(), with_passwords(first_command("replace-revoked", "java")));
  run(scratch.path(),
      "keytool -genkeypair -alias ca -keyalg RSA -keysize 2048 -dname CN=CA -ext BC:c=ca:true"
      " -storepass changeit -keystore ca.p12 -storetype PKCS12\n" +
          with_passwords(first_command("fix-ca-profile", "java")));
  run(scratch.path(), java_home + first_command("trust-private-root", "java-client"));
}

TEST(Commands, OfGitRun) {
  if (!installed("git")) {
    GTEST_SKIP() << "git is not installed: its commands were not run";
  }
  const ScratchDirectory scratch;
  run(scratch.path(), first_command("trust-private-root", "git"));
  run(scratch.path(), first_command("provide-client-certificate", "git"));
  run(scratch.path(), first_command("fix-proxy-setting", "git"));
  run(scratch.path(), first_command("proxy-authentication", "git"));
  run(scratch.path(),
      "git config --global http.sslVerify true\n" + first_command("enable-verification", "git"));
}

TEST(Commands, OfPythonCompile) {
  if (!installed("python3")) {
    GTEST_SKIP() << "python3 is not installed: the Python snippets were not compiled";
  }
  const ScratchDirectory scratch;
  std::vector<std::string> snippets = commands("relax-strict-x509", "python");
  snippets.push_back(first_command("relax-strict-x509", "requests"));
  snippets.push_back(first_command("provide-client-certificate", "requests"));
  snippets.push_back(first_command("fix-starttls-use", "python"));
  for (const std::string& snippet : snippets) {
    write(scratch.path() / "snippet.py", snippet);
    run(scratch.path(), "python3 -m py_compile snippet.py");
  }
}

// File names below /etc and /var become names in `here`.
std::string with_files_here(const std::string& text, const std::filesystem::path& here) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = std::string_view(text).substr(i);
    const bool name = rest.starts_with("/etc/") || rest.starts_with("/var/");
    const std::string_view path = name ? rest.substr(0, rest.find_first_of(" ;")) : "";
    if (name) {
      out += (here / std::filesystem::path(path).filename()).string();
    } else {
      out += text[i];
    }
    i += name ? path.size() : 1;
  }
  return out;
}

// An nginx configuration around what the remedy prints, with files and sockets of the test.
std::string nginx_configuration(const std::string& command, const std::filesystem::path& here) {
  const std::string server = fmt::format(
      "listen 443 ssl; ssl_certificate {0}/fullchain.pem; ssl_certificate_key "
      "{0}/server.key;\n",
      here.string());
  std::string body = command.find("server {") != std::string::npos
                         ? command
                         : fmt::format("server {{ {}{} }}", server, command);
  // Unix sockets instead of ports: the test needs no rights and meets nobody.
  body = replaced(body, "listen [::]:443", "listen unix:" + (here / "v6.sock").string());
  body = replaced(body, "listen 443", "listen unix:" + (here / "v4.sock").string());
  body = with_files_here(body, here);
  return fmt::format(
      "pid {0}/nginx.pid;\nerror_log {0}/error.log;\nevents {{}}\nhttp {{\n{1}\n}}\n",
      here.string(), body);
}

TEST(Commands, ConfigurationsForNginxAreAcceptedByNginx) {
  if (!installed("nginx")) {
    GTEST_SKIP() << "nginx is not installed: its configurations were not checked";
  }
  const ScratchDirectory scratch;
  make_certificates(scratch.path());
  int checked = 0;
  for (const Remedy& remedy : all_remedies()) {
    for (const HowTo& how : remedy.how) {
      const std::string command = text::filled(how.command, sample_facts());
      const bool configuration = command.find(';') != std::string::npos;
      if (how.product != "nginx" || !configuration) {
        continue;
      }
      SCOPED_TRACE(remedy.id);
      write(scratch.path() / "nginx.conf", nginx_configuration(command, scratch.path()));
      run(scratch.path(),
          fmt::format("nginx -t -q -p '{0}' -c '{0}/nginx.conf'", scratch.path().string()));
      ++checked;
    }
  }
  EXPECT_GE(checked, 9);
}

}  // namespace
}  // namespace medic::catalogue
