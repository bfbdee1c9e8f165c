// Statements, scopes and branches.

#include "audit/python_program.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/glob.h"
#include "audit/python_tree.h"
#include "audit/python_value.h"

namespace medic::audit {
namespace {

constexpr std::size_t kMaxValues = 6;
// Statements and expressions looked at in one pass; a file of 4 MiB has about a million.
constexpr std::size_t kMaxWork = 4'000'000;
constexpr int kMaxDepth = 200;

bool same(const PythonValue& a, const PythonValue& b) {
  return a.kind == b.kind && a.text == b.text && a.object == b.object && a.function == b.function;
}

}  // namespace

void merge(PythonValues& into, const PythonValues& more) {
  for (const PythonValue& value : more) {
    if (into.size() >= kMaxValues) {
      return;
    }
    if (std::ranges::none_of(into, [&](const PythonValue& old) { return same(old, value); })) {
      into.push_back(value);
    }
  }
}

std::string written(const PythonValue& value) {
  switch (value.kind) {
    case PythonValueKind::Constant:
    case PythonValueKind::Path:
      return value.text;
    case PythonValueKind::Instance:
      return value.text + "(" + (value.object ? value.object->mark : "") + ")";
    case PythonValueKind::Mapping:
      return "{}";
    case PythonValueKind::Partial:
      return "partial(" + value.text + ")";
    case PythonValueKind::Parameter:
      return {};
  }
  return {};
}

PythonProgram::PythonProgram(const PythonTree& tree, const PythonKnowledge& knowledge,
                             PythonWatcher& watcher)
    : tree_(tree), knowledge_(knowledge), watcher_(watcher) {}

void PythonProgram::run() {
  // Wrappers of wrappers need a pass each; three deep is what people write.
  for (int i = 0; i < 3 && (i == 0 || learned_); ++i) {
    learned_ = false;
    pass();
  }
  last_ = true;
  pass();
}

void PythonProgram::pass() {
  work_ = 0;
  depth_ = 0;
  branches_ = 0;
  undo_.clear();
  pending_.clear();
  scopes_.clear();
  module_ = new_scope(nullptr);
  scope_ = module_;
  block(0);
  // Bodies run when everything of the module has its final value, as they do in a program.
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    const Pending next = pending_[i];
    run_function(next);
  }
}

PythonProgram::~PythonProgram() {
  // Objects that hold each other would keep each other alive.
  for (const auto& object : objects_) {
    object->entries.clear();
  }
  for (auto& [path, entry] : classes_) {
    entry.object->entries.clear();
  }
}

std::shared_ptr<PythonObject> PythonProgram::new_object() {
  constexpr std::size_t kMaxObjects = 200'000;
  if (objects_.size() >= kMaxObjects) {
    return objects_.back();  // beyond what any program has: nothing is told apart any more
  }
  objects_.push_back(std::make_shared<PythonObject>());
  return objects_.back();
}

PythonProgram::ScopePtr PythonProgram::new_scope(ScopePtr parent) {
  auto scope = std::make_shared<Scope>();
  scope->parent = std::move(parent);
  scopes_.push_back(scope);
  return scope;
}

bool PythonProgram::imports(std::string_view module) const {
  const auto at = imported_.lower_bound(module);
  return at != imported_.end() &&
         (*at == module || (at->starts_with(module) && (*at)[module.size()] == '.'));
}

void PythonProgram::add_sink(const PythonValue& parameter, std::size_t sink) {
  if (parameter.function < functions_.size() &&
      functions_[parameter.function].sinks[parameter.text].insert(sink).second) {
    learned_ = true;
  }
}

void PythonProgram::block(Node node) {
  for (Node at = tree_.first(node); at != 0; at = tree_.next(at)) {
    statement(at);
  }
}

void PythonProgram::statement(Node node) {
  if (++work_ > kMaxWork || depth_ > kMaxDepth) {
    return;
  }
  ++depth_;
  switch (tree_[node].kind) {
    case NodeKind::If:
      value(tree_.first(node));
      branch(tree_.child(node, 1), tree_.child(node, 2));
      break;
    case NodeKind::Loop:
    case NodeKind::While:
      loop(node);
      break;
    case NodeKind::Try:
      attempt(node);
      break;
    case NodeKind::With:
      with(node);
      break;
    case NodeKind::Function:
      define_function(node);
      break;
    case NodeKind::Class:
      define_class(node);
      break;
    case NodeKind::Match:
      value(tree_.first(node));
      for (Node at = tree_.child(node, 1); at != 0; at = tree_.next(at)) {
        branch(at, 0);
      }
      break;
    case NodeKind::Block:
      block(node);
      break;
    default:
      small_statement(node);
      break;
  }
  --depth_;
}

void PythonProgram::small_statement(Node node) {
  switch (tree_[node].kind) {
    case NodeKind::Import:
      import(node);
      return;
    case NodeKind::ImportFrom:
      import_from(node);
      return;
    case NodeKind::Assign:
      assign_all(node);
      return;
    case NodeKind::AnnotatedAssign: {
      const Node given = tree_.child(node, 2);
      assign(node, tree_.first(node), given, given == 0 ? PythonValues{} : value(given));
      return;
    }
    case NodeKind::AugmentedAssign:
      value(tree_.child(node, 1));
      assign(node, tree_.first(node), tree_.child(node, 1), {});
      return;
    case NodeKind::Return:
      give_back(node);
      return;
    default:
      if (tree_[node].kind == NodeKind::Simple && tree_[node].name == "global") {
        declare_global(node);
      } else {
        visit_children(node);
      }
      return;
  }
}

void PythonProgram::assign_all(Node node) {
  const Node last = tree_.last(node);
  const PythonValues values = value(last);
  for (Node at = tree_.first(node); at != last; at = tree_.next(at)) {
    assign(node, at, last, values);
  }
}

void PythonProgram::give_back(Node node) {
  const Node given = tree_.first(node);
  const PythonValues values = given == 0 ? PythonValues{} : value(given);
  if (scope_->function != 0) {
    PythonValues& returns = functions_[scope_->function - 1].returns;
    const std::size_t before = returns.size();
    merge(returns, values);
    learned_ = learned_ || returns.size() != before;
  }
}

void PythonProgram::declare_global(Node node) {
  for (Node at = tree_.first(node); at != 0; at = tree_.next(at)) {
    scope_->globals.insert(tree_[at].name);
    for (Node one = tree_.first(at); one != 0; one = tree_.next(one)) {
      scope_->globals.insert(tree_[one].name);
    }
  }
}

void PythonProgram::import(Node node) {
  for (Node at = tree_.first(node); at != 0; at = tree_.next(at)) {
    const std::string_view name = tree_[at].name;
    imported_.insert(canonical(std::string(name)));
    imported_.insert(std::string(name));
    const std::string_view bound = tree_[at].bound;
    const std::string_view root = name.substr(0, name.find('.'));
    bind(bound.empty() ? root : bound, path_value(std::string(bound.empty() ? root : name), at));
  }
}

void PythonProgram::import_from(Node node) {
  const std::string_view module = tree_[node].name;
  imported_.insert(std::string(module));
  imported_.insert(canonical(std::string(module)));
  for (Node at = tree_.first(node); at != 0; at = tree_.next(at)) {
    const std::string_view name = tree_[at].name;
    if (name == "*") {
      continue;
    }
    std::string path(module);
    path += path.ends_with('.') ? "" : ".";
    path += name;
    imported_.insert(canonical(path));
    bind(tree_[at].bound.empty() ? name : tree_[at].bound, path_value(std::move(path), at));
  }
}

void PythonProgram::bind(std::string_view name, PythonValues values) {
  Scope* scope = scope_.get();
  if (scope->globals.contains(name)) {
    scope = module_.get();
  }
  const auto at = scope->names.find(name);
  if (branches_ > 0) {
    undo_.push_back({.scope = scope,
                     .name = name,
                     .there = at != scope->names.end(),
                     .old = at != scope->names.end() ? at->second : PythonValues{}});
  }
  if (at != scope->names.end()) {
    at->second = std::move(values);
  } else {
    scope->names.emplace(name, std::move(values));
  }
}

// Takes the bindings since `mark` back; returns what they had become.
std::map<std::pair<PythonProgram::Scope*, std::string_view>, PythonValues> PythonProgram::take_back(
    std::size_t mark) {
  std::map<std::pair<Scope*, std::string_view>, PythonValues> changes;
  for (; undo_.size() > mark; undo_.pop_back()) {
    Undo& last = undo_.back();
    auto& now = last.scope->names[last.name];
    changes.try_emplace({last.scope, last.name}, std::move(now));
    if (last.there) {
      now = std::move(last.old);
    } else {
      last.scope->names.erase(last.name);
    }
  }
  return changes;
}

void PythonProgram::join(
    const std::map<std::pair<Scope*, std::string_view>, PythonValues>& changes) {
  for (const auto& [where, values] : changes) {
    Scope* scope = where.first;
    const auto at = scope->names.find(where.second);
    const bool there = at != scope->names.end();
    PythonValues both = there ? at->second : PythonValues{};
    merge(both, values);
    if (branches_ > 0) {
      undo_.push_back({.scope = scope,
                       .name = where.second,
                       .there = there,
                       .old = there ? at->second : PythonValues{}});
    }
    scope->names[where.second] = std::move(both);
  }
}

void PythonProgram::branch(Node first, Node second) {
  ++branches_;
  const std::size_t begin = mark();
  statement(first);
  const auto one = take_back(begin);
  if (second != 0) {
    statement(second);
  }
  const auto other = take_back(begin);
  --branches_;
  // A name that both branches bind has lost what it was before.
  for (const auto& [where, values] : one) {
    if (other.contains(where)) {
      if (branches_ > 0) {
        const auto at = where.first->names.find(where.second);
        const bool there = at != where.first->names.end();
        undo_.push_back({.scope = where.first,
                         .name = where.second,
                         .there = there,
                         .old = there ? at->second : PythonValues{}});
      }
      where.first->names[where.second] = {};
    }
  }
  join(one);
  join(other);
}

void PythonProgram::loop(Node node) {
  Node body = tree_.child(node, 1);
  value(tree_.first(node));
  if (tree_[node].kind == NodeKind::Loop) {
    value(body);
    assign(node, tree_.first(node), 0, {});
    body = tree_.next(body);
  }
  branch(body, 0);
  if (tree_.next(body) != 0) {
    branch(tree_.next(body), 0);
  }
}

void PythonProgram::attempt(Node node) {
  watcher_.on_try(*this, node);
  statement(tree_.first(node));
  for (Node at = tree_.next(tree_.first(node)); at != 0; at = tree_.next(at)) {
    if (tree_[at].kind == NodeKind::Handler) {
      value(tree_.first(at));
      branch(tree_.child(at, 1), 0);
    } else {
      statement(at);
    }
  }
}

void PythonProgram::with(Node node) {
  for (Node at = tree_.first(node); at != 0; at = tree_.next(at)) {
    if (tree_[at].kind != NodeKind::WithItem) {
      statement(at);
      continue;
    }
    const PythonValues values = value(tree_.first(at));
    if (const Node target = tree_.child(at, 1); target != 0) {
      assign(node, target, tree_.first(at), values);
    }
  }
}

void PythonProgram::assign(Node whole, Node target, Node given, const PythonValues& values) {
  switch (tree_[target].kind) {
    case NodeKind::Name:
      bind(tree_[target].name, values);
      if (!scope_->class_path.empty()) {
        PythonStore store{.node = whole, .target = target, .value = given};
        add_paths(scope_->class_path, tree_[target].name, store.paths);
        store.attribute = tree_[target].name;
        store.receiver_known = true;
        store.values = values;
        watcher_.on_store(*this, store);
        classes_[scope_->class_path].object->entries[std::string(tree_[target].name)] = values;
      }
      return;
    case NodeKind::Attribute:
      assign_attribute(whole, target, given, values);
      return;
    case NodeKind::Subscript:
      assign_item(whole, target, given, values);
      return;
    case NodeKind::Tuple:
    case NodeKind::List: {
      const bool pairs = given != 0 && tree_[given].kind == NodeKind::Tuple;
      Node from = pairs ? tree_.first(given) : 0;
      for (Node at = tree_.first(target); at != 0; at = tree_.next(at)) {
        assign(whole, at, from, from == 0 ? PythonValues{} : value(from));
        from = from == 0 ? 0 : tree_.next(from);
      }
      return;
    }
    case NodeKind::Starred:
      assign(whole, tree_.first(target), 0, {});
      return;
    default:
      visit_children(target);
      return;
  }
}

void PythonProgram::assign_attribute(Node whole, Node target, Node given,
                                     const PythonValues& values) {
  const Node object = tree_.first(target);
  const std::string_view name = tree_[target].name;
  PythonStore store{.node = whole, .target = target, .value = given};
  store.attribute = name;
  store.receiver = object;
  store.values = values;
  const PythonValues owners = value(object);
  for (const PythonValue& owner : owners) {
    if (owner.kind == PythonValueKind::Path) {
      store.paths.push_back(canonical(owner.text + "." + std::string(name)));
      store.receiver_known = true;
    } else if (owner.kind == PythonValueKind::Instance) {
      add_paths(owner.text, name, store.paths);
      store.receiver_known = true;
      store.server = store.server || owner.object->mark == "server" ||
                     server_contexts_.contains(owner.object->made);
      PythonValues& now = owner.object->entries[std::string(name)];
      // The one object of `self` stands for all: what it was stays possible.
      const bool shared = !scope_->self_class.empty() && owner.text == scope_->self_class;
      const std::size_t before = now.size();
      if (shared) {
        merge(now, values);
        learned_ = learned_ || now.size() != before;
      } else {
        now = values;
      }
    }
  }
  watcher_.on_store(*this, store);
}

void PythonProgram::assign_item(Node whole, Node target, Node given, const PythonValues& values) {
  const Node object = tree_.first(target);
  const Node key_node = tree_.child(target, 1);
  const PythonValues keys = key_node == 0 ? PythonValues{} : value(key_node);
  const PythonValues owners = value(object);
  if (keys.size() != 1 || keys.front().kind != PythonValueKind::Constant ||
      !keys.front().text.starts_with('\'')) {
    return;
  }
  const std::string key = keys.front().text.substr(1, keys.front().text.size() - 2);
  PythonStore store{.node = whole, .target = target, .value = given};
  store.receiver = object;
  store.values = values;
  for (const PythonValue& owner : owners) {
    if (owner.kind == PythonValueKind::Mapping) {
      owner.object->entries[key] = values;
    } else if (owner.kind == PythonValueKind::Path) {
      store.paths.push_back(owner.text + "[" + key + "]");
      store.receiver_known = true;
    }
  }
  watcher_.on_store(*this, store);
}

std::string PythonProgram::scope_prefix() const {
  if (!scope_->class_path.empty()) {
    return scope_->class_path + ".";
  }
  return scope_->function == 0 ? ":" : functions_[scope_->function - 1].path + ".";
}

}  // namespace medic::audit
