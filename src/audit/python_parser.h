#pragma once

// Recursive descent over Python's tokens. Internal to audit/: others call parse_python().

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "audit/python_tree.h"

namespace medic::audit {

class PythonParser {
 public:
  PythonParser(std::string_view source, const std::vector<PythonToken>& tokens);

  PythonTree parse();

 private:
  using Node = std::uint32_t;

  // Children are collected and linked when their parent is complete.
  using Children = std::vector<Node>;

  [[nodiscard]] const PythonToken& token(std::size_t ahead = 0) const;
  [[nodiscard]] std::string_view text(std::size_t ahead = 0) const;
  [[nodiscard]] bool is(PythonTokenKind kind) const { return token().kind == kind; }
  [[nodiscard]] bool at_operator(std::string_view op) const;
  [[nodiscard]] bool at_word(std::string_view word) const;
  bool take_operator(std::string_view op);
  bool take_word(std::string_view word);
  bool expect(std::string_view op);
  void advance();
  Node fail();

  Node make(NodeKind kind, std::uint32_t begin, std::uint32_t end,
            std::initializer_list<Node> children = {}, std::string_view name = {});
  Node make_with(NodeKind kind, std::uint32_t begin, const Children& children,
                 std::string_view name = {});
  void link(Node parent, const Node* begin, const Node* end);
  [[nodiscard]] std::uint32_t end_of_last() const;

  // Statements
  void statements(Children& into);
  void statement(Children& into);
  void simple_line(Children& into);
  Node simple_statement();
  Node compound(std::string_view word);
  Node block();
  Node if_statement();
  Node loop(NodeKind kind);
  Node try_statement();
  Node with_statement();
  Node with_item();
  Node function();
  Node class_definition();
  Node match_statement();
  [[nodiscard]] bool match_follows() const;
  Node import();
  Node import_from();
  Node alias();
  std::string_view dotted();
  Node expression_statement();
  Node keyword_statement();
  void decorators(Children& into);
  void recover(std::uint32_t begin, Children& into);

  // Expressions
  Node expressions(bool starred = true);  // a, b, *c: a Tuple when there is a comma
  Node targets();                         // of for and of comprehensions
  Node named_expression();
  Node expression();
  Node conditional_rest(Node value);
  Node lambda();
  Node disjunction();
  Node conjunction();
  Node inversion();
  Node comparison();
  bool take_comparison();
  Node binary(int precedence);
  Node unary();
  Node power();
  Node primary();
  Node atom();
  Node name_atom();
  Node strings();
  void fields(const PythonToken& literal, Children& into);
  void field(std::uint32_t begin, std::uint32_t end, Children& into);
  Node parenthesized();
  Node list();
  Node braces();
  Node dict_or_set_item(bool& dict);
  Node comprehension(std::uint32_t begin, Node element, std::string_view close);
  Node yield();
  Node call(Node callee);
  Node argument();
  Node subscript(Node object);
  Node subscript_item();
  Node parameters(std::string_view close, bool annotated);
  Node parameter(bool annotated);
  [[nodiscard]] bool ends_expressions() const;

  const std::vector<PythonToken>* tokens_;  // of the file, or of the field of an f-string
  std::size_t at_ = 0;
  int depth_ = 0;
  int field_depth_ = 0;
  bool failed_ = false;
  PythonTree tree_;
};

}  // namespace medic::audit
