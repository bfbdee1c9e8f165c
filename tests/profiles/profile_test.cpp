#include "profiles/profile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "profiles/packed_profiles.h"

namespace medic::profiles {
namespace {

std::string file_text(const std::string& path) {
  const std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Result<std::vector<Profile>> parse(
    std::initializer_list<std::pair<std::string, std::string>> files) {
  static std::vector<std::pair<std::string, std::string>> kept;
  kept.assign(files);
  std::vector<EmbeddedFile> embedded;
  for (const auto& [path, text] : kept) {
    embedded.push_back({path, as_bytes(text)});
  }
  return parse_profiles(embedded);
}

const std::string kBase = R"(id = "a"
title = { en = "A", ko = "가" }
family = "f"
as_of = 2026-01-02
engine = { value = "go", source = "s" }
store = { value = "system", rule = { en = "r", ko = "규칙" }, source = "s" }
tls = { }
verify = { strict = { value = true, source = "the strict source" } }
)";

TEST(Profiles, EveryEmbeddedProfileParses) {
  const auto parsed = parse_profiles(profile_files());
  ASSERT_TRUE(parsed.has_value()) << parsed.error().what;
  EXPECT_EQ(parsed->size(), profile_files().size());
}

// MEDIC_BLESS=1 writes the golden files instead.
TEST(Profiles, TheTableThatTheBuildPackedSaysWhatTheFilesSay) {
  const auto parsed = parse_profiles(profile_files());
  ASSERT_TRUE(parsed.has_value());
  ASSERT_EQ(all_profiles().size(), parsed->size());
  for (std::size_t i = 0; i < parsed->size(); ++i) {
    EXPECT_EQ(resolved_text(all_profiles()[i]), resolved_text((*parsed)[i]));
  }
}

TEST(Profiles, APackedTableThatWasCutShortIsRefused) {
  const Bytes packed = packed_profiles(all_profiles());
  ASSERT_TRUE(unpacked_profiles(packed).has_value());
  for (const std::size_t kept :
       {std::size_t{0}, std::size_t{3}, packed.size() / 2, packed.size() - 1}) {
    EXPECT_FALSE(unpacked_profiles(ByteView(packed).first(kept)).has_value()) << kept;
  }
}

TEST(Profiles, ResolvedFormIsTheGoldenFile) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): tests of this program run on one thread
  const bool bless = std::getenv("MEDIC_BLESS") != nullptr;
  for (const Profile& profile : all_profiles()) {
    const std::string path =
        std::string(MEDIC_SOURCE_DIR) + "/tests/profiles/golden/" + profile.id + ".txt";
    if (bless) {
      std::ofstream(path) << resolved_text(profile);
    }
    EXPECT_EQ(resolved_text(profile), file_text(path)) << path << ": run with MEDIC_BLESS=1";
  }
}

TEST(Profiles, NoGoldenFileOutlivesItsProfile) {
  for (const auto& entry : std::filesystem::directory_iterator(std::string(MEDIC_SOURCE_DIR) +
                                                               "/tests/profiles/golden")) {
    EXPECT_NE(find_profile(entry.path().stem().string()), nullptr) << entry.path();
  }
}

struct Refused {
  std::string add;
  std::string expected;
  std::string_view why;
};

TEST(Profiles, ABadFileIsRefusedWithFileLineAndKey) {
  const Refused rows[] = {
      {"surprise = 1\n", "data/profiles/a.toml:9: surprise: unknown key", "a key nobody reads"},
      {"inherits = \"nobody\"\n", "data/profiles/a.toml:9: inherits: no profile 'nobody'",
       "a parent that is not there"},
      {"inherits = \"a\"\n", "inherits: no profile 'a', or a circle", "its own parent"},
      {"says = { expired = \"x\" }\n", "source: missing", "texts need a source too"},
  };
  for (const Refused& row : rows) {
    SCOPED_TRACE(row.why);
    const auto parsed = parse({{"data/profiles/a.toml", kBase + row.add}});
    ASSERT_FALSE(parsed.has_value());
    EXPECT_NE(parsed.error().what.find(row.expected), std::string::npos) << parsed.error().what;
  }
}

TEST(Profiles, AValueWithoutASourceIsRefused) {
  std::string text = kBase;
  const std::string source = ", source = \"the strict source\"";
  text.erase(text.find(source), source.size());
  const auto parsed = parse({{"data/profiles/a.toml", text}});
  ASSERT_FALSE(parsed.has_value());
  EXPECT_NE(parsed.error().what.find("data/profiles/a.toml:8: strict: no source"),
            std::string::npos)
      << parsed.error().what;
}

TEST(Profiles, AChildKeepsWhatItDoesNotSay) {
  const auto parsed = parse({{"data/profiles/a.toml", kBase}, {"data/profiles/b.toml", R"(id = "b"
title = { en = "B", ko = "나" }
family = "f"
as_of = 2026-01-03
inherits = "a"
verify = { partial_chain = { value = true, source = "p" } }
)"}});
  ASSERT_TRUE(parsed.has_value()) << parsed.error().what;
  const Profile& child = parsed->at(1);
  EXPECT_EQ(child.id, "b");
  EXPECT_TRUE(child.verify.strict);
  EXPECT_TRUE(child.verify.partial_chain);
  EXPECT_EQ(child.engine, Engine::Go);
  EXPECT_FALSE(parsed->at(0).verify.partial_chain);
}

TEST(Profiles, SelectionTakesIdsFamiliesListsAndAll) {
  EXPECT_EQ(select_profiles("python-3.13")->size(), 1U);
  EXPECT_GE(select_profiles("python")->size(), 2U);
  EXPECT_EQ(select_profiles("go,python-3.13,go")->size(), 2U);
  EXPECT_EQ(select_profiles("all")->size(), all_profiles().size());
  const auto wrong = select_profiles("pyhton-3.13");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().kind, ErrorKind::Usage);
  EXPECT_NE(wrong.error().matters.find("python-3.13"), std::string::npos);
}

TEST(Profiles, Python313IsStrictAndTakesPartialChains) {
  const Profile* profile = find_profile("python-3.13");
  ASSERT_NE(profile, nullptr);
  EXPECT_TRUE(profile->verify.strict);
  EXPECT_TRUE(profile->verify.partial_chain);
  EXPECT_TRUE(profile->executed);
}

}  // namespace
}  // namespace medic::profiles
