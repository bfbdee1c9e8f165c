#pragma once

// A Python file as a tree of nodes in one vector. A node's children are a list: `first`, then each
// one's `next`; 0 is no node (node 0 is the module, which is nobody's child). Texts are views of
// the source, which must outlive the tree.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audit/python_token.h"

namespace medic::audit {

enum class NodeKind : std::uint8_t {
  Module,
  Block,  // statements
  // Statements. Children in the order of the text unless said.
  Expression,
  Assign,           // targets, the value last
  AnnotatedAssign,  // target, annotation, value if any
  AugmentedAssign,  // target, value
  Return,
  If,          // test, Block, then Block (else) or If (elif), if any
  Loop,        // for: target, iterable, Block, else Block if any
  While,       // test, Block, else Block if any
  Try,         // Block, Handlers, Blocks of else and finally
  Handler,     // type (or Nothing), Block; name: bound to
  With,        // WithItems, Block
  WithItem,    // expression, target if any
  Function,    // Parameters, Block, Annotation of the result if any; name
  Class,       // Arguments, Block; name
  Import,      // Aliases
  ImportFrom,  // Aliases; name: the module with its leading dots
  Alias,       // name, bound: what follows "as"
  Match,       // subject, Blocks of cases
  Simple,      // pass, del, global, raise, assert, ...: its expressions; name: the keyword
  Broken,      // a line that is no Python of any version we know
  // Parts
  Parameters,
  Parameter,  // Annotation, Default, if any; name; bound: "*" or "**"
  Annotation,
  Default,
  Arguments,
  Keyword,  // name: of the argument; value
  DoubleStarred,
  Starred,
  Nothing,
  // Expressions
  Name,
  Constant,  // True, False, None
  Number,
  String,       // of one or more adjoining literals; f-strings: the expressions in their fields
  Attribute,    // object; name
  Subscript,    // object, index
  Call,         // callee, arguments
  Lambda,       // Parameters, value
  Conditional,  // value, test, other value
  Binary,       // name: the operator
  Unary,
  Compare,
  Boolean,  // and, or
  Named,    // target, value: `:=`
  Tuple,
  List,
  Set,
  Dict,  // DictItems and DoubleStarred
  DictItem,
  Comprehension,  // element, then the clauses' targets, iterables, conditions
  Slice,
  Await,
  Yield,
};

struct PythonNode {
  NodeKind kind = NodeKind::Nothing;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t first = 0;
  std::uint32_t next = 0;
  std::string_view name;
  std::string_view bound;
};

class PythonTree {
 public:
  std::string_view source;
  std::vector<PythonNode> nodes;

  [[nodiscard]] const PythonNode& operator[](std::uint32_t node) const { return nodes[node]; }
  [[nodiscard]] std::uint32_t first(std::uint32_t node) const { return nodes[node].first; }
  [[nodiscard]] std::uint32_t next(std::uint32_t node) const { return nodes[node].next; }
  // The child number `index` from 0; 0: there is none.
  [[nodiscard]] std::uint32_t child(std::uint32_t node, int index) const {
    std::uint32_t at = nodes[node].first;
    for (; index > 0 && at != 0; --index) {
      at = nodes[at].next;
    }
    return at;
  }
  [[nodiscard]] std::uint32_t last(std::uint32_t node) const {
    std::uint32_t at = nodes[node].first;
    while (at != 0 && nodes[at].next != 0) {
      at = nodes[at].next;
    }
    return at;
  }
  [[nodiscard]] std::string_view text(std::uint32_t node) const {
    return source.substr(nodes[node].begin, nodes[node].end - nodes[node].begin);
  }
};

// Every text gives a tree: a line that cannot be read is one Broken node, and reading goes on
// behind it. Nesting is bounded.
PythonTree parse_python(std::string_view source, const std::vector<PythonToken>& tokens);

// What a String node stands for, escapes of the plain kind replaced; fields of f-strings stay as
// they are written.
std::string python_string_value(std::string_view literal);

}  // namespace medic::audit
