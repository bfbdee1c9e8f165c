#include "base/subprocess.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace medic {
namespace {

ProcessOutcome outcome_of(const ProcessRequest& request) {
  const auto outcome = run_process(request);
  EXPECT_TRUE(outcome.has_value()) << (outcome ? "" : outcome.error().what);
  return outcome.value_or(ProcessOutcome{.exit_status = -1});
}

TEST(Subprocess, KeepsTheTwoStreamsAndTheStatusApart) {
  const ProcessOutcome outcome =
      outcome_of({.argv = {"sh", "-c", "echo to-out; echo to-err >&2; exit 7"}});
  EXPECT_EQ(outcome.exit_status, 7);
  EXPECT_EQ(outcome.signal, 0);
  EXPECT_EQ(outcome.out, "to-out\n");
  EXPECT_EQ(outcome.err, "to-err\n");
}

TEST(Subprocess, NoShellReadsTheArguments) {
  const ProcessOutcome outcome = outcome_of({.argv = {"printf", "%s", "$HOME; `id` 'x'"}});
  EXPECT_EQ(outcome.out, "$HOME; `id` 'x'");
}

TEST(Subprocess, FeedsStandardInputLargerThanAPipe) {
  const std::string input(300'000, 'x');
  const ProcessOutcome outcome = outcome_of({.argv = {"wc", "-c"}, .input = input});
  EXPECT_EQ(outcome.out, "300000\n");
}

TEST(Subprocess, AProgramThatReadsNothingDoesNotBlockUs) {
  const ProcessOutcome outcome =
      outcome_of({.argv = {"true"}, .input = std::string(1'000'000, 'x')});
  EXPECT_EQ(outcome.exit_status, 0);
}

TEST(Subprocess, CutsOutputAtTheLimitAndSaysSo) {
  const ProcessOutcome outcome =
      outcome_of({.argv = {"sh", "-c", "yes | head -c 200000"}, .max_output_bytes = 1000});
  EXPECT_EQ(outcome.out.size(), 1000U);
  EXPECT_TRUE(outcome.output_cut);
  EXPECT_EQ(outcome.exit_status, 0);
}

TEST(Subprocess, EndsTheWholeGroupAtTheDeadline) {
  const auto started = std::chrono::steady_clock::now();
  const ProcessOutcome outcome =
      outcome_of({.argv = {"sh", "-c", "trap '' TERM; sleep 60 & echo $!; sleep 60; sleep 60"},
                  .deadline = std::chrono::milliseconds(200)});
  EXPECT_TRUE(outcome.timed_out);
  EXPECT_NE(outcome.signal, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(10));
  // `kill -0` succeeds on a zombie too, so ask for its state instead.
  const ProcessOutcome left = outcome_of({.argv = {"ps", "-o", "stat=", "-p", outcome.out}});
  EXPECT_TRUE(left.out.empty() || left.out.starts_with("Z")) << left.out;
}

TEST(Subprocess, ABackgroundChildThatHoldsTheOutputDoesNotHoldUs) {
  const ProcessOutcome outcome = outcome_of({.argv = {"sh", "-c", "sleep 60 & echo done"}});
  EXPECT_EQ(outcome.exit_status, 0);
  EXPECT_EQ(outcome.out, "done\n");
  EXPECT_LT(outcome.took, std::chrono::seconds(10));
}

TEST(Subprocess, ACancelledRunSaysCancelled) {
  const ProcessOutcome outcome =
      outcome_of({.argv = {"sleep", "60"}, .cancelled = [] { return true; }});
  EXPECT_TRUE(outcome.cancelled);
  EXPECT_FALSE(outcome.timed_out);
}

TEST(Subprocess, TheEnvironmentIsExactlyTheOneGiven) {
  const ProcessOutcome outcome =
      outcome_of({.argv = {"/usr/bin/env"}, .environment = Environment{{"ONLY", "this"}}});
  EXPECT_EQ(outcome.out, "ONLY=this\n");
}

TEST(Subprocess, RunsInTheDirectoryGiven) {
  EXPECT_EQ(outcome_of({.argv = {"pwd"}, .directory = "/usr"}).out, "/usr\n");
}

TEST(Subprocess, ASignalIsReportedAsShellsDo) {
  const ProcessOutcome outcome = outcome_of({.argv = {"sh", "-c", "kill -9 $$"}});
  EXPECT_EQ(outcome.signal, 9);
  EXPECT_EQ(outcome.exit_status, 137);
}

TEST(Subprocess, AProgramThatIsNotThereIsAnErrorThatNamesIt) {
  const auto outcome = run_process({.argv = {"no-such-program-here"}});
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().kind, ErrorKind::Io);
  EXPECT_NE(outcome.error().what.find("no-such-program-here"), std::string::npos);
}

TEST(Subprocess, FindProgramFollowsThePathGiven) {
  EXPECT_EQ(find_program("sh", "/nowhere:/bin"), std::filesystem::path("/bin/sh"));
  EXPECT_EQ(find_program("sh", "/nowhere"), std::nullopt);
  EXPECT_EQ(find_program("/bin/sh", ""), std::filesystem::path("/bin/sh"));
  EXPECT_EQ(find_program("/etc/passwd", ""), std::nullopt) << "a file that may not be executed";
}

}  // namespace
}  // namespace medic
