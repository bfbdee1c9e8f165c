#include "cli/globals.h"

#include <array>

namespace medic::cli {
namespace {

constexpr std::array kGlobalOptions = {
    Option{.name = "--lang",
           .kind = OptionKind::Value,
           .value = "LANGUAGE",
           .summary_key = "cli.lang",
           .one_of = "en|ko"},
    Option{.name = "--color",
           .kind = OptionKind::Value,
           .value = "WHEN",
           .summary_key = "cli.color",
           .one_of = "auto|always|never"},
    Option{.name = "--json", .summary_key = "cli.json"},
    Option{.name = "--quiet", .summary_key = "cli.quiet"},
    Option{.name = "--at", .kind = OptionKind::Value, .value = "TIME", .summary_key = "cli.at"},
    Option{.name = "--help", .summary_key = "cli.help"},
    Option{.name = "--version", .summary_key = "cli.version"},
};

}  // namespace

std::span<const Option> global_options() {
  return kGlobalOptions;
}

text::Language language_of(std::span<const std::string> words, const Environment& environment) {
  constexpr std::string_view kOption = "--lang";
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    std::string_view value;
    if (words[i] == kOption && i + 1 < words.size()) {
      value = words[i + 1];
    } else if (words[i].starts_with("--lang=")) {
      value = std::string_view(words[i]).substr(kOption.size() + 1);
    }
    if (const auto language = text::parse_language(value)) {
      return *language;
    }
  }
  for (const std::string_view name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const std::string_view locale = variable(environment, name);
    if (!locale.empty()) {
      return locale.starts_with("ko") ? text::Language::Korean : text::Language::English;
    }
  }
  return text::Language::English;
}

bool color_wanted(const Args& args, const Environment& environment, bool out_is_terminal) {
  const std::string when = args.value("--color", "auto");
  if (when != "auto") {
    return when == "always";
  }
  return out_is_terminal && variable(environment, "NO_COLOR").empty() &&
         variable(environment, "TERM") != "dumb";
}

}  // namespace medic::cli
