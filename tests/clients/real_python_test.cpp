// A real Python, broken on purpose: what the inventory says of it and what it prints itself.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "base/files.h"
#include "base/subprocess.h"
#include "clients/pip_config.h"
#include "clients/python.h"
#include "machine/machine.h"

namespace medic::clients {
namespace {

namespace fs = std::filesystem;

std::string output_of(const std::vector<std::string>& argv,
                      const std::optional<Environment>& environment = std::nullopt) {
  const auto run = run_process({.argv = argv, .environment = environment});
  return run ? run->out + run->err : std::string();
}

// The system's Python, copied so that its _ssl can be taken away: the program is a copy, the
// standard library a directory of links, the extension modules a directory of links of their own.
class BrokenPython {
 public:
  static std::optional<BrokenPython> make() {
    const std::string facts =
        output_of({"/usr/bin/python3", "-I", "-c",
                   "import _ssl, os, sys; print(os.path.realpath(sys.executable), "
                   "os.path.dirname(os.__file__), "
                   "_ssl.__file__, sep='\\n')"});
    std::vector<std::string> lines(1);
    for (const char c : facts) {
      c == '\n' ? lines.emplace_back() : (lines.back() += c, lines.back());
    }
    auto directory = TemporaryDirectory::make();
    if (lines.size() != 4 || !lines[2].ends_with(".so") || !directory) {
      return std::nullopt;
    }
    return BrokenPython(*std::move(directory), lines[0], lines[1], lines[2]);
  }

  [[nodiscard]] std::string program() const { return program_; }
  [[nodiscard]] std::string ssl_module() const { return ssl_; }
  [[nodiscard]] std::string real_ssl_module() const { return real_ssl_; }
  [[nodiscard]] std::string bin() const { return (directory_.path() / "bin").string(); }

  [[nodiscard]] Client found() const {
    const auto machine = machine::Machine::open(
        {.root = {}, .environment = {{"PATH", bin()}, {"HOME", directory_.path().string()}}});
    const auto python =
        describe_python(*machine, {.kind = PythonKind::System, .executable = program_});
    return python ? python_client(*machine, *python, "python") : Client{};
  }
  [[nodiscard]] std::string import_error() const {
    return output_of({program_, "-I", "-c", "import ssl"});
  }

 private:
  BrokenPython(TemporaryDirectory directory, const fs::path& program, const fs::path& library,
               const fs::path& ssl)
      : directory_(std::move(directory)), real_ssl_(ssl.string()) {
    const fs::path root = fs::canonical(directory_.path());
    program_ = (root / "bin" / program.filename()).string();
    const fs::path lib = root / "lib" / library.filename();
    fs::create_directories(root / "bin");
    fs::create_directories(lib / "lib-dynload");
    fs::copy_file(program, program_);
    for (const auto& entry : fs::directory_iterator(library)) {
      if (entry.path().filename() != "lib-dynload") {
        fs::create_symlink(entry.path(), lib / entry.path().filename());
      }
    }
    for (const auto& entry : fs::directory_iterator(ssl.parent_path())) {
      if (entry.path() != ssl) {
        fs::create_symlink(entry.path(), lib / "lib-dynload" / entry.path().filename());
      }
    }
    ssl_ = (lib / "lib-dynload" / ssl.filename()).string();
  }

  TemporaryDirectory directory_;
  std::string program_, ssl_, real_ssl_;
};

bool has_problem(const Client& client, std::string_view cause, std::string_view id) {
  return std::ranges::any_of(client.problems, [&](const Problem& problem) {
    return problem.cause == cause && problem.id == id;
  });
}

TEST(RealPython, WithoutItsSslModuleIsNamedAndPrintsWhatWeSay) {
  const auto python = BrokenPython::make();
  if (!python) {
    GTEST_SKIP() << "Skipped: no /usr/bin/python3 with a shared _ssl";
  }
  EXPECT_NE(python->import_error().find("No module named '_ssl'"), std::string::npos)
      << python->import_error();
  EXPECT_TRUE(has_problem(python->found(), "ssl-module-broken", "python-ssl-absent"));
}

TEST(RealPython, WhoseLibraryIsHiddenIsNamedAndPrintsWhatWeSay) {
  const auto python = BrokenPython::make();
  if (!python) {
    GTEST_SKIP() << "Skipped: no /usr/bin/python3 with a shared _ssl";
  }
  auto bytes = read_text_file(python->real_ssl_module());
  ASSERT_TRUE(bytes.has_value());
  const std::size_t at = bytes->find("libssl.so.3");
  if (at == std::string::npos) {
    GTEST_SKIP() << "Skipped: this Python's _ssl does not need libssl.so.3";
  }
  bytes->replace(at, 11, "libssl.so.9");
  ASSERT_TRUE(write_file(python->ssl_module(), *bytes));
  EXPECT_NE(python->import_error().find("libssl.so.9: cannot open shared object file"),
            std::string::npos)
      << python->import_error();
  const Client client = python->found();
  EXPECT_TRUE(has_problem(client, "openssl-library-mismatch", "tls-library-absent"));
  ASSERT_FALSE(client.problems.empty());
  EXPECT_EQ(client.problems[0].subject, "libssl.so.9");
}

TEST(RealPython, ThatWantsANewerLibraryIsNamedAndPrintsWhatWeSay) {
  const auto python = BrokenPython::make();
  if (!python) {
    GTEST_SKIP() << "Skipped: no /usr/bin/python3 with a shared _ssl";
  }
  auto bytes = read_text_file(python->real_ssl_module());
  ASSERT_TRUE(bytes.has_value());
  // The names of versions stand in the string table; their hashes beside them are what the loader
  // compares first, so both name and hash must be another's: OPENSSL_3.0.0 becomes OPENSSL_3.0.9.
  const auto replace = [&](std::string_view from, std::string_view to) {
    for (std::size_t at = bytes->find(from); at != std::string::npos; at = bytes->find(from, at)) {
      bytes->replace(at, from.size(), to);
    }
  };
  replace("OPENSSL_3.0.0", "OPENSSL_3.0.9");
  replace("\x20\x2b\x70\x06", "\x29\x2b\x70\x06");  // elf_hash() of either
  ASSERT_TRUE(write_file(python->ssl_module(), *bytes));
  const std::string said = python->import_error();
  if (said.find("OPENSSL_3.0.9' not found") == std::string::npos) {
    GTEST_SKIP() << "Skipped: this _ssl has no version OPENSSL_3.0.0 to change: " << said;
  }
  EXPECT_TRUE(
      has_problem(python->found(), "openssl-library-mismatch", "tls-library-lacks-version"));
}

class RealPip : public testing::Test {
 protected:
  void SetUp() override {
    auto home = TemporaryDirectory::make();
    ASSERT_TRUE(home.has_value());
    home_.emplace(*std::move(home));
    environment_ = {{"PATH", "/usr/bin:/bin"}, {"HOME", home_->path().string()}};
    if (pip({"--version"}).find("pip ") != 0) {
      GTEST_SKIP() << "Skipped: no pip for /usr/bin/python3";
    }
  }

  std::string pip(std::vector<std::string> arguments) {
    std::vector<std::string> argv = {"/usr/bin/python3", "-m", "pip"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return output_of(argv, environment_);
  }
  PipConfig ours() {
    const auto machine = machine::Machine::open({.root = {}, .environment = environment_});
    const auto python =
        describe_python(*machine, {.kind = PythonKind::System, .executable = "/usr/bin/python3"});
    return python ? pip_config(*machine, *python, "install") : PipConfig{};
  }
  std::string write(const std::string& name, const std::string& text) {
    const fs::path path = home_->path() / name;
    fs::create_directories(path.parent_path());
    EXPECT_TRUE(write_file(path, text));
    return path.string();
  }

  std::optional<TemporaryDirectory> home_;
  Environment environment_;
};

// `pip config debug` lists every file that it looks for, by kind.
TEST_F(RealPip, LooksForTheFilesThatWeRead) {
  const std::string said = pip({"config", "debug"});
  const std::vector<std::string> files = ours().files;
  for (const std::string& file : files) {
    EXPECT_NE(said.find("  " + file + ", exists:"), std::string::npos) << file << "\n" << said;
  }
  std::size_t count = 0;
  for (std::size_t at = said.find(", exists:"); at != std::string::npos;
       at = said.find(", exists:", at + 1)) {
    ++count;
  }
  EXPECT_EQ(count, files.size()) << said;
}

TEST_F(RealPip, LetsTheSameFileWin) {
  const auto agree = [&](std::string_view why) {
    SCOPED_TRACE(why);
    const PipConfig config = ours();
    const PipSetting* cert = config.find("cert");
    ASSERT_NE(cert, nullptr);
    EXPECT_EQ(pip({"config", "get", "global.cert"}), cert->value + "\n");
  };
  write(".pip/pip.conf", "[global]\ncert = legacy\n");
  agree("the legacy file of the user beats the global one");
  write(".config/pip/pip.conf", "[global]\ncert = user\n");
  agree("the newer file beats the legacy one");
  const std::string named = write("named.conf", "[global]\ntimeout = 9\n");
  environment_["PIP_CONFIG_FILE"] = named;
  environment_["PIP_CERT"] = "variable";
  EXPECT_EQ(ours().find("cert")->value, "variable");
  EXPECT_NE(pip({"config", "list"}).find(":env:.cert='variable'"), std::string::npos);
  EXPECT_EQ(pip({"config", "list"}).find("'user'"), std::string::npos)
      << "a named file takes the place of the user's";
}

}  // namespace
}  // namespace medic::clients
