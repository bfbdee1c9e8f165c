#include "remedy/engine.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>

#include "base/files.h"
#include "base/subprocess.h"
#include "remedy/diff.h"

namespace medic::remedy {
namespace {

namespace fs = std::filesystem;

const Time kAt = *parse_time("2026-11-21T12:00:00Z");

// A tree to change and a journal beside it.
struct World {
  TemporaryDirectory directory = *TemporaryDirectory::make();
  fs::path root = directory.path() / "root";
  std::string journal = (directory.path() / "state/journal").string();

  World() {
    fs::create_directories(root / "etc");
    write("etc/pip.conf", "[global]\ntrusted-host = a\n");
    fs::permissions(root / "etc/pip.conf", fs::perms(0640));
    write("etc/gone", "remove me\n");
    fs::permissions(root / "etc/gone", fs::perms(0604));
    fs::create_symlink("gone", root / "etc/link");
    const std::array<timespec, 2> times = {timespec{.tv_sec = 1000, .tv_nsec = 5},
                                           timespec{.tv_sec = 1111, .tv_nsec = 123456789}};
    for (const char* name : {"etc/pip.conf", "etc/gone"}) {
      EXPECT_EQ(::utimensat(AT_FDCWD, (root / name).c_str(), times.data(), 0), 0);
    }
  }
  void write(const std::string& name, const std::string& text) const {
    EXPECT_TRUE(write_file(root / name, text));
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    return read_text_file(root / name).value_or("<absent>");
  }
  [[nodiscard]] Tree tree(Checkpoint checkpoint = {}) const {
    return *Tree::open(root, std::move(checkpoint));
  }

  // Everything that an exact undo restores, in words.
  [[nodiscard]] std::map<std::string, std::string> picture() const {
    std::map<std::string, std::string> seen;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      struct stat s = {};
      ::lstat(entry.path().c_str(), &s);
      std::string what = fmt::format("{:o} {} {}", s.st_mode, s.st_uid, s.st_gid);
      if (S_ISREG(s.st_mode)) {
        what += fmt::format(" {}.{} {}", s.st_mtim.tv_sec, s.st_mtim.tv_nsec,
                            *read_text_file(entry.path()));
      } else if (S_ISLNK(s.st_mode)) {
        what += " -> " + fs::read_symlink(entry.path()).string();
      }
      seen[fs::relative(entry.path(), root).string()] = what;
    }
    return seen;
  }
};

File file_of(const State& state) {
  return std::get<File>(state);
}

// One step of every kind.
Plan plan_of(const Tree& tree) {
  const State conf = *tree.look("/etc/pip.conf");
  File better = file_of(conf);
  better.bytes = "[global]\ncert = /etc/corp/ca.pem\n";
  better.mtime_ns = 0;
  const File bundle{.bytes = std::string(50000, 'x'),
                    .mode = 0644,
                    .uid = ::geteuid(),
                    .gid = ::getegid(),
                    .mtime_ns = 0,
                    .attributes = {}};
  return {.remedy = "trust-private-root",
          .cause = "private-ca-not-trusted",
          .client = "pip",
          .subject = "Corp Root",
          .steps = {{StepKind::MakeDirectory, "/etc/corp", Absent{}, Directory{.mode = 0755}},
                    {StepKind::CreateFile, "/etc/corp/ca.pem", Absent{}, bundle},
                    {StepKind::EditKey, "/etc/pip.conf", conf, better},
                    {StepKind::RemoveFile, "/etc/gone", *tree.look("/etc/gone"), Absent{}},
                    {StepKind::RemoveLink, "/etc/link", Link{.target = "gone"}, Absent{}},
                    {StepKind::MakeLink, "/etc/new", Absent{}, Link{.target = "corp/ca.pem"}}},
          .asks = {},
          .variables = {}};
}

TEST(Engine, AppliesAndUndoesByteForByteWithOwnerModeAndTime) {
  const World world;
  const auto before = world.picture();
  const Tree tree = world.tree();
  auto journal = Journal::open(world.journal);
  ASSERT_TRUE(journal) << journal.error().what;
  Engine engine(tree, *journal);
  const Plan plan = plan_of(tree);
  const auto outcome = engine.apply(plan, kAt);
  ASSERT_TRUE(outcome) << outcome.error().what;
  EXPECT_EQ(outcome->ending, Ending::Done);
  EXPECT_EQ(world.read("etc/pip.conf"), "[global]\ncert = /etc/corp/ca.pem\n");
  EXPECT_EQ(world.read("etc/new").size(), 50000U);
  EXPECT_EQ(world.read("etc/gone"), "<absent>");
  EXPECT_EQ(fs::status(world.root / "etc/pip.conf").permissions(), fs::perms(0640));

  EXPECT_EQ(engine.apply(plan, kAt)->ending, Ending::Nothing) << "applying twice is once";
  std::vector<Entry> entries = *journal->entries();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].state, EntryState::Applied);
  EXPECT_EQ(entries[0].plan.subject, "Corp Root");
  ASSERT_TRUE(engine.undo(entries[0]));
  EXPECT_EQ(world.picture(), before);
  EXPECT_EQ(journal->entries()->front().state, EntryState::Undone);
}

TEST(Engine, AFailedVerificationTakesEverythingBack) {
  const World world;
  const auto before = world.picture();
  const Tree tree = world.tree();
  auto journal = Journal::open(world.journal);
  Engine engine(tree, *journal);
  const auto outcome = engine.apply(plan_of(tree), kAt, [&]() -> Result<void> {
    EXPECT_EQ(world.read("etc/gone"), "<absent>") << "it is asked of the changed machine";
    return fail(ErrorKind::Data, "the client still refuses");
  });
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->ending, Ending::RolledBack);
  EXPECT_EQ(outcome->reason.what, "the client still refuses");
  EXPECT_EQ(world.picture(), before);
}

TEST(Engine, RefusesToUndoWhatSomebodyChangedSince) {
  const World world;
  const Tree tree = world.tree();
  auto journal = Journal::open(world.journal);
  Engine engine(tree, *journal);
  ASSERT_TRUE(engine.apply(plan_of(tree), kAt));
  world.write("etc/pip.conf", "[global]\ncert = /etc/corp/ca.pem\nproxy = x\n");
  const auto changed = world.picture();
  Entry entry = journal->entries()->front();
  const auto done = engine.undo(entry);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().what.find("pip.conf"), std::string::npos);
  EXPECT_EQ(world.picture(), changed) << "not even the other files";
  const auto others = engine.changed(entry);
  ASSERT_EQ(others->size(), 1U);
  EXPECT_NE(unified_diff(file_of(others->front().expected).bytes,
                         file_of(others->front().found).bytes, "pip.conf")
                .find("+proxy = x"),
            std::string::npos);
}

TEST(Engine, RefusesAPlanThatIsOlderThanTheFile) {
  const World world;
  const Tree tree = world.tree();
  auto journal = Journal::open(world.journal);
  Engine engine(tree, *journal);
  const Plan plan = plan_of(tree);
  world.write("etc/pip.conf", "written in between\n");
  const auto before = world.picture();
  EXPECT_FALSE(engine.apply(plan, kAt));
  EXPECT_EQ(world.picture(), before);
  EXPECT_TRUE(journal->entries()->empty());
}

TEST(Engine, AFileThatChangesBetweenStagingAndCommitIsNotLost) {
  const World world;
  auto journal = Journal::open(world.journal);
  int commits = 0;
  const Tree tree = world.tree([&](std::string_view point) {
    if (point == "staged" && ++commits == 1) {
      world.write("etc/pip.conf", "quick\n");
    }
  });
  Engine engine(tree, *journal);
  EXPECT_FALSE(engine.apply(plan_of(tree), kAt));
  EXPECT_EQ(world.read("etc/pip.conf"), "quick\n");
}

TEST(Engine, TwoAtOnceExcludeEachOther) {
  const World world;
  const auto first = Journal::open(world.journal);
  ASSERT_TRUE(first);
  const auto second = Journal::open(world.journal);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().what.find("another tlsmedic"), std::string::npos);
}

TEST(Engine, AReadOnlyDirectoryChangesNothing) {
  if (::geteuid() == 0) {
    GTEST_SKIP() << "root writes everywhere";
  }
  const World world;
  const auto before = world.picture();
  const Tree tree = world.tree();
  auto journal = Journal::open(world.journal);
  Engine engine(tree, *journal);
  const Plan plan = plan_of(tree);
  fs::permissions(world.root / "etc", fs::perms(0555));
  EXPECT_FALSE(engine.apply(plan, kAt));
  fs::permissions(world.root / "etc", fs::perms(0755));
  EXPECT_EQ(world.picture(), before);
}

// What a run that was ended leaves: every place is old or new, and either way back or on works.
void expect_recoverable(const World& world, const std::map<std::string, std::string>& before,
                        std::string_view where) {
  SCOPED_TRACE(where);
  const Tree tree = world.tree();
  auto journal = Journal::open(world.journal);
  ASSERT_TRUE(journal) << journal.error().what;
  const auto conf = world.read("etc/pip.conf");
  EXPECT_TRUE(conf == "[global]\ntrusted-host = a\n" ||
              conf == "[global]\ncert = /etc/corp/ca.pem\n")
      << conf;
  std::vector<Entry> entries = *journal->entries();
  Engine engine(tree, *journal);
  for (Entry& entry : entries) {
    if (entry.state == EntryState::Begun) {
      Entry again = entry;
      const auto on = engine.resume(again);
      ASSERT_TRUE(on) << on.error().what;
      EXPECT_EQ(world.read("etc/new").size(), 50000U);
      entry = again;
    }
    const auto undone = engine.undo(entry);
    ASSERT_TRUE(undone) << undone.error().what;
  }
  EXPECT_EQ(world.picture(), before);
}

TEST(Crash, AtEveryStepBoundaryTheJournalKnowsTheWayBack) {
  std::vector<std::string> points;
  {
    const World world;
    const auto note = [&](std::string_view point) { points.emplace_back(point); };
    const Tree tree = world.tree(note);
    auto journal = Journal::open(world.journal);
    Engine engine(tree, *journal, note);
    ASSERT_TRUE(engine.apply(plan_of(tree), kAt));
  }
  ASSERT_GT(points.size(), 15U);
  for (std::size_t fatal = 0; fatal < points.size(); ++fatal) {
    const World world;
    const auto before = world.picture();
    const pid_t child = ::fork();
    if (child == 0) {
      std::size_t met = 0;
      const auto die = [&](std::string_view) {
        if (met++ == fatal) {
          ::kill(::getpid(), SIGKILL);
        }
      };
      const Tree tree = world.tree(die);
      auto journal = Journal::open(world.journal);
      Engine engine(tree, *journal, die);
      static_cast<void>(engine.apply(plan_of(tree), kAt));
      ::_exit(1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << points[fatal];
    expect_recoverable(world, before, points[fatal]);
  }
}

// Ends the child when it is about to make its `fatal`th system call; false: it made fewer.
bool killed_at_call(pid_t child, int fatal) {
  int status = 0;
  ::waitpid(child, &status, 0);
  for (int call = 0; WIFSTOPPED(status); ++call) {
    if (call == fatal) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      return true;
    }
    ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
    ::waitpid(child, &status, 0);
  }
  return false;
}

// Every so many system calls, from a start that moves, so that runs together see them all;
// MEDIC_CRASH_STRIDE=1 sees them all in one.
int stride() {
  const char* wanted = std::getenv("MEDIC_CRASH_STRIDE");
  constexpr int kUsual = 29;
  return wanted == nullptr ? kUsual : std::max(1, std::atoi(wanted));
}

TEST(Crash, BetweenAnyTwoSystemCallsTheFilesAreOldOrNew) {
  const int step = stride();
  int made = 0;
  for (int fatal = ::getpid() % step;; fatal += step) {
    const World world;
    const auto before = world.picture();
    const Plan plan = plan_of(world.tree());
    const pid_t child = ::fork();
    if (child == 0) {
      if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) {
        ::_exit(77);
      }
      ::raise(SIGSTOP);
      const Tree tree = world.tree();
      auto journal = Journal::open(world.journal);
      Engine engine(tree, *journal);
      static_cast<void>(engine.apply(plan, kAt));
      ::_exit(0);
    }
    const bool killed = killed_at_call(child, fatal);
    if (made == 0 && !killed) {
      GTEST_SKIP() << "this machine does not let a process be traced";
    }
    if (!killed) {
      break;
    }
    ++made;
    expect_recoverable(world, before, fmt::format("system call {}", fatal));
    if (HasFatalFailure()) {
      return;
    }
  }
  EXPECT_GT(made, 5);
}

// A small file system at `where`, in a mount namespace of this process alone. False: not allowed.
bool mount_small_disk(const fs::path& where) {
  const uid_t uid = ::geteuid();
  const gid_t gid = ::getegid();
  if (::unshare(uid == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0) {
    return false;
  }
  if (uid != 0) {
    const auto map = [](const char* file, const std::string& text) {
      const int fd = ::open(file, O_WRONLY | O_CLOEXEC);
      const bool good = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
      ::close(fd);
      return good;
    };
    if (!map("/proc/self/setgroups", "deny") ||
        !map("/proc/self/uid_map", fmt::format("{0} {0} 1", uid)) ||
        !map("/proc/self/gid_map", fmt::format("{0} {0} 1", gid))) {
      return false;
    }
  }
  return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("tmpfs", where.c_str(), "tmpfs", 0, "size=64k,mode=755") == 0;
}

TEST(Crash, AFullDiskChangesNothingAndTheWayBackNeedsNoSpace) {
  const World world;
  const fs::path disk = world.root / "etc";
  const pid_t child = ::fork();
  if (child == 0) {
    if (!mount_small_disk(disk)) {
      ::_exit(77);
    }
    world.write("etc/pip.conf", "[global]\n");
    world.write("etc/gone", std::string(30000, 'g'));
    fs::create_symlink("gone", world.root / "etc/link");
    const auto before = world.picture();
    const Tree tree = world.tree();
    auto journal = Journal::open(world.journal);
    Engine engine(tree, *journal);
    const auto outcome = engine.apply(plan_of(tree), kAt);
    const bool same = world.picture() == before;
    ::_exit(outcome ? 1 : (same ? 0 : 2));
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WEXITSTATUS(status) == 77) {
    GTEST_SKIP() << "no mount namespace for us here";
  }
  EXPECT_EQ(WEXITSTATUS(status), 0) << "1: it did not fail; 2: something was changed";
}

struct Trick {
  std::string_view path;
  std::function<void(const World&)> set;
  std::string_view why;
};

TEST(Tree, TricksInTheWayAreRefused) {
  const Trick tricks[] = {
      {"/etc/pip.conf",
       [](const World& w) { fs::create_hard_link(w.root / "etc/pip.conf", w.root / "other"); },
       "a second name would keep the old content, or an attacker's"},
      {"/dir/pip.conf", [](const World& w) { fs::create_directory_symlink("etc", w.root / "dir"); },
       "a link on the way"},
      {"/out/passwd", [](const World& w) { fs::create_directory_symlink("/etc", w.root / "out"); },
       "a link out of the root"},
      {"/etc/../../escaped", [](const World&) {}, "upwards"},
      {"etc/pip.conf", [](const World&) {}, "not absolute"},
      {"/open/file",
       [](const World& w) {
         fs::create_directory(w.root / "open");
         fs::permissions(w.root / "open", fs::perms(0777));
       },
       "everybody may swap what lies there"},
      {"/etc/pipe",
       [](const World& w) { EXPECT_EQ(::mkfifo((w.root / "etc/pipe").c_str(), 0600), 0); },
       "reading it would block for ever"},
  };
  for (const Trick& trick : tricks) {
    SCOPED_TRACE(trick.why);
    const World world;
    trick.set(world);
    const Tree tree = world.tree();
    const auto seen = tree.look(trick.path);
    EXPECT_FALSE(seen.has_value());
    EXPECT_FALSE(tree.stage(trick.path, File{.bytes = "x"}, "t").has_value() && seen.has_value());
  }
}

TEST(Tree, ALinkIsSeenAsOneAndNeverFollowed) {
  const World world;
  const Tree tree = world.tree();
  EXPECT_EQ(*tree.look("/etc/link"), State(Link{.target = "gone"}));
  EXPECT_EQ(*tree.look("/etc/absent/deeper"), State(Absent{}));
  EXPECT_TRUE(std::holds_alternative<Directory>(*tree.look("/etc")));
}

TEST(Tree, NamesThatHoldAnythingAreWritten) {
  const World world;
  const Tree tree = world.tree();
  auto journal = Journal::open(world.journal);
  Engine engine(tree, *journal);
  const std::string odd = "/etc/-rf \n$(x) \xff\xfe.pem";
  const File file{.bytes = "x", .mode = 0600, .uid = ::geteuid(), .gid = ::getegid()};
  Plan plan;
  plan.steps = {{StepKind::CreateFile, odd, Absent{}, file}};
  const auto before = world.picture();
  ASSERT_TRUE(engine.apply(plan, kAt));
  EXPECT_EQ(*tree.look(odd), State(file));
  Entry entry = journal->entries()->front();
  ASSERT_TRUE(engine.undo(entry));
  EXPECT_EQ(world.picture(), before);
}

TEST(Journal, ADamagedEntryIsSaidAndNothingIsGuessed) {
  const World world;
  ASSERT_TRUE(Journal::open(world.journal));
  ASSERT_TRUE(write_file(world.journal + "/20260101T000000Z-0001.applied.json", "{\"schema\":1}"));
  EXPECT_FALSE(Journal::read(world.journal).has_value());
  EXPECT_TRUE(Journal::read(world.journal + "/absent")->empty());
}

}  // namespace
}  // namespace medic::remedy
