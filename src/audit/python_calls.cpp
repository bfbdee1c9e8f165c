// Calls, and what comes back.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/glob.h"
#include "audit/python_program.h"
#include "audit/python_tree.h"
#include "audit/python_value.h"

namespace medic::audit {
namespace {

const PythonArgument* argument(const PythonCall& call, std::string_view name,
                               std::size_t position) {
  std::size_t at = 0;
  for (const PythonArgument& one : call.arguments) {
    if ((!name.empty() && one.name == name) || (one.name.empty() && at == position)) {
      return &one;
    }
    at += one.name.empty() ? 1U : 0U;
  }
  return nullptr;
}

// The text of a string constant at a place; empty: none.
std::string constant_text(const PythonCall& call, std::string_view name, std::size_t position) {
  const PythonArgument* found = argument(call, name, position);
  if (found == nullptr || found->values.size() != 1) {
    return {};
  }
  const std::string& text = found->values.front().text;
  return text.size() >= 2 && text.front() == '\'' ? text.substr(1, text.size() - 2) : std::string();
}

// The items of every dictionary that `values` may be.
void copy_entries(const PythonValues& values, PythonObject& into) {
  for (const PythonValue& one : values) {
    if (one.kind == PythonValueKind::Mapping && one.object.get() != &into) {
      for (const auto& [key, entry] : one.object->entries) {
        into.entries[key] = entry;
      }
    }
  }
}

bool starts_upper(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('.') + 1);
  return !name.empty() && name.front() >= 'A' && name.front() <= 'Z';
}

}  // namespace

void PythonProgram::name_callees(PythonCall& call, const PythonValues& callee) const {
  for (const PythonValue& one : callee) {
    if (one.kind == PythonValueKind::Partial) {
      call.paths.push_back(one.text);
    } else if (one.kind == PythonValueKind::Path) {
      call.paths.push_back(one.text);
      if (const auto at = function_by_path_.find(one.text); at != function_by_path_.end()) {
        call.functions.push_back(at->second);
      } else if (const auto init = function_by_path_.find(one.text + ".__init__");
                 init != function_by_path_.end()) {
        call.functions.push_back(init->second);
      }
    }
  }
}

PythonValues PythonProgram::call(Node node) {
  const Node callee_node = tree_.first(node);
  PythonCall call{.node = node, .callee = callee_node};
  PythonValues owners;
  PythonValues callee;
  if (tree_[callee_node].kind == NodeKind::Attribute) {
    call.receiver = tree_.first(callee_node);
    call.method = tree_[callee_node].name;
    owners = value(call.receiver);
    for (const PythonValue& owner : owners) {
      call.receiver_known = call.receiver_known || owner.kind != PythonValueKind::Parameter;
      merge(callee, attribute_of(owner, call.method, callee_node));
    }
  } else {
    call.method = tree_[callee_node].kind == NodeKind::Name ? tree_[callee_node].name : "";
    callee = value(callee_node);
  }
  arguments(node, call);
  name_callees(call, callee);
  note_server(call, owners);
  watcher_.on_call(*this, call);
  for (const PythonValue& owner : owners) {
    if (owner.kind == PythonValueKind::Mapping) {
      return method_of_mapping(call, owner);
    }
  }
  // "settings.get('verify', False)" of anything: the default is possible.
  if (callee.empty() && (call.method == "get" || call.method == "pop") &&
      call.arguments.size() == 2 && call.arguments[1].name.empty()) {
    return call.arguments[1].values;
  }
  return result(call, callee);
}

void PythonProgram::add_items(const PythonValues& mapping, PythonCall& call) {
  bool known = false;
  for (const PythonValue& one : mapping) {
    if (one.kind != PythonValueKind::Mapping) {
      continue;
    }
    known = one.object->mark != "open";
    for (const auto& [key, values] : one.object->entries) {
      const std::uint32_t node = values.empty() ? call.node : values.front().node;
      call.arguments.push_back({.name = key, .node = node, .values = values});
    }
  }
  call.open = call.open || !known;
}

void PythonProgram::arguments(Node node, PythonCall& call) {
  for (Node at = tree_.next(tree_.first(node)); at != 0; at = tree_.next(at)) {
    switch (tree_[at].kind) {
      case NodeKind::Keyword:
        call.arguments.push_back(
            {.name = std::string(tree_[at].name), .node = at, .values = value(tree_.first(at))});
        break;
      case NodeKind::DoubleStarred:
        add_items(value(tree_.first(at)), call);
        break;
      case NodeKind::Starred:
        value(tree_.first(at));
        call.open = true;
        break;
      default:
        call.arguments.push_back({.name = {}, .node = at, .values = value(at)});
        break;
    }
  }
}

// A context that is given to a server, or wraps a listening socket, asks nobody for certificates.
void PythonProgram::note_server(const PythonCall& call, const PythonValues& owners) {
  bool serves = std::ranges::any_of(
      call.paths, [&](const std::string& path) { return fits_any(knowledge_.servers, path); });
  serves = serves || fits_any(knowledge_.servers, "?." + std::string(call.method));
  const PythonArgument* side = argument(call, "server_side", 1);
  const bool wraps = call.method == "wrap_socket" && side != nullptr && side->values.size() == 1 &&
                     side->values.front().text == "True";
  const auto note = [&](const PythonValues& values) {
    for (const PythonValue& value : values) {
      if (value.kind == PythonValueKind::Instance && value.object) {
        server_contexts_.insert(value.object->made);
      }
    }
  };
  if (wraps) {
    note(owners);
  }
  for (const PythonArgument& one : call.arguments) {
    if (serves) {
      note(one.values);
    }
  }
}

PythonValues PythonProgram::method_of_mapping(const PythonCall& call, const PythonValue& mapping) {
  if (call.method == "update") {
    for (const PythonArgument& one : call.arguments) {
      if (!one.name.empty()) {
        mapping.object->entries[one.name] = one.values;
        continue;
      }
      copy_entries(one.values, *mapping.object);
    }
    return {};
  }
  if (call.method == "copy") {
    PythonValue copy = mapping;
    copy.object = new_object();
    *copy.object = *mapping.object;
    return {std::move(copy)};
  }
  const std::string key = constant_text(call, "", 0);
  return key.empty() ? PythonValues{} : keyed(call, *mapping.object, key);
}

PythonValues PythonProgram::keyed(const PythonCall& call, PythonObject& mapping,
                                  const std::string& key) {
  PythonValues given = call.arguments.size() > 1 ? call.arguments[1].values : PythonValues{};
  const auto at = mapping.entries.find(key);
  const bool there = at != mapping.entries.end();
  if (call.method == "setdefault") {
    return there ? at->second : (mapping.entries[key] = given);
  }
  if (call.method != "get" && call.method != "pop") {
    return {};
  }
  if (!there) {
    return given;
  }
  PythonValues values = at->second;
  if (call.method == "pop") {
    mapping.entries.erase(at);
  }
  return values;
}

PythonValues PythonProgram::result(const PythonCall& call, const PythonValues& callee) {
  PythonValues all;
  for (const PythonValue& one : callee) {
    if (one.kind == PythonValueKind::Path || one.kind == PythonValueKind::Partial) {
      merge(all, result_of_path(call, one.text));
    }
  }
  return all;
}

PythonValues PythonProgram::made(const PythonCall& call, const std::string& class_path) {
  PythonValue value{.kind = PythonValueKind::Instance,
                    .text = class_path,
                    .node = call.node,
                    .object = new_object()};
  value.object->made = call.node;
  if (const auto at = classes_.find(class_path); at != classes_.end()) {
    value.object->entries = at->second.object->entries;
  }
  return class_path == "ssl.SSLContext" ? context_made(call, std::move(value))
                                        : PythonValues{std::move(value)};
}

// Python's ssl: SSLContext verifies nothing by itself unless it is made for clients (3.6 on).
PythonValues PythonProgram::context_made(const PythonCall& call, PythonValue value) {
  const auto mentions = [&](std::string_view part) {
    return std::ranges::any_of(call.arguments, [&](const PythonArgument& one) {
      return std::ranges::any_of(one.values, [&](const PythonValue& given) {
        return given.text.find(part) != std::string::npos;
      });
    });
  };
  const bool plain = std::ranges::find(call.paths, "ssl.SSLContext") != call.paths.end();
  if (mentions("PROTOCOL_TLS_SERVER") || mentions("CLIENT_AUTH")) {
    value.object->mark = "server";
  } else if (plain && !mentions("PROTOCOL_TLS_CLIENT") &&
             (call.arguments.empty() || mentions("PROTOCOL_"))) {
    value.object->mark = "unverified";
  }
  if (server_contexts_.contains(call.node)) {
    value.object->mark = "server";
  }
  return {std::move(value)};
}

PythonValues PythonProgram::partial(const PythonCall& call) {
  if (call.arguments.empty()) {
    return {};
  }
  PythonCall bound = call;
  bound.partial = true;
  bound.paths.clear();
  bound.functions.clear();
  bound.receiver = 0;
  bound.method = {};
  const PythonArgument first = bound.arguments.front();
  bound.arguments.erase(bound.arguments.begin());
  if (tree_[first.node].kind == NodeKind::Attribute) {
    bound.receiver = tree_.first(first.node);
    bound.method = tree_[first.node].name;
  }
  PythonValues values;
  for (const PythonValue& one : first.values) {
    if (one.kind == PythonValueKind::Path || one.kind == PythonValueKind::Partial) {
      bound.paths.push_back(one.text);
      if (const auto at = function_by_path_.find(one.text); at != function_by_path_.end()) {
        bound.functions.push_back(at->second);
      }
      values.push_back({.kind = PythonValueKind::Partial,
                        .text = one.text,
                        .node = call.node,
                        .object = nullptr});
    }
  }
  bound.receiver_known = !bound.paths.empty();
  watcher_.on_call(*this, bound);
  return values;
}

void PythonProgram::setattr(const PythonCall& call) {
  const std::string name = constant_text(call, "", 1);
  if (name.empty() || call.arguments.size() < 3) {
    return;
  }
  PythonStore store{.node = call.node, .target = call.node, .value = call.arguments[2].node};
  store.receiver = call.arguments[0].node;
  store.values = call.arguments[2].values;
  for (const PythonValue& owner : call.arguments[0].values) {
    if (owner.kind == PythonValueKind::Path) {
      store.paths.push_back(canonical(owner.text + "." + name));
    } else if (owner.kind == PythonValueKind::Instance) {
      add_paths(owner.text, name, store.paths);
      owner.object->entries[name] = store.values;
    }
    store.receiver_known = true;
  }
  watcher_.on_store(*this, store);
}

PythonValues PythonProgram::new_mapping(const PythonCall& call) {
  PythonValue value{
      .kind = PythonValueKind::Mapping, .text = {}, .node = call.node, .object = new_object()};
  for (const PythonArgument& one : call.arguments) {
    if (one.name.empty()) {
      copy_entries(one.values, *value.object);
    } else {
      value.object->entries[one.name] = one.values;
    }
  }
  return {std::move(value)};
}

PythonValues PythonProgram::getattr(const PythonCall& call) {
  PythonValues values;
  const std::string name = constant_text(call, "", 1);
  if (!name.empty()) {
    for (const PythonValue& object : call.arguments.front().values) {
      merge(values, attribute_of(object, name, call.node));
    }
  }
  return values.empty() && call.arguments.size() > 2 ? call.arguments[2].values : values;
}

PythonValues PythonProgram::bases_of_self(const PythonCall& call) {
  PythonValues bases;
  if (const auto at = classes_.find(scope_->self_class); at != classes_.end()) {
    for (const std::string& base : at->second.bases) {
      bases.push_back({.kind = PythonValueKind::Instance,
                       .text = base,
                       .node = call.node,
                       .object = at->second.object});
    }
  }
  return bases;
}

PythonValues PythonProgram::builtin(const PythonCall& call, const std::string& path, bool& known) {
  known = true;
  if (path == "functools.partial") {
    return partial(call);
  }
  if (path == "dict") {
    return new_mapping(call);
  }
  if (path == "setattr") {
    setattr(call);
    return {};
  }
  if (path == "getattr") {
    return getattr(call);
  }
  if (path == "bool") {
    return call.arguments.empty() ? PythonValues{} : call.arguments.front().values;
  }
  if (path == "super") {
    return bases_of_self(call);
  }
  known = false;
  return {};
}

PythonValues PythonProgram::result_of_path(const PythonCall& call, const std::string& path) {
  bool known = false;
  PythonValues values = builtin(call, path, known);
  if (known) {
    return values;
  }
  if (classes_.contains(path)) {
    return made(call, path);
  }
  if (const auto at = function_by_path_.find(path); at != function_by_path_.end()) {
    return functions_[at->second].returns;
  }
  if (const auto at = knowledge_.returns.find(path); at != knowledge_.returns.end()) {
    return made(call, at->second);
  }
  if (!path.starts_with(':') && starts_upper(path)) {
    return made(call, path);
  }
  return {};
}

}  // namespace medic::audit
