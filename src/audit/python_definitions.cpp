// Functions and classes of the file.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/python_program.h"
#include "audit/python_tree.h"
#include "audit/python_value.h"

namespace medic::audit {
namespace {

constexpr std::size_t kMaxFunctions = 20'000;

}  // namespace

void PythonProgram::define_function(Node node) {
  auto at = function_of_.find(node);
  if (at == function_of_.end()) {
    if (functions_.size() >= kMaxFunctions) {
      return;
    }
    const auto index = static_cast<std::uint32_t>(functions_.size());
    functions_.push_back({.node = node,
                          .path = scope_prefix() + std::string(tree_[node].name),
                          .owner = scope_->class_path,
                          .sinks = {},
                          .returns = {}});
    function_by_path_.emplace(functions_.back().path, index);
    at = function_of_.emplace(node, index).first;
  }
  bind(tree_[node].name, {{.kind = PythonValueKind::Path,
                           .text = functions_[at->second].path,
                           .node = node,
                           .object = nullptr}});
  pending_.push_back({.function = at->second, .parent = scope_});
}

void PythonProgram::run_function(const Pending& pending) {
  const PythonFunction& function = functions_[pending.function];
  scope_ = new_scope(pending.parent);
  scope_->function = pending.function + 1;
  scope_->self_class = !function.owner.empty() ? function.owner : pending.parent->self_class;
  const Node node = function.node;
  bind_parameters(pending.function, tree_.first(node));
  statement(tree_.child(node, 1));
  scope_ = module_;
}

void PythonProgram::bind_parameters(std::uint32_t index, Node parameters) {
  bool first = true;
  for (Node at = tree_.first(parameters); at != 0; at = tree_.next(at)) {
    const PythonNode& parameter = tree_[at];
    PythonValues values;
    if (first && !functions_[index].owner.empty() && parameter.bound.empty()) {
      values.push_back({.kind = PythonValueKind::Instance,
                        .text = functions_[index].owner,
                        .node = at,
                        .object = classes_[functions_[index].owner].object});
    } else if (parameter.bound == "**") {
      values.push_back(
          {.kind = PythonValueKind::Mapping, .text = {}, .node = at, .object = new_object()});
      values.back().object->mark = "open";
    } else if (parameter.bound.empty()) {
      values.push_back({.kind = PythonValueKind::Parameter,
                        .text = std::string(parameter.name),
                        .node = at,
                        .object = nullptr,
                        .function = index});
    }
    first = false;
    for (Node part = tree_.first(at); part != 0; part = tree_.next(part)) {
      const PythonValues given = value(tree_.first(part));
      if (tree_[part].kind == NodeKind::Default) {
        merge(values, given);
      } else if (tree_[part].kind == NodeKind::Annotation && given.size() == 1 &&
                 given.front().kind == PythonValueKind::Path &&
                 given.front().text.find('.') != std::string::npos) {
        values.push_back({.kind = PythonValueKind::Instance,
                          .text = given.front().text,
                          .node = at,
                          .object = new_object()});
      }
    }
    bind(parameter.name, std::move(values));
  }
}

void PythonProgram::define_class(Node node) {
  const std::string path = scope_prefix() + std::string(tree_[node].name);
  Class& entry = classes_[path];
  entry.bases.clear();
  const Node bases = tree_.first(node);
  for (Node at = tree_.first(bases); at != 0; at = tree_.next(at)) {
    if (tree_[at].kind == NodeKind::Keyword) {
      continue;
    }
    for (const PythonValue& base : value(at)) {
      if (base.kind == PythonValueKind::Path && entry.bases.size() < 8 && base.text != path) {
        entry.bases.push_back(base.text);
      }
    }
  }
  const ScopePtr outer = scope_;
  scope_ = new_scope(outer);
  scope_->class_path = path;
  statement(tree_.child(node, 1));
  scope_ = outer;
  bind(tree_[node].name,
       {{.kind = PythonValueKind::Path, .text = path, .node = node, .object = nullptr}});
}

void PythonProgram::add_paths(const std::string& class_path, std::string_view name,
                              std::vector<std::string>& paths, int depth) const {
  constexpr std::size_t kMaxPaths = 16;
  if (depth > 8 || paths.size() >= kMaxPaths) {
    return;
  }
  std::string path = class_path + "." + std::string(name);
  if (std::ranges::find(paths, path) == paths.end()) {
    paths.push_back(std::move(path));
  }
  if (const auto at = classes_.find(class_path); at != classes_.end()) {
    for (const std::string& base : at->second.bases) {
      add_paths(base, name, paths, depth + 1);
    }
  }
}

}  // namespace medic::audit
