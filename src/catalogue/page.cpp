#include "catalogue/page.h"

#include <fmt/core.h>

#include <array>
#include <string>
#include <string_view>

#include "catalogue/cause.h"
#include "text/language.h"
#include "text/messages.h"

namespace medic::catalogue {
namespace {

std::string label(text::Language language, std::string_view key, const text::Facts& facts = {}) {
  return text::message(language, fmt::format("catalogue.{}", key), facts);
}

std::string section(text::Language language, std::string_view key, const std::string& body) {
  return fmt::format("## {}\n\n{}\n\n", label(language, key), body);
}

std::string list_line(const std::string& item) {
  return fmt::format("- {}\n", item);
}

std::string link(const Cause& cause, text::Language language) {
  return fmt::format("[{}]({}.md): {}", cause.id, cause.id, cause.text(language).title);
}

std::string how_to(const HowTo& how, text::Language language) {
  const std::string& sentence = language == text::Language::Korean ? how.korean : how.english;
  std::string command = text::filled(how.command, sample_facts());
  while (!command.empty() && command.back() == '\n') {
    command.pop_back();
  }
  std::string out = fmt::format("**{}**: {}\n\n", product_name(how.product),
                                text::filled(sentence, sample_facts()));
  if (!command.empty()) {
    out += fmt::format("```\n{}\n```\n\n", command);
  }
  return out;
}

std::string remedy_block(const Remedy& remedy, text::Language language) {
  const RemedyText& texts = remedy.text(language);
  std::string out =
      fmt::format("### {}\n\n{}\n\n", texts.title, text::filled(texts.text, sample_facts()));
  for (const HowTo& how : remedy.how) {
    out += how_to(how, language);
  }
  return out;
}

std::string heading(const Cause& cause, text::Language language) {
  const CauseText& texts = cause.text(language);
  const std::string party = label(language, fmt::format("party_{}", party_id(cause.party)));
  std::string out = fmt::format("# {}\n\n{}\n\n", texts.title,
                                label(language, "acts", {{"id", cause.id}, {"party", party}}));
  if (!cause.parent.empty()) {
    out += label(language, "finer_case_of", {{"parent", cause.parent}}) + "\n\n";
  }
  text::Facts facts = cause.example;
  facts.insert(sample_facts().begin(), sample_facts().end());  // keeps those of the entry
  return out + fmt::format("> {}\n\n", text::filled(texts.finding, facts));
}

std::string symptoms(const Cause& cause, text::Language language) {
  if (cause.symptoms.empty()) {
    return "";
  }
  std::string lines;
  for (const std::string& id : cause.symptoms) {
    lines += list_line(fmt::format("`{}`: {}", id, symptom_title(id, language)));
  }
  return fmt::format("## {}\n\n{}\n", label(language, "what_you_see"), lines);
}

std::string finer_cases(const Cause& cause, text::Language language) {
  std::string lines;
  for (const Cause& other : all_causes()) {
    if (other.parent == cause.id) {
      lines += list_line(link(other, language));
    }
  }
  return lines.empty() ? "" : fmt::format("## {}\n\n{}\n", label(language, "finer_cases"), lines);
}

}  // namespace

const text::Facts& sample_facts() {
  // Names of RFC 2606, addresses of RFC 5737: nothing here exists.
  static const text::Facts facts = {
      {"address", "192.0.2.10"},
      {"alert", "handshake_failure (40)"},
      {"algorithm", "SHA-1"},
      {"bytes", "1586"},
      {"ca", "Example Root CA"},
      {"clients", "curl, go, python"},
      {"count", "3"},
      {"fingerprint", "5f1c90b0e2a7d1c4"},
      {"host", "www.example.com"},
      {"issuer", "Example Issuing CA 1"},
      {"key_bits", "1024"},
      {"names", "example.net, www.example.net"},
      {"not_after", "2026-03-01"},
      {"not_before", "2026-12-01"},
      {"now", "2026-11-21"},
      {"port", "443"},
      {"protocol", "HTTP"},
      {"proxy", "http://proxy.example.com:3128"},
      {"reason", "the peer closed the connection"},
      {"rule", "missing Authority Key Identifier"},
      {"seconds", "10"},
      {"serial", "0f3a"},
      {"server_date", "2026-11-21"},
      {"status", "407"},
      {"store", "Mozilla"},
      {"subject", "www.example.com"},
      {"suggestion", "www.example.net"},
      {"url", "https://www.example.com/"},
      {"vendor", "Example Secure Gateway"},
      {"version", "TLS 1.2"},
      {"versions", "TLS 1.0, TLS 1.1"},
  };
  return facts;
}

std::string cause_page(std::string_view id, text::Language language) {
  const Cause* cause = find_cause(id);
  if (cause == nullptr) {
    return "";
  }
  const CauseText& texts = cause->text(language);
  std::string out = heading(*cause, language);
  out += section(language, "means", texts.means);
  out += symptoms(*cause, language);
  out += section(language, "how_we_know", texts.how_we_know);
  out += section(language, "who", texts.who);
  out += fmt::format("## {}\n\n", label(language, "what_to_do"));
  for (const std::string& remedy_id : cause->remedies) {
    if (const Remedy* remedy = find_remedy(remedy_id)) {
      out += remedy_block(*remedy, language);
    }
  }
  out += section(language, "near_misses", texts.near_misses);
  out += finer_cases(*cause, language);
  out += fmt::format("## {}\n\n", label(language, "sources"));
  for (const std::string& source : cause->sources) {
    out += list_line(source);
  }
  return out;
}

std::string remedy_page(std::string_view id, text::Language language) {
  const Remedy* remedy = find_remedy(id);
  if (remedy == nullptr) {
    return "";
  }
  const RemedyText& texts = remedy->text(language);
  std::string out =
      fmt::format("# {}\n\n{}\n\n", texts.title, text::filled(texts.text, sample_facts()));
  for (const HowTo& how : remedy->how) {
    out += how_to(how, language);
  }
  return out;
}

std::string index_page(text::Language language) {
  std::string out =
      fmt::format("# {}\n\n{}\n\n", label(language, "index_title"), label(language, "index_text"));
  constexpr std::array kParties = {Party::Server, Party::Network, Party::Client, Party::Either};
  for (const Party party : kParties) {
    out += fmt::format("## {}\n\n", label(language, fmt::format("index_{}", party_id(party))));
    for (const Cause& cause : all_causes()) {
      if (cause.party != party || !cause.parent.empty()) {
        continue;
      }
      out += list_line(link(cause, language));
      for (const Cause& child : all_causes()) {
        if (child.parent == cause.id) {
          out += "  " + list_line(link(child, language));
        }
      }
    }
    out += "\n";
  }
  while (out.ends_with("\n\n")) {
    out.pop_back();
  }
  return out;
}

}  // namespace medic::catalogue
