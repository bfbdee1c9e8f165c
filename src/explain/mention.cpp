#include "explain/mention.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "explain/explain.h"
#include "explain/matcher.h"
#include "explain/squeezed.h"

namespace medic::explain {
namespace {

// A sentence is not looked for further than this around the words.
constexpr std::size_t kLine = 600;
// Success is looked for this far behind a retry.
constexpr std::size_t kBehindRetry = 20000;

// Only programs print these (squeezed).
constexpr std::array<std::string_view, 22> kPrinted = {
    "_ssl.c:",    "error:0",   "error:1",  "causedby",  "retrying(",   "curl:(",
    "fatal:",     "traceback", "npmerr",   "errno",     "sslalert",    "schannel:",
    "exception:", "sslerror(", "[error]",  "error[",    "level=error", "\"level\":\"error",
    "panic:",     "err_ssl_",  "exitcode", "returned=1"};

// What a program writes around an error that plain words alone do not make one.
constexpr std::array<std::string_view, 15> kErrorish = {
    "error", "fail",  "fatal",  "unable", "cannot",  "couldnot", "exception", "refused",
    "warn",  "alert", "reject", "abort",  "problem", "invalid",  "[-]"};

// Sentences about errors, wherever they stand on the line.
constexpr std::array<std::string_view, 24> kProse = {
    "ifyousee",      "ifyouget",         "youmaysee",    "youmayget",
    "youmightsee",   "youmightget",      "youwillsee",   "youwillget",
    "mayfailwith",   "willfailwith",     "errorslike",   "errorssuchas",
    "errorlike",     "errormessagelike", "occurswhen",   "isreturnedwhen",
    "indicatesthat", "meansthat",        "howtofix",     "troubleshoot",
    "forexample,",   "usuallymeans",     "israisedwhen", "orpartialchainwasreceived"};

// Sentences of that kind which clients print themselves with an error.
constexpr std::array<std::string_view, 3> kAdvice = {"curlfailedtoverifythelegitimacy",
                                                     "learnmoreaboutthissituation",
                                                     "usuallyoccurswhenafatalssl/tlsalert"};

// The first word of a line in a changelog or a commit message.
constexpr std::array<std::string_view, 20> kChanges = {
    "fix",      "fixed",   "fixes",  "add",     "added",  "adds",    "improve",
    "improved", "support", "handle", "handles", "remove", "removed", "bump",
    "change",   "changed", "feat",   "docs",    "test",   "refactor"};

// How a line of source code begins.
constexpr std::array<std::string_view, 36> kCode = {
    "if ",      "if(",       "elif ",  "else if", "} else", "except ", "raise ",  "assert",
    "return ",  "case ",     "def ",   "func ",   "const ", "var ",    "let ",    "#define",
    "import ",  "expect(",   "self.",  "EXPECT_", "throw ", "@",       "public ", "static ",
    "private ", "//",        "/*",     "catch",   "switch", "when ",   "match ",  "it(\"",
    "it('",     "describe(", "t.Run(", "fmt."};

// Comparing with the words, or making them.
constexpr std::array<std::string_view, 20> kCodeInside = {
    "instr(",     ".includes(",  ".contains(",   "strings.contains(", "re.compile(",
    "re.search(", "errors.new(", "errors.is(",   ".match(",           "==\"",
    "==='",       "=='",         "==\"",         "toequal(",          "tothrow(",
    "strstr(",    "strcmp(",     ".startswith(", "{ssl_r_",           "{x509_v_err_"};

// A line that raises an error quotes its words; the error itself is printed on a line of its own.
constexpr std::array<std::string_view, 3> kRaises = {"raise ", "throw ", "panic!("};

// What follows words that are spoken of: "CERTIFICATE_VERIFY_FAILED is returned by ...".
constexpr std::array<std::string_view, 9> kSpokenOf = {
    "ismapped", "isreturned", "israised", "isthe", "isa", "isset", "occurs", "isdefined", "means"};

// How the line of a test begins that went well.
constexpr std::array<std::string_view, 5> kPassed = {"ok ", "--- PASS", "PASS", "[       OK",
                                                     "\xe2\x9c\x93"};

constexpr std::array<std::string_view, 9> kSuccess = {
    "successfullyinstalled", "retrysucceeded",          "succeededafter",
    "succeededonretry",      "succeededonattempt",      "retriedsuccessfully",
    "connectionrestored",    "reconnectedsuccessfully", "requirementalreadysatisfied"};

constexpr std::array<std::string_view, 6> kGaveUp = {
    "error:", "failed", "couldnot", "givingup", "maxretriesexceeded", "exception"};

bool holds_any(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

bool begins_with_any(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.starts_with(word); });
}

// The words' logical line, squeezed: from the line end before to the one behind.
std::string_view line_around(const Squeezed& text, const Hit& hit) {
  std::size_t begin = hit.found.begin;
  while (begin > 0 && text.gaps[begin] != Gap::Line && hit.found.begin - begin < kLine) {
    --begin;
  }
  std::size_t end = hit.found.end;
  while (end < text.chars.size() && text.gaps[end] != Gap::Line && end - hit.found.end < kLine) {
    ++end;
  }
  return std::string_view(text.chars).substr(begin, end - begin);
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

// The line of the raw text that the words begin on, without indentation.
std::string_view raw_line(const Squeezed& text, std::string_view raw, const Hit& hit) {
  const std::size_t at = text.from[hit.found.begin];
  const std::size_t before = at == 0 ? std::string_view::npos : raw.rfind('\n', at - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  return trimmed(raw.substr(begin, std::min(raw.find('\n', at), raw.size()) - begin));
}

// "- Fixed ...", "* Add ...", "fix(ssl): ..."
bool is_change(std::string_view line) {
  while (!line.empty() &&
         std::string_view("-*+# \t").find(line.front()) != std::string_view::npos) {
    line.remove_prefix(1);
  }
  std::string word;
  for (const char c : line.substr(0, 12)) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower < 'a' || lower > 'z') {
      break;
    }
    word += lower;
  }
  return std::find(kChanges.begin(), kChanges.end(), word) != kChanges.end();
}

bool is_code(std::string_view line, std::string_view squeezed_line) {
  if (begins_with_any(line, kCode)) {
    return true;
  }
  const bool ends_as_code = line.ends_with(';') || line.ends_with('{') || line.ends_with("):");
  return holds_any(squeezed_line, kCodeInside) ||
         (ends_as_code && line.find_first_of("\"'") != std::string_view::npos);
}

bool recovered(const Squeezed& text, std::string_view line, const Hit& hit) {
  if (line.find("retry") == std::string_view::npos &&
      line.find("attempt") == std::string_view::npos) {
    return false;
  }
  const std::string_view behind = std::string_view(text.chars).substr(hit.found.end, kBehindRetry);
  const std::size_t line_end = behind.find("retry");
  return holds_any(behind, kSuccess) &&
         !holds_any(line_end == std::string_view::npos ? behind : behind.substr(line_end), kGaveUp);
}

}  // namespace

std::optional<SetAside::Why> mention(const Squeezed& text, std::string_view raw, const Hit& hit) {
  const std::string_view line = line_around(text, hit);
  if (recovered(text, line, hit)) {
    return SetAside::Why::Recovered;
  }
  const bool advised = holds_any(line, kAdvice);
  if (!advised && holds_any(line, kProse)) {
    return SetAside::Why::Documentation;
  }
  const std::string_view printed = raw_line(text, raw, hit);
  if (begins_with_any(printed, kRaises)) {
    return SetAside::Why::Code;
  }
  if (begins_with_any(printed, kPassed) ||
      begins_with_any(std::string_view(text.chars).substr(hit.found.end), kSpokenOf)) {
    return SetAside::Why::Documentation;
  }
  if (holds_any(line, kPrinted)) {
    return std::nullopt;
  }
  if (is_change(printed)) {
    return SetAside::Why::Documentation;
  }
  if (is_code(printed, line)) {
    return SetAside::Why::Code;
  }
  if (hit.signature->plain_words) {
    // The signature's own words say "invalid" or "failed": what matters stands beside them.
    const std::size_t at = line.find(
        std::string_view(text.chars).substr(hit.found.begin, hit.found.end - hit.found.begin));
    const std::string_view before = line.substr(0, std::min(at, line.size()));
    const std::string_view behind =
        line.substr(std::min(line.size(), before.size() + (hit.found.end - hit.found.begin)));
    if (!holds_any(before, kErrorish) && !holds_any(behind, kErrorish)) {
      return SetAside::Why::Documentation;
    }
  }
  return std::nullopt;
}

}  // namespace medic::explain
