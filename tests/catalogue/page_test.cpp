// The checked-in pages are what the catalogue generates. To renew them after a change of the data:
//   build/dev/src/catalogue/catalogue_tool docs .
#include "catalogue/page.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <ios>
#include <sstream>
#include <string>
#include <string_view>

#include "catalogue/cause.h"
#include "text/language.h"

namespace medic::catalogue {
namespace {

using text::Language;

std::filesystem::path directory(Language language) {
  return std::filesystem::path(MEDIC_SOURCE_DIR) /
         (language == Language::Korean ? "docs/ko/causes" : "docs/causes");
}

std::string content(const std::filesystem::path& path) {
  const std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

TEST(CausePages, AreTheOnesCheckedIn) {
  for (const Language language : {Language::English, Language::Korean}) {
    EXPECT_TRUE(content(directory(language) / "README.md") == index_page(language))
        << "renew with: catalogue_tool docs .";
    for (const Cause& cause : all_causes()) {
      EXPECT_TRUE(content(directory(language) / (cause.id + ".md")) ==
                  cause_page(cause.id, language))
          << cause.id << ": renew with: catalogue_tool docs .";
    }
  }
}

TEST(CausePages, NoPageIsLeftOfACauseThatIsGone) {
  for (const Language language : {Language::English, Language::Korean}) {
    for (const auto& entry : std::filesystem::directory_iterator(directory(language))) {
      const std::string stem = entry.path().stem().string();
      EXPECT_TRUE(stem == "README" || find_cause(stem) != nullptr) << entry.path();
    }
  }
}

TEST(CausePages, HaveNoUnfilledPlaceholderAndNoMissingMessage) {
  for (const Language language : {Language::English, Language::Korean}) {
    for (const Cause& cause : all_causes()) {
      const std::string page = cause_page(cause.id, language);
      for (const std::string_view fact : fact_names()) {
        EXPECT_EQ(page.find("{" + std::string(fact) + "}"), std::string::npos)
            << cause.id << " " << fact;
      }
      EXPECT_EQ(page.find("[catalogue."), std::string::npos) << cause.id;
    }
  }
}

TEST(CausePages, AnUnknownIdHasNoPage) {
  EXPECT_EQ(cause_page("no-such-cause", Language::English), "");
}

}  // namespace
}  // namespace medic::catalogue
