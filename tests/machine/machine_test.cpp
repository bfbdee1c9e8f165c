#include "machine/machine.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/files.h"

namespace medic::machine {
namespace {

namespace fs = std::filesystem;

// A tree of another system.
class Tree {
 public:
  Tree() : directory_(TemporaryDirectory::make().value()) {}

  void file(const std::string& path, std::string_view text = "x", unsigned mode = 0644) {
    const fs::path at = directory_.path() / path;
    fs::create_directories(at.parent_path());
    std::ofstream(at) << text;
    fs::permissions(at, static_cast<fs::perms>(mode));
  }
  void link(const std::string& path, const std::string& target) {
    const fs::path at = directory_.path() / path;
    fs::create_directories(at.parent_path());
    fs::create_symlink(target, at);
  }
  [[nodiscard]] fs::path root() const { return directory_.path(); }
  [[nodiscard]] Machine machine(Environment environment = {}) const {
    return Machine::open({.root = root(), .environment = std::move(environment)}).value();
  }

 private:
  TemporaryDirectory directory_;
};

TEST(Machine, LinksStayInsideTheRoot) {
  Tree tree;
  tree.file("etc/ssl/cert.pem", "inside");
  tree.link("a", "/etc/ssl/cert.pem");
  tree.link("b", "../../../../etc/ssl/cert.pem");
  tree.link("etc/c", "../../../etc/passwd");
  tree.link("d", "/etc");
  tree.link("loop", "loop");
  tree.link("ping", "pong");
  tree.link("pong", "ping");
  const Machine machine = tree.machine();
  struct Row {
    std::string_view path;
    std::string_view text;  // empty: not there
    Trouble trouble;
    std::string_view why;
  };
  for (const Row& row : {
           Row{"/a", "inside", Trouble::Absent, "an absolute link means the root of the tree"},
           Row{"/b", "inside", Trouble::Absent, "'..' stops at the root"},
           Row{"/etc/c", "", Trouble::Absent, "a file of this machine is not seen"},
           Row{"/d/ssl/../ssl/./cert.pem", "inside", Trouble::Absent,
               "dots and linked directories"},
           Row{"/../etc/ssl/cert.pem", "inside", Trouble::Absent, "'..' above the root"},
           Row{"/loop", "", Trouble::Loop, "a link to itself"},
           Row{"/ping", "", Trouble::Loop, "two links that name each other"},
           Row{"/etc/ssl", "", Trouble::WrongKind, "a directory is no file"},
           Row{"/none", "", Trouble::Absent, "nothing there"},
           Row{"", "", Trouble::Absent, "no path"},
           Row{std::string_view("/a\0b", 4), "", Trouble::Absent, "NUL is in no path"},
       }) {
    SCOPED_TRACE(row.why);
    const auto text = machine.read(row.path);
    ASSERT_EQ(text.has_value(), !row.text.empty());
    if (text) {
      EXPECT_EQ(*text, row.text);
    } else {
      EXPECT_EQ(text.error(), row.trouble);
    }
  }
  EXPECT_EQ(machine.resolve("/b").value(), "/etc/ssl/cert.pem");
  EXPECT_EQ(machine.link_target("/a").value(), "/etc/ssl/cert.pem");
}

TEST(Machine, ReadsAreBounded) {
  Tree tree;
  tree.file("big", std::string(1000, 'b'));
  const Machine machine = tree.machine();
  EXPECT_EQ(machine.read("/big", 999).error(), Trouble::TooBig);
  EXPECT_EQ(machine.read("/big", 1000)->size(), 1000U);
  EXPECT_EQ(machine.read_part("/big", 990, 100)->size(), 10U);
  ASSERT_EQ(::mkfifo((tree.root() / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(machine.read("/pipe").error(), Trouble::WrongKind) << "must not wait for a writer";
}

TEST(Machine, WindowsTreesIgnoreCaseAndMapDrives) {
  Tree tree;
  tree.file("Windows/System32/CRYPT32.dll");
  tree.file("Users/Kim/.condarc", "ssl_verify: false");
  tree.file("Users/Public/x");
  tree.file("D/Tools/curl.exe");
  const Machine machine = tree.machine(
      {{"Path", "D:\\Tools;C:\\WINDOWS\\system32"}, {"UserProfile", "C:\\Users\\Kim"}});
  EXPECT_EQ(machine.family(), Family::Windows);
  EXPECT_EQ(machine.read("c:\\users\\KIM\\.condarc").value(), "ssl_verify: false");
  EXPECT_EQ(machine.resolve("C:\\users\\kim").value(), "C:/Users/Kim");
  EXPECT_EQ(machine.program("CURL").value(), "D:/Tools/CURL.exe");
  EXPECT_EQ(machine.expanded("%USERPROFILE%\\.condarc"), "C:/Users/Kim/.condarc");
  EXPECT_EQ(machine.display("C:/Users/Kim"), "C:\\Users\\Kim");
  EXPECT_EQ(machine.read("E:\\x").error(), Trouble::Absent);
  ASSERT_EQ(machine.users().size(), 1U);
  EXPECT_EQ(machine.users().front().home, "C:/Users/Kim");
}

TEST(Machine, FamiliesAreToldByTheirLayout) {
  struct Row {
    std::string_view file;
    Family family;
  };
  for (const Row& row :
       {Row{"etc/os-release", Family::Linux}, Row{"Library/Frameworks/x", Family::MacOs},
        Row{"Users/kim/Library/x", Family::MacOs}, Row{"Users/kim/AppData/x", Family::Windows},
        Row{"WINDOWS/system32/x", Family::Windows}}) {
    Tree tree;
    tree.file(std::string(row.file));
    EXPECT_EQ(tree.machine().family(), row.family) << row.file;
  }
}

TEST(Machine, ProgramsAreFoundOnceInTheOrderOfPath) {
  Tree tree;
  tree.file("opt/bin/curl", "mine", 0755);
  tree.file("usr/bin/curl", "system", 0755);
  tree.file("usr/bin/notes", "text", 0644);
  tree.link("bin", "usr/bin");
  const Machine machine = tree.machine({{"PATH", "/opt/bin:/bin:/usr/bin:relative"}});
  EXPECT_EQ(machine.programs("curl"), (std::vector<std::string>{"/opt/bin/curl", "/bin/curl"}))
      << "/usr/bin/curl is /bin/curl";
  EXPECT_TRUE(machine.programs("notes").empty()) << "nobody may run it";
}

TEST(Machine, PatternsFindPathsInOrder) {
  Tree tree;
  tree.file("usr/lib/jvm/b/lib/security/cacerts");
  tree.file("usr/lib/jvm/a/lib/security/cacerts");
  tree.file("usr/lib/jvm/.hidden/lib/security/cacerts");
  tree.file("usr/lib/jvm/c/release");
  const Machine machine = tree.machine();
  EXPECT_EQ(machine.glob("/usr/lib/jvm/*/lib/security/cacerts"),
            (std::vector<std::string>{"/usr/lib/jvm/a/lib/security/cacerts",
                                      "/usr/lib/jvm/b/lib/security/cacerts"}));
  EXPECT_TRUE(machine.glob("/none/*").empty());
}

TEST(Machine, PeopleOfAnotherLinuxAreThoseWithAHome) {
  Tree tree;
  tree.file("etc/passwd",
            "kim:x:1000:1000::/home/kim:/bin/sh\ndaemon:x:1:1::/usr/sbin:/bin/false\n"
            "nobody:x:65534:65534::/home/nobody:/bin/false\nbroken line\n"
            "gone:x:1001:1001::/home/gone:/bin/sh\n");
  tree.file("home/kim/.profile");
  tree.file("home/nobody/.profile");
  tree.file("usr/sbin/x");
  std::vector<std::string> names;
  const Machine machine = tree.machine();
  for (const User& user : machine.users()) {
    names.push_back(user.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"kim", "nobody"}))
      << "daemon has no home of a person; who has a directory in /home is listed";
}

TEST(Machine, VariablesAreReplacedAsTheSystemWritesThem) {
  const Tree tree;
  const Machine machine = tree.machine({{"HOME", "/home/kim"}, {"CA", "corp"}});
  EXPECT_EQ(machine.expanded("~/x"), "/home/kim/x");
  EXPECT_EQ(machine.expanded("$HOME/${CA}.pem"), "/home/kim/corp.pem");
  EXPECT_EQ(machine.expanded("$NONE/%CA%/$"), "$NONE/%CA%/$");
}

TEST(Machine, ARootThatIsNoDirectoryIsRefused) {
  Tree tree;
  tree.file("file");
  EXPECT_FALSE(Machine::open({.root = tree.root() / "file"}).has_value());
  EXPECT_FALSE(Machine::open({.root = tree.root() / "none"}).has_value());
}

}  // namespace
}  // namespace medic::machine
