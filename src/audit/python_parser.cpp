#include "audit/python_parser.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "audit/python_token.h"
#include "audit/python_tree.h"

namespace medic::audit {
namespace {

constexpr int kMaxDepth = 150;  // of nested expressions and blocks; stack, not taste

}  // namespace

PythonParser::PythonParser(std::string_view source, const std::vector<PythonToken>& tokens)
    : tokens_(&tokens) {
  tree_.source = source;
  tree_.nodes.reserve(tokens.size() + 1);
}

PythonTree PythonParser::parse() {
  make(NodeKind::Module, 0, static_cast<std::uint32_t>(tree_.source.size()));
  Children children;
  while (!is(PythonTokenKind::End)) {
    statements(children);
    if (!is(PythonTokenKind::End)) {
      advance();  // a Dedent that closes nothing
    }
  }
  link(0, children.data(), children.data() + children.size());
  return std::move(tree_);
}

const PythonToken& PythonParser::token(std::size_t ahead) const {
  return (*tokens_)[std::min(at_ + ahead, tokens_->size() - 1)];
}

std::string_view PythonParser::text(std::size_t ahead) const {
  const PythonToken& t = token(ahead);
  return tree_.source.substr(t.begin, t.end - t.begin);
}

bool PythonParser::at_operator(std::string_view op) const {
  return is(PythonTokenKind::Operator) && text() == op;
}

bool PythonParser::at_word(std::string_view word) const {
  return is(PythonTokenKind::Name) && text() == word;
}

bool PythonParser::take_operator(std::string_view op) {
  const bool there = !failed_ && at_operator(op);
  if (there) {
    advance();
  }
  return there;
}

bool PythonParser::take_word(std::string_view word) {
  const bool there = !failed_ && at_word(word);
  if (there) {
    advance();
  }
  return there;
}

bool PythonParser::expect(std::string_view op) {
  if (!take_operator(op)) {
    failed_ = true;
    return false;
  }
  return true;
}

void PythonParser::advance() {
  at_ = std::min(at_ + 1, tokens_->size() - 1);
}

PythonParser::Node PythonParser::fail() {
  failed_ = true;
  return make(NodeKind::Nothing, token().begin, token().begin);
}

std::uint32_t PythonParser::end_of_last() const {
  return at_ == 0 ? 0 : (*tokens_)[at_ - 1].end;
}

PythonParser::Node PythonParser::make(NodeKind kind, std::uint32_t begin, std::uint32_t end,
                                      std::initializer_list<Node> children, std::string_view name) {
  const Node node = static_cast<Node>(tree_.nodes.size());
  tree_.nodes.push_back({.kind = kind, .begin = begin, .end = end, .name = name, .bound = {}});
  link(node, children.begin(), children.end());
  return node;
}

PythonParser::Node PythonParser::make_with(NodeKind kind, std::uint32_t begin,
                                           const Children& children, std::string_view name) {
  const Node node = make(kind, begin, std::max(end_of_last(), begin), {}, name);
  link(node, children.data(), children.data() + children.size());
  return node;
}

void PythonParser::link(Node parent, const Node* begin, const Node* end) {
  Node* place = &tree_.nodes[parent].first;
  for (const Node* child = begin; child != end; ++child) {
    if (*child != 0) {
      *place = *child;
      place = &tree_.nodes[*child].next;
    }
  }
}

void PythonParser::statements(Children& into) {
  while (!is(PythonTokenKind::End) && !is(PythonTokenKind::Dedent)) {
    if (is(PythonTokenKind::Newline)) {
      advance();
      continue;
    }
    const std::uint32_t begin = token().begin;
    const std::size_t before = at_;
    failed_ = false;
    statement(into);
    if (failed_ || at_ == before) {
      recover(begin, into);
    }
  }
}

// To the end of the logical line, and over the block under it, whose statements are kept.
void PythonParser::recover(std::uint32_t begin, Children& into) {
  while (!is(PythonTokenKind::Newline) && !is(PythonTokenKind::End) &&
         !is(PythonTokenKind::Indent) && !is(PythonTokenKind::Dedent)) {
    advance();
  }
  if (is(PythonTokenKind::Newline)) {
    advance();
  }
  failed_ = false;
  into.push_back(make(NodeKind::Broken, begin, end_of_last()));
  if (is(PythonTokenKind::Indent)) {
    advance();
    if (++depth_ < kMaxDepth) {
      statements(into);
    }
    --depth_;
    if (is(PythonTokenKind::Dedent)) {
      advance();
    }
  }
}

void PythonParser::statement(Children& into) {
  if (++depth_ >= kMaxDepth) {
    failed_ = true;
  } else if (at_operator("@")) {
    decorators(into);
  } else if (const Node node = is(PythonTokenKind::Name) ? compound(text()) : 0; node != 0) {
    into.push_back(node);
  } else if (is(PythonTokenKind::Indent)) {
    advance();  // unexpected indentation: its statements count all the same
    statements(into);
    if (is(PythonTokenKind::Dedent)) {
      advance();
    }
  } else {
    simple_line(into);
  }
  --depth_;
}

void PythonParser::simple_line(Children& into) {
  while (!failed_) {
    into.push_back(simple_statement());
    if (!take_operator(";") || is(PythonTokenKind::Newline)) {
      break;
    }
  }
  if (failed_) {
    return;
  }
  if (is(PythonTokenKind::Newline)) {
    advance();
  } else if (!is(PythonTokenKind::End) && !is(PythonTokenKind::Dedent)) {
    failed_ = true;
  }
}

PythonParser::Node PythonParser::simple_statement() {
  if (is(PythonTokenKind::Name)) {
    const std::string_view word = text();
    if (word == "import") {
      return import();
    }
    if (word == "from") {
      return import_from();
    }
    if (word == "return" || word == "pass" || word == "break" || word == "continue" ||
        word == "raise" || word == "global" || word == "nonlocal" || word == "del" ||
        word == "assert") {
      return keyword_statement();
    }
  }
  return expression_statement();
}

PythonParser::Node PythonParser::keyword_statement() {
  const std::uint32_t begin = token().begin;
  const std::string_view word = text();
  advance();
  Children children;
  while (!failed_ && !is(PythonTokenKind::Newline) && !is(PythonTokenKind::End) &&
         !at_operator(";")) {
    children.push_back(expressions());
    if (!take_word("from") && !take_operator(",")) {
      break;
    }
  }
  return make_with(word == "return" ? NodeKind::Return : NodeKind::Simple, begin, children, word);
}

PythonParser::Node PythonParser::expression_statement() {
  const std::uint32_t begin = token().begin;
  const Node target = at_word("yield") ? yield() : expressions();
  if (failed_) {
    return target;
  }
  if (take_operator(":")) {
    Children children{target, expression()};
    if (take_operator("=")) {
      children.push_back(at_word("yield") ? yield() : expressions());
    }
    return make_with(NodeKind::AnnotatedAssign, begin, children);
  }
  if (at_operator("=")) {
    Children children{target};
    while (take_operator("=")) {
      children.push_back(at_word("yield") ? yield() : expressions());
    }
    return make_with(NodeKind::Assign, begin, children);
  }
  const std::string_view op = text();
  if (is(PythonTokenKind::Operator) && op.size() >= 2 && op.back() == '=' && op != "==" &&
      op != "!=" && op != "<=" && op != ">=") {
    advance();
    const Node value = at_word("yield") ? yield() : expressions();
    return make_with(NodeKind::AugmentedAssign, begin, {target, value}, op);
  }
  return make_with(NodeKind::Expression, begin, {target});
}

std::string_view PythonParser::dotted() {
  const std::uint32_t begin = token().begin;
  std::uint32_t end = begin;
  while (is(PythonTokenKind::Name) || at_operator(".") || at_operator("...")) {
    if (at_word("import") || at_word("as")) {
      break;
    }
    end = token().end;
    advance();
  }
  return tree_.source.substr(begin, end - begin);
}

PythonParser::Node PythonParser::alias() {
  const std::uint32_t begin = token().begin;
  std::string_view name;
  if (at_operator("*")) {
    name = text();
    advance();
  } else {
    name = dotted();
  }
  std::string_view bound;
  if (take_word("as")) {
    bound = text();
    advance();
  }
  if (name.empty()) {
    return fail();
  }
  const Node node = make(NodeKind::Alias, begin, end_of_last(), {}, name);
  tree_.nodes[node].bound = bound;
  return node;
}

PythonParser::Node PythonParser::import() {
  const std::uint32_t begin = token().begin;
  advance();
  Children children;
  do {
    children.push_back(alias());
  } while (!failed_ && take_operator(","));
  return make_with(NodeKind::Import, begin, children);
}

PythonParser::Node PythonParser::import_from() {
  const std::uint32_t begin = token().begin;
  advance();
  const std::string_view module = dotted();
  if (!take_word("import")) {
    return fail();
  }
  const bool parentheses = take_operator("(");
  Children children;
  do {
    if (parentheses && at_operator(")")) {
      break;
    }
    children.push_back(alias());
  } while (!failed_ && take_operator(","));
  if (parentheses) {
    expect(")");
  }
  return make_with(NodeKind::ImportFrom, begin, children, module);
}

PythonTree parse_python(std::string_view source, const std::vector<PythonToken>& tokens) {
  return PythonParser(source, tokens).parse();
}

}  // namespace medic::audit
