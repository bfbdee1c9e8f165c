// Expressions.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/python_program.h"
#include "audit/python_token.h"
#include "audit/python_tree.h"
#include "audit/python_value.h"

namespace medic::audit {
namespace {

constexpr int kMaxDepth = 200;
constexpr std::size_t kMaxWork = 4'000'000;
constexpr std::size_t kMaxText = 400;  // of a string that a rule could ask for

PythonValues constant(std::string text, std::uint32_t node) {
  return {{.kind = PythonValueKind::Constant,
           .text = std::move(text),
           .node = node,
           .object = nullptr}};
}

bool is_constant(const PythonValues& values, std::string_view text) {
  return values.size() == 1 && values.front().kind == PythonValueKind::Constant &&
         values.front().text == text;
}

char unescaped(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    default:
      return c;
  }
}

}  // namespace

std::string python_string_value(std::string_view literal) {
  std::string text;
  std::size_t at = 0;
  while (at < literal.size()) {
    const std::size_t quote = literal.find_first_of("\"'", at);
    if (quote == std::string_view::npos) {
      break;
    }
    const std::string_view prefix = literal.substr(at, quote - at);
    const bool raw = prefix.find_first_of("rR") != std::string_view::npos;
    const bool formatted = prefix.find_first_of("fFtT") != std::string_view::npos;
    const std::size_t end = python_string_end(literal, quote, formatted);
    const bool triple =
        literal.substr(quote).starts_with("\"\"\"") || literal.substr(quote).starts_with("'''");
    const std::size_t marks = triple ? 3 : 1;
    const std::size_t begin = quote + marks;
    for (std::size_t i = begin; i + marks < end; ++i) {
      if (literal[i] == '\\' && !raw && i + 1 + marks < end) {
        ++i;
        if (literal[i] != '\n') {
          text += unescaped(literal[i]);
        }
      } else {
        text += literal[i];
      }
    }
    at = end > at ? end : literal.size();
  }
  return text;
}

std::string PythonProgram::canonical(std::string path) const {
  // Twice: "pip._vendor.requests.sessions.Session" is a copy of a name within a module.
  for (int i = 0; i < 3; ++i) {
    auto at = knowledge_.aliases.upper_bound(path);
    bool changed = false;
    while (at != knowledge_.aliases.begin()) {
      --at;
      if (path.starts_with(at->first) &&
          (path.size() == at->first.size() || path[at->first.size()] == '.')) {
        path = at->second + path.substr(at->first.size());
        changed = true;
        break;
      }
      if (at->first.front() != path.front()) {
        break;
      }
    }
    if (!changed) {
      break;
    }
  }
  return path;
}

PythonValues PythonProgram::path_value(std::string path, Node node) {
  path = canonical(std::move(path));
  if (path.size() > kMaxText) {
    return {};
  }
  return {
      {.kind = PythonValueKind::Path, .text = std::move(path), .node = node, .object = nullptr}};
}

PythonValues PythonProgram::value(Node node) {
  if (node == 0 || ++work_ > kMaxWork || depth_ > kMaxDepth) {
    return {};
  }
  ++depth_;
  PythonValues values = evaluate(node);
  --depth_;
  return values;
}

PythonValues PythonProgram::evaluate(Node node) {
  switch (tree_[node].kind) {
    case NodeKind::Name:
      return name_value(node);
    case NodeKind::Constant:
      return constant(std::string(tree_[node].name), node);
    case NodeKind::Number: {
      const std::string_view number = tree_[node].name;
      return number.size() < 20 ? constant(std::string(number), node) : PythonValues{};
    }
    case NodeKind::String: {
      visit_children(node);
      if (tree_[node].first != 0 || tree_[node].end - tree_[node].begin > kMaxText) {
        return {};
      }
      return constant("'" + python_string_value(tree_.text(node)) + "'", node);
    }
    case NodeKind::Attribute:
      return attribute(node);
    case NodeKind::Subscript:
      return item(node);
    case NodeKind::Call:
      return call(node);
    case NodeKind::Lambda:
      lambda(node);
      return {};
    case NodeKind::Conditional: {
      value(tree_.child(node, 1));
      PythonValues both = value(tree_.first(node));
      const PythonValues other = value(tree_.child(node, 2));
      merge(both, other);
      return both;
    }
    case NodeKind::Unary:
      return negation(node);
    case NodeKind::Boolean:
      return boolean(node);
    case NodeKind::Named: {
      const PythonValues values = value(tree_.child(node, 1));
      assign(node, tree_.first(node), tree_.child(node, 1), values);
      return values;
    }
    case NodeKind::Await:
    case NodeKind::Starred:
      return value(tree_.first(node));
    case NodeKind::Dict:
      return mapping(node);
    case NodeKind::Comprehension: {
      // Targets are bound first: the element is written before them.
      for (Node at = tree_.next(tree_.first(node)); at != 0; at = tree_.next(at)) {
        value(at);
      }
      value(tree_.first(node));
      return {};
    }
    default:
      visit_children(node);
      return {};
  }
}

void PythonProgram::visit_children(Node node) {
  for (Node at = tree_.first(node); at != 0; at = tree_.next(at)) {
    value(at);
  }
}

void PythonProgram::lambda(Node node) {
  const ScopePtr outer = scope_;
  scope_ = new_scope(outer);
  scope_->self_class = outer->self_class;
  for (Node at = tree_.first(tree_.first(node)); at != 0; at = tree_.next(at)) {
    PythonValues given;
    for (Node part = tree_.first(at); part != 0; part = tree_.next(part)) {
      given = value(tree_.first(part));
    }
    scope_->names[tree_[at].name] = given;
  }
  value(tree_.child(node, 1));
  scope_ = outer;
}

PythonValues PythonProgram::name_value(Node node) {
  const std::string_view name = tree_[node].name;
  const Scope* start = scope_.get();
  for (const Scope* scope = start; scope != nullptr; scope = scope->parent.get()) {
    // A class body's names are not seen from the functions in it.
    if (scope != start && !scope->class_path.empty()) {
      continue;
    }
    if (const auto at = scope->names.find(name); at != scope->names.end()) {
      for (const PythonValue& found : at->second) {
        if (found.kind == PythonValueKind::Path && !found.text.starts_with(':')) {
          watcher_.on_reference(*this, node, found.text);
        }
      }
      return at->second;
    }
  }
  for (const std::string_view builtin :
       {"dict", "getattr", "setattr", "super", "bool", "partial"}) {
    if (name == builtin && name != "partial") {
      return {{.kind = PythonValueKind::Path,
               .text = std::string(name),
               .node = node,
               .object = nullptr}};
    }
  }
  return {};
}

PythonValues PythonProgram::attribute(Node node) {
  const PythonValues objects = value(tree_.first(node));
  PythonValues values;
  for (const PythonValue& object : objects) {
    merge(values, attribute_of(object, tree_[node].name, node));
  }
  return values;
}

const PythonValues* PythonProgram::class_attribute(const std::string& class_path,
                                                   std::string_view name) const {
  const auto owner = classes_.find(class_path);
  if (owner == classes_.end()) {
    return nullptr;
  }
  const auto entry = owner->second.object->entries.find(name);
  return entry == owner->second.object->entries.end() ? nullptr : &entry->second;
}

PythonValues PythonProgram::attribute_of(const PythonValue& object, std::string_view name,
                                         Node node) {
  if (object.kind == PythonValueKind::Instance && object.object) {
    return attribute_of_instance(object, name, node);
  }
  if (object.kind != PythonValueKind::Path) {
    return {};
  }
  if (const PythonValues* found = class_attribute(object.text, name)) {
    return *found;
  }
  PythonValues values = path_value(object.text + "." + std::string(name), node);
  if (!values.empty()) {
    watcher_.on_reference(*this, node, values.front().text);
  }
  return values;
}

PythonValues PythonProgram::attribute_of_instance(const PythonValue& object, std::string_view name,
                                                  Node node) {
  if (const auto at = object.object->entries.find(name); at != object.object->entries.end()) {
    return at->second;
  }
  std::vector<std::string> paths;
  add_paths(object.text, name, paths);
  PythonValues values;
  for (std::string& path : paths) {
    if (const PythonValues* found = class_attribute(path.substr(0, path.rfind('.')), name)) {
      return *found;
    }
    merge(values, path_value(std::move(path), node));
  }
  return values;
}

PythonValues PythonProgram::item(Node node) {
  const PythonValues objects = value(tree_.first(node));
  const Node key_node = tree_.child(node, 1);
  const PythonValues keys = key_node == 0 ? PythonValues{} : value(key_node);
  if (keys.size() != 1 || !keys.front().text.starts_with('\'')) {
    return {};
  }
  const std::string key = keys.front().text.substr(1, keys.front().text.size() - 2);
  PythonValues values;
  for (const PythonValue& object : objects) {
    if (object.kind == PythonValueKind::Mapping) {
      const auto at = object.object->entries.find(key);
      if (at != object.object->entries.end()) {
        merge(values, at->second);
      }
    }
  }
  return values;
}

PythonValues PythonProgram::mapping(Node node) {
  PythonValue made{
      .kind = PythonValueKind::Mapping, .text = {}, .node = node, .object = new_object()};
  for (Node at = tree_.first(node); at != 0; at = tree_.next(at)) {
    if (tree_[at].kind == NodeKind::DoubleStarred) {
      for (const PythonValue& other : value(tree_.first(at))) {
        if (other.kind == PythonValueKind::Mapping) {
          for (const auto& [key, values] : other.object->entries) {
            made.object->entries[key] = values;
          }
        } else {
          made.object->mark = "open";
        }
      }
      continue;
    }
    const PythonValues keys = value(tree_.first(at));
    PythonValues values = value(tree_.child(at, 1));
    if (keys.size() == 1 && keys.front().text.starts_with('\'') &&
        made.object->entries.size() < 2000) {
      made.object->entries[keys.front().text.substr(1, keys.front().text.size() - 2)] =
          std::move(values);
    }
  }
  return {std::move(made)};
}

PythonValues PythonProgram::negation(Node node) {
  const PythonValues values = value(tree_.first(node));
  if (tree_[node].name == "-" && values.size() == 1) {
    return {};
  }
  if (tree_[node].name != "not") {
    return {};
  }
  if (is_constant(values, "True") || is_constant(values, "1")) {
    return constant("False", node);
  }
  if (is_constant(values, "False") || is_constant(values, "0") || is_constant(values, "None")) {
    return constant("True", node);
  }
  return {};
}

// `a or b` is b where a is known to be false and may be either otherwise; so with `and`.
PythonValues PythonProgram::boolean(Node node) {
  const bool any = tree_[node].name == "or";
  PythonValues all;
  for (Node at = tree_.first(node); at != 0; at = tree_.next(at)) {
    const PythonValues values = value(at);
    const bool falsy =
        is_constant(values, "False") || is_constant(values, "None") || is_constant(values, "''");
    const bool last = tree_.next(at) == 0;
    if (any && !last) {
      for (const PythonValue& one : values) {
        const bool skipped = one.text == "False" || one.text == "None" || one.text == "''";
        if (!skipped) {
          merge(all, {one});
        }
      }
    } else if (last || falsy) {
      merge(all, values);
    }
  }
  return all;
}

}  // namespace medic::audit
