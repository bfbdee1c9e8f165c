// Expressions, loosest first (Python reference, chapter 6).

#include <algorithm>
#include <array>
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

constexpr int kMaxDepth = 150;

// Looser first; operators of one row bind alike.
constexpr std::array<std::string_view, 6> kBinary = {"|", "^", "&", "<< >>", "+ -", "* / // % @"};

bool in_row(std::string_view row, std::string_view op) {
  while (!row.empty()) {
    const std::size_t blank = std::min(row.find(' '), row.size());
    if (row.substr(0, blank) == op) {
      return true;
    }
    row.remove_prefix(std::min(blank + 1, row.size()));
  }
  return false;
}

// Words that cannot begin an expression: where one stands, the expression before has ended.
bool is_keyword(std::string_view word) {
  constexpr std::array<std::string_view, 23> kKeywords = {
      "and",  "as",   "assert", "break",   "class",  "continue", "def", "del",
      "elif", "else", "except", "finally", "for",    "from",     "if",  "import",
      "in",   "is",   "or",     "raise",   "return", "while",    "with"};
  return std::ranges::find(kKeywords, word) != kKeywords.end();
}

}  // namespace

bool PythonParser::ends_expressions() const {
  if (is(PythonTokenKind::Name)) {
    return is_keyword(text());
  }
  if (!is(PythonTokenKind::Operator)) {
    return !is(PythonTokenKind::Number) && !is(PythonTokenKind::String);
  }
  const std::string_view op = text();
  return op == ")" || op == "]" || op == "}" || op == ":" || op == "=" || op == ";" || op == "," ||
         (op.size() > 1 && op.back() == '=');
}

PythonParser::Node PythonParser::expressions(bool starred) {
  const std::uint32_t begin = token().begin;
  Children children;
  bool comma = false;
  while (!failed_) {
    const std::uint32_t at = token().begin;
    if (starred && take_operator("*")) {
      children.push_back(make_with(NodeKind::Starred, at, {binary(0)}));
    } else {
      children.push_back(named_expression());
    }
    if (!at_operator(",")) {
      break;
    }
    comma = true;
    advance();
    if (ends_expressions()) {
      break;
    }
  }
  return comma ? make_with(NodeKind::Tuple, begin, children) : children.front();
}

PythonParser::Node PythonParser::targets() {
  const std::uint32_t begin = token().begin;
  Children children;
  do {
    if (at_word("in")) {
      break;
    }
    const std::uint32_t at = token().begin;
    if (take_operator("*")) {
      children.push_back(make_with(NodeKind::Starred, at, {binary(0)}));
    } else {
      children.push_back(binary(0));
    }
  } while (!failed_ && take_operator(","));
  if (children.empty()) {
    return fail();
  }
  return children.size() == 1 ? children.front() : make_with(NodeKind::Tuple, begin, children);
}

PythonParser::Node PythonParser::named_expression() {
  const std::uint32_t begin = token().begin;
  const Node value = expression();
  if (!failed_ && at_operator(":=")) {
    advance();
    return make_with(NodeKind::Named, begin, {value, expression()});
  }
  return value;
}

PythonParser::Node PythonParser::expression() {
  if (failed_ || ++depth_ >= kMaxDepth) {
    --depth_;
    return fail();
  }
  const Node value = at_word("lambda") ? lambda() : conditional_rest(disjunction());
  --depth_;
  return value;
}

PythonParser::Node PythonParser::conditional_rest(Node value) {
  if (!take_word("if")) {
    return value;
  }
  const std::uint32_t begin = tree_.nodes[value].begin;
  const Node test = disjunction();
  if (!take_word("else")) {
    return fail();
  }
  const Node other = expression();
  return make_with(NodeKind::Conditional, begin, {value, test, other});
}

PythonParser::Node PythonParser::lambda() {
  const std::uint32_t begin = token().begin;
  advance();
  const Node names = parameters(":", false);
  if (!expect(":")) {
    return fail();
  }
  const Node value = expression();
  return make_with(NodeKind::Lambda, begin, {names, value});
}

PythonParser::Node PythonParser::disjunction() {
  const std::uint32_t begin = token().begin;
  Children children{conjunction()};
  while (!failed_ && take_word("or")) {
    children.push_back(conjunction());
  }
  return children.size() == 1 ? children.front()
                              : make_with(NodeKind::Boolean, begin, children, "or");
}

PythonParser::Node PythonParser::conjunction() {
  const std::uint32_t begin = token().begin;
  Children children{inversion()};
  while (!failed_ && take_word("and")) {
    children.push_back(inversion());
  }
  return children.size() == 1 ? children.front()
                              : make_with(NodeKind::Boolean, begin, children, "and");
}

PythonParser::Node PythonParser::inversion() {
  const std::uint32_t begin = token().begin;
  int count = 0;
  while (take_word("not")) {
    ++count;
  }
  const Node value = comparison();
  // An even number of negations is none for us: only truth is asked for.
  return count == 0 ? value
                    : make_with(NodeKind::Unary, begin, {value}, count % 2 == 1 ? "not" : "");
}

bool PythonParser::take_comparison() {
  if (is(PythonTokenKind::Operator)) {
    const std::string_view op = text();
    if (op == "==" || op == "!=" || op == "<" || op == ">" || op == "<=" || op == ">=" ||
        op == "<>") {
      advance();
      return true;
    }
    return false;
  }
  if (at_word("not") && text(1) == "in") {
    advance();
    advance();
    return true;
  }
  if (take_word("is")) {
    take_word("not");
    return true;
  }
  return take_word("in");
}

PythonParser::Node PythonParser::comparison() {
  const std::uint32_t begin = token().begin;
  Children children{binary(0)};
  while (!failed_ && take_comparison()) {
    children.push_back(binary(0));
  }
  return children.size() == 1 ? children.front() : make_with(NodeKind::Compare, begin, children);
}

PythonParser::Node PythonParser::binary(int precedence) {
  if (precedence >= static_cast<int>(kBinary.size())) {
    return unary();
  }
  const std::uint32_t begin = token().begin;
  Node value = binary(precedence + 1);
  const std::string_view row = kBinary[static_cast<std::size_t>(precedence)];
  while (!failed_ && is(PythonTokenKind::Operator) && in_row(row, text())) {
    const std::string_view op = text();
    advance();
    const Node right = binary(precedence + 1);
    value = make_with(NodeKind::Binary, begin, {value, right}, op);
  }
  return value;
}

PythonParser::Node PythonParser::unary() {
  const std::uint32_t begin = token().begin;
  if (!failed_ && (at_operator("-") || at_operator("+") || at_operator("~"))) {
    const std::string_view op = text();
    advance();
    if (++depth_ >= kMaxDepth) {
      --depth_;
      return fail();
    }
    const Node value = unary();
    --depth_;
    return make_with(NodeKind::Unary, begin, {value}, op);
  }
  return power();
}

PythonParser::Node PythonParser::power() {
  const std::uint32_t begin = token().begin;
  const bool awaits = at_word("await") && token(1).kind != PythonTokenKind::Operator;
  const bool awaits_group = at_word("await") && text(1) == "(";
  Node value = 0;
  if (awaits || awaits_group) {
    advance();
    value = make_with(NodeKind::Await, begin, {primary()});
  } else {
    value = primary();
  }
  if (take_operator("**")) {
    if (++depth_ < kMaxDepth) {
      const Node right = unary();
      value = make_with(NodeKind::Binary, begin, {value, right}, "**");
    } else {
      failed_ = true;
    }
    --depth_;
  }
  return value;
}

PythonParser::Node PythonParser::primary() {
  Node value = atom();
  while (!failed_ && is(PythonTokenKind::Operator)) {
    const std::string_view op = text();
    if (op == ".") {
      advance();
      if (!is(PythonTokenKind::Name)) {
        return fail();
      }
      const std::string_view name = text();
      advance();
      value = make_with(NodeKind::Attribute, tree_.nodes[value].begin, {value}, name);
    } else if (op == "(") {
      value = call(value);
    } else if (op == "[") {
      value = subscript(value);
    } else {
      break;
    }
  }
  return value;
}

PythonParser::Node PythonParser::call(Node callee) {
  advance();
  Children children{callee};
  while (!failed_ && !at_operator(")")) {
    children.push_back(argument());
    if (!take_operator(",")) {
      break;
    }
  }
  expect(")");
  return make_with(NodeKind::Call, tree_.nodes[callee].begin, children);
}

PythonParser::Node PythonParser::argument() {
  const std::uint32_t begin = token().begin;
  if (take_operator("**")) {
    return make_with(NodeKind::DoubleStarred, begin, {expression()});
  }
  if (take_operator("*")) {
    return make_with(NodeKind::Starred, begin, {expression()});
  }
  if (is(PythonTokenKind::Name) && text(1) == "=" && token(1).kind == PythonTokenKind::Operator) {
    const std::string_view name = text();
    advance();
    advance();
    return make_with(NodeKind::Keyword, begin, {expression()}, name);
  }
  const Node value = named_expression();
  if (at_word("for") || (at_word("async") && text(1) == "for")) {
    return comprehension(begin, value, ")");
  }
  return value;
}

PythonParser::Node PythonParser::subscript_item() {
  const std::uint32_t begin = token().begin;
  if (take_operator("*")) {
    return make_with(NodeKind::Starred, begin, {binary(0)});
  }
  Children children;
  bool slice = false;
  while (!failed_ && !at_operator("]") && !at_operator(",")) {
    if (take_operator(":")) {
      slice = true;
    } else {
      children.push_back(named_expression());
      if (!at_operator(":")) {
        break;
      }
    }
  }
  return slice || children.empty() ? make_with(NodeKind::Slice, begin, children) : children.front();
}

PythonParser::Node PythonParser::subscript(Node object) {
  advance();
  Children children{object};
  while (!failed_ && !at_operator("]")) {
    children.push_back(subscript_item());
    // Of type parameters: "[T: int = str]".
    if (take_operator("=")) {
      children.push_back(expression());
    }
    if (!take_operator(",")) {
      break;
    }
  }
  expect("]");
  return make_with(NodeKind::Subscript, tree_.nodes[object].begin, children);
}

PythonParser::Node PythonParser::atom() {
  const std::uint32_t begin = token().begin;
  const std::uint32_t end = token().end;
  if (failed_ || depth_ >= kMaxDepth) {
    return fail();
  }
  switch (token().kind) {
    case PythonTokenKind::Name:
      return name_atom();
    case PythonTokenKind::Number:
      advance();
      return make(NodeKind::Number, begin, end, {}, tree_.source.substr(begin, end - begin));
    case PythonTokenKind::String:
      return strings();
    case PythonTokenKind::Operator:
      if (at_operator("(")) {
        return parenthesized();
      }
      if (at_operator("[")) {
        return list();
      }
      if (at_operator("{")) {
        return braces();
      }
      if (take_operator("...")) {
        return make(NodeKind::Constant, begin, end, {}, "...");
      }
      return fail();
    case PythonTokenKind::Newline:
    case PythonTokenKind::Indent:
    case PythonTokenKind::Dedent:
    case PythonTokenKind::End:
      return fail();
  }
  return fail();
}

PythonParser::Node PythonParser::name_atom() {
  const std::string_view word = text();
  const PythonToken at = token();
  if (is_keyword(word)) {
    return fail();
  }
  if (word == "yield") {
    return yield();
  }
  advance();
  const bool constant = word == "True" || word == "False" || word == "None";
  return make(constant ? NodeKind::Constant : NodeKind::Name, at.begin, at.end, {}, word);
}

PythonParser::Node PythonParser::yield() {
  const std::uint32_t begin = token().begin;
  advance();
  take_word("from");
  Children children;
  if (!ends_expressions() || at_operator("*")) {
    children.push_back(expressions());
  }
  return make_with(NodeKind::Yield, begin, children);
}

}  // namespace medic::audit
