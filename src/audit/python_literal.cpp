// Strings, and what stands between brackets.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audit/python_parser.h"
#include "audit/python_token.h"
#include "audit/python_tree.h"

namespace medic::audit {
namespace {

constexpr int kMaxFieldDepth = 4;

}  // namespace

PythonParser::Node PythonParser::strings() {
  const std::uint32_t begin = token().begin;
  Children children;
  while (is(PythonTokenKind::String)) {
    const PythonToken literal = token();
    const std::string_view prefix = text().substr(0, text().find_first_of("\"'"));
    if (prefix.find_first_of("fFtT") != std::string_view::npos) {
      fields(literal, children);
    }
    advance();
  }
  return make_with(NodeKind::String, begin, children);
}

namespace {

// Where the field that begins at `begin` closes; `stop`: where its expression ends and a conversion
// or a format begins, 0: nowhere.
std::uint32_t close_of_field(std::string_view source, std::uint32_t begin, std::uint32_t limit,
                             std::uint32_t& stop) {
  int open = 0;
  stop = 0;
  std::uint32_t end = begin;
  for (; end < limit; ++end) {
    const char c = source[end];
    if (c == '(' || c == '[' || c == '{') {
      ++open;
    } else if ((c == ')' || c == ']' || c == '}') && open-- == 0) {
      break;
    } else if (c == '"' || c == '\'') {
      end = static_cast<std::uint32_t>(python_string_end(source.substr(0, limit), end, false)) - 1;
    }
    const bool converts = c == '!' && end + 1 < limit && source[end + 1] != '=';
    if (stop == 0 && open == 0 && (c == ':' || converts)) {
      stop = end;
    }
  }
  return std::min(end, limit);
}

}  // namespace

// The expressions between single braces, up to a conversion, a format or "=".
void PythonParser::fields(const PythonToken& literal, Children& into) {
  const std::string_view source = tree_.source;
  std::uint32_t at = literal.begin;
  while (at < literal.end) {
    const bool brace = source[at] == '{';
    if (!brace || (at + 1 < literal.end && source[at + 1] == '{')) {
      at += brace ? 2U : 1U;
      continue;
    }
    std::uint32_t stop = 0;
    const std::uint32_t end = close_of_field(source, at + 1, literal.end, stop);
    field(at + 1, stop == 0 ? end : stop, into);
    at = end + 1;
  }
}

void PythonParser::field(std::uint32_t begin, std::uint32_t end, Children& into) {
  if (end <= begin || field_depth_ >= kMaxFieldDepth) {
    return;
  }
  std::vector<PythonToken> tokens = python_tokens(tree_.source.substr(begin, end - begin));
  for (PythonToken& token : tokens) {
    token.begin += begin;
    token.end += begin;
  }
  // Leading blanks are indentation to the tokenizer and nothing here.
  std::erase_if(tokens, [](const PythonToken& token) {
    return token.kind == PythonTokenKind::Indent || token.kind == PythonTokenKind::Dedent;
  });
  const auto* outer = tokens_;
  const std::size_t outer_at = at_;
  tokens_ = &tokens;
  at_ = 0;
  ++field_depth_;
  const Node value = expressions();
  if (!failed_) {
    into.push_back(value);
  }
  failed_ = false;
  --field_depth_;
  tokens_ = outer;
  at_ = outer_at;
}

PythonParser::Node PythonParser::parenthesized() {
  const std::uint32_t begin = token().begin;
  advance();
  if (take_operator(")")) {
    return make(NodeKind::Tuple, begin, end_of_last());
  }
  const Node value = at_word("yield") ? yield() : expressions();
  if (at_word("for") || (at_word("async") && text(1) == "for")) {
    const Node all = comprehension(begin, value, ")");
    expect(")");
    return all;
  }
  expect(")");
  return value;
}

PythonParser::Node PythonParser::list() {
  const std::uint32_t begin = token().begin;
  advance();
  Children children;
  while (!failed_ && !at_operator("]")) {
    const std::uint32_t at = token().begin;
    if (take_operator("*")) {
      children.push_back(make_with(NodeKind::Starred, at, {binary(0)}));
    } else {
      const Node value = named_expression();
      if (at_word("for") || (at_word("async") && text(1) == "for")) {
        const Node all = comprehension(begin, value, "]");
        expect("]");
        return all;
      }
      children.push_back(value);
    }
    if (!take_operator(",")) {
      break;
    }
  }
  expect("]");
  return make_with(NodeKind::List, begin, children);
}

PythonParser::Node PythonParser::dict_or_set_item(bool& dict) {
  const std::uint32_t begin = token().begin;
  if (take_operator("**")) {
    dict = true;
    return make_with(NodeKind::DoubleStarred, begin, {binary(0)});
  }
  if (take_operator("*")) {
    return make_with(NodeKind::Starred, begin, {binary(0)});
  }
  const Node key = named_expression();
  if (!take_operator(":")) {
    return key;
  }
  dict = true;
  const Node value = expression();
  return make_with(NodeKind::DictItem, begin, {key, value});
}

PythonParser::Node PythonParser::braces() {
  const std::uint32_t begin = token().begin;
  advance();
  Children children;
  bool dict = false;
  while (!failed_ && !at_operator("}")) {
    const Node item = dict_or_set_item(dict);
    if (at_word("for") || (at_word("async") && text(1) == "for")) {
      const Node all = comprehension(begin, item, "}");
      expect("}");
      return all;
    }
    children.push_back(item);
    if (!take_operator(",")) {
      break;
    }
  }
  expect("}");
  return make_with(dict || children.empty() ? NodeKind::Dict : NodeKind::Set, begin, children);
}

PythonParser::Node PythonParser::comprehension(std::uint32_t begin, Node element,
                                               std::string_view close) {
  Children children{element};
  while (!failed_ && !at_operator(close)) {
    if (take_word("async")) {
      continue;
    }
    if (take_word("for")) {
      children.push_back(targets());
      if (!take_word("in")) {
        return fail();
      }
      children.push_back(disjunction());
    } else if (take_word("if")) {
      // Python 2 takes a lambda here.
      children.push_back(at_word("lambda") ? lambda() : disjunction());
    } else {
      return fail();
    }
  }
  return make_with(NodeKind::Comprehension, begin, children);
}

}  // namespace medic::audit
