// What a reader gets: every public id has its texts in both languages, the Korean is Korean,
// nothing advises to stop verifying, and every id that a text mentions exists.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalogue/cause.h"
#include "catalogue/page.h"
#include "text/language.h"

namespace medic::catalogue {
namespace {

using text::Language;

// The public vocabulary: reports, JSON, metrics and alerts of users depend on these ids, so none
// may ever be renamed or dropped. Finer ids come and go below them.
constexpr std::string_view kPublicCauses[] = {"missing-intermediate",
                                              "expired-certificate",
                                              "not-yet-valid-certificate",
                                              "hostname-mismatch",
                                              "self-signed-server",
                                              "sni-misconfigured-server",
                                              "server-protocol-too-old",
                                              "server-protocol-too-new",
                                              "client-protocol-too-old",
                                              "no-shared-cipher",
                                              "weak-server-certificate",
                                              "server-cert-misissued",
                                              "name-constraints",
                                              "revoked-certificate",
                                              "distrusted-ca",
                                              "client-cert-problem",
                                              "plaintext-on-tls-port",
                                              "server-crash-or-limits",
                                              "server-too-slow",
                                              "tls-interception",
                                              "captive-portal-or-block-page",
                                              "proxy-scheme-or-proxy-fault",
                                              "firewall-or-dpi-reset",
                                              "private-ca-not-trusted",
                                              "stale-ca-bundle",
                                              "expired-root-or-cross-sign",
                                              "ca-path-broken",
                                              "ca-bundle-invalid",
                                              "clock-skew",
                                              "strict-x509-client",
                                              "client-crypto-policy",
                                              "ssl-module-broken",
                                              "openssl-library-mismatch",
                                              "macos-python-no-certs",
                                              "trust-store-not-consulted",
                                              "verification-disabled-on-purpose",
                                              "not-tls"};

constexpr std::string_view kPublicFaults[] = {"expired",
                                              "not-yet-valid",
                                              "hostname-mismatch",
                                              "no-san",
                                              "unknown-issuer",
                                              "incomplete-chain",
                                              "self-signed",
                                              "bad-signature",
                                              "weak-signature",
                                              "weak-key",
                                              "wrong-eku",
                                              "missing-key-usage",
                                              "not-a-ca",
                                              "ca-as-leaf",
                                              "path-length",
                                              "chain-too-long",
                                              "name-constraints",
                                              "policy",
                                              "unknown-critical-extension",
                                              "malformed-cert",
                                              "profile-violation",
                                              "revoked",
                                              "crl-problem",
                                              "distrusted",
                                              "resource-limit"};

constexpr std::string_view kPublicSymptoms[] = {"verify-unknown-issuer",
                                                "verify-self-signed-leaf",
                                                "verify-self-signed-in-chain",
                                                "verify-expired",
                                                "verify-not-yet-valid",
                                                "verify-hostname-mismatch",
                                                "verify-revoked",
                                                "verify-weak-signature-or-key",
                                                "verify-strict-x509",
                                                "verify-name-constraints",
                                                "verify-wrong-purpose",
                                                "verify-other",
                                                "alert-unrecognized-name",
                                                "alert-handshake-failure",
                                                "alert-protocol-version",
                                                "alert-unknown-ca",
                                                "alert-certificate-required",
                                                "alert-bad-certificate",
                                                "alert-internal-error",
                                                "alert-other",
                                                "wrong-version-number",
                                                "unexpected-eof",
                                                "connection-reset-in-handshake",
                                                "handshake-timeout",
                                                "unsupported-protocol",
                                                "no-shared-cipher",
                                                "dh-key-too-small",
                                                "legacy-renegotiation-disabled",
                                                "ssl-module-missing",
                                                "ssl-library-load-failure",
                                                "ca-bundle-missing-or-unreadable",
                                                "ca-bundle-invalid",
                                                "key-or-cert-mismatch",
                                                "proxy-error",
                                                "dns-or-tcp",
                                                "warning-unverified",
                                                "other"};

struct Passage {
  std::string where;  // "cause expired-leaf, ko.finding"
  std::string text;
  Language language = Language::English;
};

void add(std::vector<Passage>& passages, const std::string& where, const CauseText& text,
         Language language) {
  const std::array<std::pair<std::string_view, const std::string*>, 6> parts = {
      {{"title", &text.title},
       {"finding", &text.finding},
       {"means", &text.means},
       {"how_we_know", &text.how_we_know},
       {"who", &text.who},
       {"near_misses", &text.near_misses}}};
  for (const auto& [key, value] : parts) {
    passages.push_back(
        {fmt::format("{}, {}.{}", where, text::code(language), key), *value, language});
  }
}

// Every prose text of the catalogue; commands are not prose.
std::vector<Passage> all_passages() {
  std::vector<Passage> passages;
  for (const Cause& cause : all_causes()) {
    add(passages, "cause " + cause.id, cause.english, Language::English);
    add(passages, "cause " + cause.id, cause.korean, Language::Korean);
  }
  for (const Remedy& remedy : all_remedies()) {
    const std::string where = "remedy " + remedy.id;
    for (const auto& [language, text] : {std::pair{Language::English, &remedy.english},
                                         std::pair{Language::Korean, &remedy.korean}}) {
      passages.push_back({where + ", title", text->title, language});
      passages.push_back({where + ", text", text->text, language});
    }
    for (const HowTo& how : remedy.how) {
      passages.push_back({where + ", " + how.product, how.english, Language::English});
      passages.push_back({where + ", " + how.product, how.korean, Language::Korean});
    }
  }
  return passages;
}

// UTF-8 of U+AC00..U+D7A3 begins with bytes EA (from B0), EB, EC or ED (to 9E).
bool has_hangul(std::string_view text) {
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(text[i + 1]);
    if ((lead == 0xEA && next >= 0xB0) || lead == 0xEB || lead == 0xEC ||
        (lead == 0xED && next <= 0x9E)) {
      return true;
    }
  }
  return false;
}

// `text` without what is quoted: error texts and commands stay in their own language.
std::string unquoted(std::string_view text) {
  std::string out;
  char open = 0;
  for (const char c : text) {
    if (open != 0) {
      open = c == open ? char{0} : open;
    } else if (c == '"' || c == '`') {
      open = c;
    } else {
      out += c;
    }
  }
  return out;
}

// The longest run of words of ASCII letters.
std::size_t longest_ascii_run(const std::string& text) {
  std::istringstream words(text);
  std::string word;
  std::size_t run = 0;
  std::size_t longest = 0;
  while (words >> word) {
    const bool plain = std::all_of(word.begin(), word.end(), [](char c) {
      return std::isalpha(static_cast<unsigned char>(c)) != 0;
    });
    run = plain ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

TEST(CatalogueTexts, EveryPublicIdHasATextInBothLanguages) {
  for (const std::string_view id : kPublicCauses) {
    ASSERT_NE(find_cause(id), nullptr) << id;
    EXPECT_FALSE(find_cause(id)->english.title.empty()) << id;
    EXPECT_TRUE(has_hangul(find_cause(id)->korean.title)) << id;
  }
  for (const std::string_view id : kPublicFaults) {
    EXPECT_NE(fault_title(id, Language::English), id);
    EXPECT_TRUE(has_hangul(fault_title(id, Language::Korean))) << id;
  }
  for (const std::string_view id : kPublicSymptoms) {
    EXPECT_NE(symptom_title(id, Language::English), id);
    EXPECT_TRUE(has_hangul(symptom_title(id, Language::Korean))) << id;
  }
}

TEST(CatalogueTexts, TheListedIdsStandAtTheTopAndAllOthersBelowThem) {
  const std::set<std::string_view> listed(std::begin(kPublicCauses), std::end(kPublicCauses));
  for (const Cause& cause : all_causes()) {
    if (cause.parent.empty()) {
      EXPECT_TRUE(listed.contains(cause.id)) << cause.id << " needs a parent";
    } else {
      EXPECT_TRUE(listed.contains(cause.parent)) << cause.id;
    }
  }
}

TEST(CatalogueTexts, AnUnknownIdIsAnsweredWithoutInventingAText) {
  EXPECT_EQ(find_cause("no-such-cause"), nullptr);
  EXPECT_EQ(find_remedy("no-such-remedy"), nullptr);
  EXPECT_EQ(find_cause("../remedies/fix-clock"), nullptr);
  EXPECT_EQ(fault_title("no-such-fault", Language::English), "no-such-fault");
}

TEST(CatalogueTexts, KoreanIsKoreanAndEnglishIsEnglish) {
  // Five names of products or terms may stand in a row; a sixth plain word is a forgotten sentence.
  constexpr std::size_t kMaxAsciiRun = 5;
  for (const Passage& passage : all_passages()) {
    SCOPED_TRACE(passage.where + ": " + passage.text);
    if (passage.language == Language::Korean) {
      EXPECT_TRUE(has_hangul(passage.text));
      EXPECT_LE(longest_ascii_run(unquoted(passage.text)), kMaxAsciiRun);
    } else {
      EXPECT_FALSE(has_hangul(passage.text));
    }
  }
}

// Whether a particle fits depends on the last sound of what stands before it, which is not known
// for a placeholder: "{host}은" is wrong for half of all names. Texts put a noun in between. After
// a parenthesis the particle goes by the word before it.
TEST(CatalogueTexts, NoParticleThatDependsOnSoundFollowsAPlaceholder) {
  constexpr std::array<std::string_view, 11> kParticles = {"은", "는", "이",   "가", "을", "를",
                                                           "과", "와", "으로", "로", "라"};
  for (const Passage& passage : all_passages()) {
    if (passage.language != Language::Korean) {
      continue;
    }
    for (std::size_t at = passage.text.find('}'); at != std::string::npos;
         at = passage.text.find('}', at + 1)) {
      std::string_view rest = std::string_view(passage.text).substr(at + 1);
      while (rest.starts_with('"')) {
        rest.remove_prefix(1);
      }
      for (const std::string_view particle : kParticles) {
        EXPECT_FALSE(rest.starts_with(particle)) << passage.where << ": " << passage.text;
      }
    }
  }
}

TEST(CatalogueTexts, SentencesEndAsSentencesDo) {
  for (const Passage& passage : all_passages()) {
    const bool title = passage.where.find("title") != std::string::npos;
    const std::string& text = passage.text;
    ASSERT_FALSE(text.empty()) << passage.where;
    if (title) {
      EXPECT_NE(text.back(), '.') << passage.where;
    } else {
      EXPECT_TRUE(text.ends_with(".") || text.ends_with(".\"")) << passage.where << ": " << text;
    }
    EXPECT_EQ(text.find('!'), std::string::npos) << passage.where;
    EXPECT_EQ(text.find("  "), std::string::npos) << passage.where;
  }
}

TEST(CatalogueTexts, StayShort) {
  // In bytes; a Hangul syllable has three.
  constexpr std::size_t kTitle = 150;
  constexpr std::size_t kFinding = 420;
  constexpr std::size_t kParagraphs = 1500;
  for (const Passage& passage : all_passages()) {
    const bool title = passage.where.find("title") != std::string::npos;
    const bool finding = passage.where.find("finding") != std::string::npos;
    EXPECT_LE(passage.text.size(), title     ? kTitle
                                   : finding ? kFinding
                                             : kParagraphs)
        << passage.where;
  }
}

// Words that switch verification off or weaken it.
constexpr std::string_view kBanned[] = {"verify=False",
                                        "verify = False",
                                        "trusted-host",
                                        "TRUSTED_HOST",
                                        "--insecure",
                                        "curl -k",
                                        "NODE_TLS_REJECT_UNAUTHORIZED",
                                        "rejectUnauthorized",
                                        "sslVerify",
                                        "GIT_SSL_NO_VERIFY",
                                        "InsecureSkipVerify",
                                        "no-check-certificate",
                                        "CERT_NONE",
                                        "strict-ssl",
                                        "check_hostname",
                                        "SECLEVEL",
                                        "UnsafeLegacyRenegotiation",
                                        "_create_unverified_context",
                                        "ssl_verify false",
                                        "allowUnsafeRenegotiation",
                                        "insecure-registries",
                                        "ignore-certificate-errors"};
// A line may name them only to take them away.
constexpr std::string_view kTakingAway[] = {"unset", "delete", "remove", "Remove", "never",
                                            "Never", "do not", "Do not", "지우",   "마세요"};

template <std::size_t N>
bool holds_any(std::string_view text, const std::string_view (&words)[N]) {
  return std::any_of(std::begin(words), std::end(words), [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

TEST(CatalogueTexts, NothingAdvisesToSwitchVerificationOff) {
  for (const Passage& passage : all_passages()) {
    for (const std::string& line : lines_of(passage.text)) {
      EXPECT_TRUE(!holds_any(line, kBanned) || holds_any(line, kTakingAway))
          << passage.where << ": " << line;
    }
  }
  for (const Remedy& remedy : all_remedies()) {
    for (const HowTo& how : remedy.how) {
      for (const std::string& line : lines_of(how.command)) {
        EXPECT_TRUE(!holds_any(line, kBanned) || holds_any(line, kTakingAway))
            << remedy.id << ", " << how.product << ": " << line;
      }
    }
  }
}

bool is_id_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

// Calls `visit` for every lower-case word with a hyphen in it.
void each_hyphenated_word(const std::string& text,
                          const std::function<void(std::string_view)>& visit) {
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_id_byte(text[end])) {
      ++end;
    }
    const std::string_view word = std::string_view(text).substr(i, end - i);
    if (std::count(word.begin(), word.end(), '-') >= 2 && word.front() != '-') {
      visit(word);
    }
    i = end + 1;
  }
}

TEST(CatalogueTexts, EveryCauseThatATextMentionsExists) {
  const std::set<std::string_view> kWords = {"out-of-date"};
  for (const Passage& passage : all_passages()) {
    if (!passage.where.starts_with("cause")) {
      continue;
    }
    each_hyphenated_word(unquoted(passage.text), [&](std::string_view word) {
      EXPECT_TRUE(kWords.contains(word) || find_cause(word) != nullptr)
          << passage.where << " mentions " << word;
    });
  }
}

TEST(CatalogueTexts, RemediesOfServersCoverTheSixProducts) {
  // Those that are a matter of the authority, the DNS or a message have nothing to configure there.
  const std::set<std::string> elsewhere = {"report-server-owner", "fix-ca-profile", "publish-crl",
                                           "replace-weak-key-or-signature"};
  for (const Remedy& remedy : all_remedies()) {
    if (remedy.party != Party::Server || elsewhere.contains(remedy.id)) {
      continue;
    }
    for (const std::string_view product : {"nginx", "apache", "haproxy", "caddy", "iis", "java"}) {
      const bool found = std::any_of(remedy.how.begin(), remedy.how.end(),
                                     [&](const HowTo& how) { return how.product == product; });
      EXPECT_TRUE(found) << remedy.id << " says nothing for " << product;
    }
  }
}

TEST(CatalogueTexts, EveryRemedyIsUsedByACause) {
  std::set<std::string> used;
  for (const Cause& cause : all_causes()) {
    used.insert(cause.remedies.begin(), cause.remedies.end());
  }
  for (const Remedy& remedy : all_remedies()) {
    EXPECT_TRUE(used.contains(remedy.id)) << remedy.id;
  }
}

TEST(CatalogueTexts, SampleFactsFillEveryPlaceholder) {
  for (const std::string_view fact : fact_names()) {
    EXPECT_TRUE(sample_facts().contains(fact)) << fact;
  }
  EXPECT_EQ(sample_facts().size(), fact_names().size());
}

}  // namespace
}  // namespace medic::catalogue
