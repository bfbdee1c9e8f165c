#include "audit/notebook.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "audit/language.h"
#include "audit/lexer.h"
#include "audit/python_rules.h"
#include "audit/script.h"
#include "audit/text_rules.h"

namespace medic::audit {
namespace {

// The code of a notebook as one text, and where each of its lines stands in the file.
struct Code {
  std::string python;
  std::string shell;  // of "!" lines; the other lines are empty
  std::vector<std::size_t> places;
};

char plain(char escaped) {
  return escaped == 'n' ? '\n' : (escaped == 't' ? '\t' : escaped);
}

void add_line(Code& code, std::string_view line, std::size_t place) {
  const std::size_t start = line.find_first_not_of(" \t");
  const bool shell = start != std::string_view::npos && (line[start] == '!' || line[start] == '%');
  if (shell) {
    std::string_view command = line.substr(start + 1);
    command.remove_prefix(command.starts_with('!') ? 1 : 0);
    code.shell += command;
  } else {
    code.python += line;
  }
  code.python += '\n';
  code.shell += '\n';
  code.places.push_back(place);
}

// One string of "source", which may hold one line or all.
void add_text(Code& code, const Token& token) {
  std::string line;
  for (std::size_t i = 0; i < token.text.size(); ++i) {
    char c = token.text[i];
    if (c == '\\' && i + 1 < token.text.size()) {
      ++i;
      if (token.text[i] == 'u') {
        i += 4;
        c = '?';
      } else {
        c = plain(token.text[i]);
      }
    }
    if (c == '\n') {
      add_line(code, line, token.begin);
      line.clear();
    } else {
      line += c;
    }
  }
  if (!line.empty()) {
    add_line(code, line, token.begin);
  }
}

// The strings of "source" from token `at` on; returns the last token of them.
std::size_t add_source(Code& code, const std::vector<Token>& tokens, std::size_t at) {
  if (tokens[at].kind == TokenKind::String) {
    add_text(code, tokens[at]);
    return at;
  }
  for (++at; at < tokens.size() && tokens[at].text != "]"; ++at) {
    if (tokens[at].kind == TokenKind::String) {
      add_text(code, tokens[at]);
    }
  }
  return at;
}

Code code_of(std::string_view text, const Language& json) {
  const std::vector<Token> tokens = tokens_of(text, json);
  Code code;
  bool in_code = false;
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    if (tokens[i].kind != TokenKind::String || tokens[i + 1].text != ":") {
      continue;
    }
    if (tokens[i].text == "cell_type") {
      in_code = tokens[i + 2].text == "code";
    } else if (tokens[i].text == "source" && in_code) {
      i = add_source(code, tokens, i + 2);
    }
  }
  return code;
}

}  // namespace

void find_in_notebook(const Source& source, const std::vector<const Rule*>& rules,
                      std::vector<Finding>& findings) {
  const Language* json = find_language("json");
  if (json == nullptr) {
    return;
  }
  const Code code = code_of(source.text, *json);
  std::vector<Finding> found;
  find_in_python(Source(source.path, code.python), rules, found);
  const Source shell(source.path, code.shell);
  for (const ScriptCommand& command : commands_of(code.shell)) {
    judge_command(shell, command, rules, found);
  }
  for (const Finding& finding : found) {
    const auto index = static_cast<std::size_t>(finding.line) - 1;
    if (index >= code.places.size()) {
      continue;
    }
    const Rule* rule = find_rule(finding.rule);
    const std::size_t place = code.places[index];
    Finding moved = source.finding(*rule, place, place + 1);
    moved.excerpt = finding.excerpt;
    moved.detail = finding.detail;
    findings.push_back(std::move(moved));
  }
}

}  // namespace medic::audit
