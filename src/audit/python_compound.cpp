// Statements that hold blocks.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "audit/python_parser.h"
#include "audit/python_token.h"
#include "audit/python_tree.h"

namespace medic::audit {

PythonParser::Node PythonParser::compound(std::string_view word) {
  if (word == "if") {
    return if_statement();
  }
  if (word == "for") {
    return loop(NodeKind::Loop);
  }
  if (word == "while") {
    return loop(NodeKind::While);
  }
  if (word == "try") {
    return try_statement();
  }
  if (word == "with") {
    return with_statement();
  }
  if (word == "def") {
    return function();
  }
  if (word == "class") {
    return class_definition();
  }
  if (word == "async" && token(1).kind == PythonTokenKind::Name) {
    const std::string_view next = text(1);
    if (next == "def" || next == "for" || next == "with") {
      advance();
      return compound(next);
    }
  }
  if (word == "match" && match_follows()) {
    return match_statement();
  }
  return 0;
}

PythonParser::Node PythonParser::block() {
  const std::uint32_t begin = token().begin;
  if (failed_ || !expect(":")) {
    return fail();
  }
  Children children;
  if (!is(PythonTokenKind::Newline)) {
    simple_line(children);
    return make_with(NodeKind::Block, begin, children);
  }
  advance();
  if (!is(PythonTokenKind::Indent)) {
    return make(NodeKind::Block, begin, begin);  // an empty block: the file is being written
  }
  advance();
  const Node node = make(NodeKind::Block, begin, begin);
  statements(children);
  if (is(PythonTokenKind::Dedent)) {
    advance();
  }
  tree_.nodes[node].end = end_of_last();
  link(node, children.data(), children.data() + children.size());
  return node;
}

PythonParser::Node PythonParser::if_statement() {
  const std::uint32_t begin = token().begin;
  advance();
  Children children{named_expression(), block()};
  if (failed_) {
    return children.front();
  }
  // A chain of elif is read by a loop, so that its length is not depth.
  if (at_word("elif")) {
    if (++depth_ < 140) {
      children.push_back(if_statement());
    } else {
      failed_ = true;
    }
    --depth_;
  } else if (take_word("else")) {
    children.push_back(block());
  }
  return make_with(NodeKind::If, begin, children);
}

PythonParser::Node PythonParser::loop(NodeKind kind) {
  const std::uint32_t begin = token().begin;
  advance();
  Children children;
  if (kind == NodeKind::Loop) {
    children.push_back(targets());
    if (!take_word("in")) {
      return fail();
    }
    children.push_back(expressions());
  } else {
    children.push_back(named_expression());
  }
  children.push_back(block());
  if (!failed_ && take_word("else")) {
    children.push_back(block());
  }
  return make_with(kind, begin, children);
}

PythonParser::Node PythonParser::try_statement() {
  const std::uint32_t begin = token().begin;
  advance();
  Children children{block()};
  while (!failed_ && at_word("except")) {
    const std::uint32_t handler = token().begin;
    advance();
    take_operator("*");
    std::string_view name;
    Node type = 0;
    if (at_operator(":")) {
      type = make(NodeKind::Nothing, token().begin, token().begin);
    } else {
      type = expressions();
      if (take_word("as")) {
        name = text();
        advance();
      }
    }
    const Node body = block();
    children.push_back(make_with(NodeKind::Handler, handler, {type, body}, name));
  }
  while (!failed_ && (at_word("else") || at_word("finally"))) {
    advance();
    children.push_back(block());
  }
  return make_with(NodeKind::Try, begin, children);
}

PythonParser::Node PythonParser::with_item() {
  const std::uint32_t begin = token().begin;
  Children children{expression()};
  if (take_word("as")) {
    children.push_back(primary());
  }
  return make_with(NodeKind::WithItem, begin, children);
}

PythonParser::Node PythonParser::with_statement() {
  const std::uint32_t begin = token().begin;
  advance();
  Children children;
  // "with (a as b, c as d):" looks like a tuple until its "as": try the parenthesised form first.
  const std::size_t before = at_;
  if (take_operator("(")) {
    while (!failed_ && !at_operator(")")) {
      children.push_back(with_item());
      if (!take_operator(",")) {
        break;
      }
    }
    if (failed_ || !take_operator(")") || !at_operator(":")) {
      failed_ = false;
      children.clear();
      at_ = before;
    }
  }
  if (children.empty()) {
    do {
      children.push_back(with_item());
    } while (!failed_ && take_operator(","));
  }
  children.push_back(block());
  return make_with(NodeKind::With, begin, children);
}

PythonParser::Node PythonParser::parameter(bool annotated) {
  const std::uint32_t begin = token().begin;
  std::string_view bound;
  if (at_operator("*") || at_operator("**") || at_operator("/")) {
    bound = text();
    advance();
  }
  std::string_view name;
  Children children;
  if (is(PythonTokenKind::Name)) {
    name = text();
    advance();
  } else if (bound.empty() && at_operator("(")) {
    children.push_back(parenthesized());  // Python 2 unpacks here
  } else if (bound.empty()) {
    return fail();
  }
  if (annotated && take_operator(":")) {
    const std::uint32_t at = token().begin;
    take_operator("*");
    children.push_back(make_with(NodeKind::Annotation, at, {expression()}));
  }
  if (take_operator("=")) {
    const std::uint32_t at = token().begin;
    children.push_back(make_with(NodeKind::Default, at, {expression()}));
  }
  const Node node = make_with(NodeKind::Parameter, begin, children, name);
  tree_.nodes[node].bound = bound;
  return node;
}

PythonParser::Node PythonParser::parameters(std::string_view close, bool annotated) {
  const std::uint32_t begin = token().begin;
  Children children;
  while (!failed_ && !at_operator(close)) {
    children.push_back(parameter(annotated));
    if (!take_operator(",")) {
      break;
    }
  }
  return make_with(NodeKind::Parameters, begin, children);
}

PythonParser::Node PythonParser::function() {
  const std::uint32_t begin = token().begin;
  advance();
  const std::string_view name = text();
  advance();
  if (at_operator("[")) {  // type parameters
    subscript(make(NodeKind::Nothing, begin, begin));
  }
  if (!expect("(")) {
    return fail();
  }
  Children children{parameters(")", true)};
  expect(")");
  Node result = 0;
  if (take_operator("->")) {
    const std::uint32_t at = token().begin;
    result = make_with(NodeKind::Annotation, at, {expressions()});
  }
  children.push_back(block());
  if (result != 0) {
    children.push_back(result);
  }
  return make_with(NodeKind::Function, begin, children, name);
}

PythonParser::Node PythonParser::class_definition() {
  const std::uint32_t begin = token().begin;
  advance();
  const std::string_view name = text();
  advance();
  if (at_operator("[")) {
    subscript(make(NodeKind::Nothing, begin, begin));
  }
  const std::uint32_t at = token().begin;
  Children arguments;
  if (take_operator("(")) {
    while (!failed_ && !at_operator(")")) {
      arguments.push_back(argument());
      if (!take_operator(",")) {
        break;
      }
    }
    expect(")");
  }
  const Node bases = make_with(NodeKind::Arguments, at, arguments);
  const Node body = block();
  return make_with(NodeKind::Class, begin, {bases, body}, name);
}

void PythonParser::decorators(Children& into) {
  while (!failed_ && take_operator("@")) {
    const std::uint32_t begin = token().begin;
    const Node value = named_expression();
    into.push_back(make_with(NodeKind::Expression, begin, {value}));
    if (!is(PythonTokenKind::Newline)) {
      failed_ = true;
      return;
    }
    advance();
  }
  if (!failed_ && is(PythonTokenKind::Name)) {
    if (const Node node = compound(text()); node != 0) {
      into.push_back(node);
      return;
    }
  }
  failed_ = true;
}

// "match" is a name everywhere else: a statement of it ends its line with a colon, and a "case"
// begins the block.
bool PythonParser::match_follows() const {
  std::size_t at = at_ + 1;
  while (at < tokens_->size() && (*tokens_)[at].kind != PythonTokenKind::Newline) {
    ++at;
  }
  if (at + 2 >= tokens_->size() || (*tokens_)[at + 1].kind != PythonTokenKind::Indent) {
    return false;
  }
  const PythonToken& colon = (*tokens_)[at - 1];
  const PythonToken& word = (*tokens_)[at + 2];
  return tree_.source.substr(colon.begin, colon.end - colon.begin) == ":" &&
         tree_.source.substr(word.begin, word.end - word.begin) == "case";
}

PythonParser::Node PythonParser::match_statement() {
  const std::uint32_t begin = token().begin;
  advance();
  Children children{expressions()};
  if (!expect(":") || !is(PythonTokenKind::Newline)) {
    return fail();
  }
  advance();
  advance();  // Indent, as match_follows() has seen
  while (at_word("case")) {
    // What a pattern binds is not followed: the tokens up to its colon are passed over.
    int open = 0;
    while (!is(PythonTokenKind::Newline) && !is(PythonTokenKind::End) &&
           (open > 0 || !at_operator(":"))) {
      open += at_operator("(") || at_operator("[") || at_operator("{") ? 1 : 0;
      open -= at_operator(")") || at_operator("]") || at_operator("}") ? 1 : 0;
      advance();
    }
    children.push_back(block());
    if (failed_) {
      break;
    }
  }
  if (is(PythonTokenKind::Dedent)) {
    advance();
  }
  return make_with(NodeKind::Match, begin, children);
}

}  // namespace medic::audit
