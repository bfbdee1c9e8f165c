#pragma once

// A Python file followed from its imports to its calls without running it: names, attributes,
// wrappers, classes and their bases, dictionaries passed as **keywords, arguments of the file's own
// functions. What both branches of an `if` leave behind counts as possible. What the file alone
// does not tell stays unknown; nothing is guessed.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/python_tree.h"
#include "audit/python_value.h"

namespace medic::audit {

// Names under which libraries give the same thing, and what their factories give back; from
// data/audit/python.toml.
struct PythonKnowledge {
  std::map<std::string, std::string, std::less<>> aliases;  // prefix -> prefix
  std::map<std::string, std::string, std::less<>> returns;  // function -> class
  std::vector<std::string> servers;  // functions that take the context of a server
};

struct PythonFunction {
  std::uint32_t node = 0;
  std::string path;   // ":fetch", ":Client.fetch"
  std::string owner;  // the class; empty: none
  // Parameter -> what a rule does with it, by the rule's own number: a caller that passes a bad
  // value there switches verification off.
  std::map<std::string, std::set<std::size_t>, std::less<>> sinks;
  PythonValues returns;
};

struct PythonArgument {
  std::string name;        // empty: by position
  std::uint32_t node = 0;  // the argument; of an item of **kwargs: the call
  PythonValues values;
};

struct PythonCall {
  std::uint32_t node = 0;
  std::uint32_t callee = 0;
  std::vector<std::string> paths;  // what may be called: "requests.Session.get", and of its bases
  std::string_view method;         // the last name as written
  std::uint32_t receiver = 0;      // what it is called on; 0: nothing
  bool receiver_known = false;
  std::vector<PythonArgument> arguments;
  bool open = false;  // **keywords of unknown content: an argument that is not seen may be there
  std::vector<std::uint32_t> functions;  // of this file, by index
  bool partial = false;                  // the arguments are bound, the call comes later
};

struct PythonStore {
  std::uint32_t node = 0;  // the statement
  std::uint32_t target = 0;
  std::uint32_t value = 0;
  std::vector<std::string> paths;  // "requests.Session.verify"
  std::string_view attribute;
  std::uint32_t receiver = 0;
  bool receiver_known = false;
  bool server = false;  // of an SSLContext that serves
  PythonValues values;
};

class PythonProgram;

// What rules want to see. `last`: the pass whose findings count; the earlier ones learn what the
// file's own functions do with their parameters.
class PythonWatcher {
 public:
  virtual ~PythonWatcher() = default;
  virtual void on_call(PythonProgram& program, const PythonCall& call) = 0;
  virtual void on_store(PythonProgram& program, const PythonStore& store) = 0;
  // A known name used as a value or called.
  virtual void on_reference(PythonProgram& program, std::uint32_t node,
                            const std::string& path) = 0;
  virtual void on_try(PythonProgram& program, std::uint32_t node) = 0;
};

class PythonProgram {
 public:
  PythonProgram(const PythonTree& tree, const PythonKnowledge& knowledge, PythonWatcher& watcher);
  PythonProgram(const PythonProgram&) = delete;
  PythonProgram& operator=(const PythonProgram&) = delete;
  PythonProgram(PythonProgram&&) = delete;
  PythonProgram& operator=(PythonProgram&&) = delete;
  ~PythonProgram();

  void run();

  [[nodiscard]] const PythonTree& tree() const { return tree_; }
  [[nodiscard]] bool last_pass() const { return last_; }
  [[nodiscard]] const PythonFunction& function(std::uint32_t index) const {
    return functions_[index];
  }
  // The parameter's value reaches what rule number `sink` forbids.
  void add_sink(const PythonValue& parameter, std::size_t sink);
  // Whether the file imports a module of this name, or one below it.
  [[nodiscard]] bool imports(std::string_view module) const;

 private:
  using Node = std::uint32_t;
  struct Scope {
    std::map<std::string_view, PythonValues> names;
    std::shared_ptr<Scope> parent;
    std::string class_path;  // of a class body
    std::string self_class;  // of a method
    std::set<std::string_view> globals;
    std::uint32_t function = 0;  // index + 1; 0: none
  };
  using ScopePtr = std::shared_ptr<Scope>;
  struct Class {
    std::vector<std::string> bases;
    std::shared_ptr<PythonObject> object = std::make_shared<PythonObject>();  // class and self
  };
  struct Undo {
    Scope* scope = nullptr;
    std::string_view name;
    bool there = false;
    PythonValues old;
  };
  struct Pending {
    std::uint32_t function = 0;
    ScopePtr parent;
  };

  void pass();
  ScopePtr new_scope(ScopePtr parent);
  std::shared_ptr<PythonObject> new_object();
  // Statements
  void block(Node node);
  void statement(Node node);
  void import(Node node);
  void import_from(Node node);
  void bind(std::string_view name, PythonValues values);
  void branch(Node first, Node second);
  void loop(Node node);
  void attempt(Node node);
  void with(Node node);
  void assign(Node whole, Node target, Node given, const PythonValues& values);
  void assign_name(Node whole, Node target, Node given, const PythonValues& values);
  void assign_all(Node node);
  void give_back(Node node);
  void declare_global(Node node);
  void small_statement(Node node);
  void assign_attribute(Node whole, Node target, Node given, const PythonValues& values);
  void assign_item(Node whole, Node target, Node given, const PythonValues& values);
  void define_function(Node node);
  void define_class(Node node);
  void run_function(const Pending& pending);
  void bind_parameters(std::uint32_t index, Node parameters);
  // Branches
  std::size_t mark() const { return undo_.size(); }
  std::map<std::pair<Scope*, std::string_view>, PythonValues> take_back(std::size_t mark);
  void join(const std::map<std::pair<Scope*, std::string_view>, PythonValues>& changes);
  // Expressions
  PythonValues value(Node node);
  PythonValues evaluate(Node node);
  PythonValues name_value(Node node);
  PythonValues attribute(Node node);
  PythonValues attribute_of(const PythonValue& object, std::string_view name, Node node);
  PythonValues attribute_of_instance(const PythonValue& object, std::string_view name, Node node);
  [[nodiscard]] const PythonValues* class_attribute(const std::string& class_path,
                                                    std::string_view name) const;
  PythonValues item(Node node);
  PythonValues mapping(Node node);
  PythonValues negation(Node node);
  PythonValues boolean(Node node);
  void visit_children(Node node);
  void lambda(Node node);
  // Calls
  PythonValues call(Node node);
  void arguments(Node node, PythonCall& call);
  void add_items(const PythonValues& mapping, PythonCall& call);
  PythonValues result(const PythonCall& call, const PythonValues& callee);
  PythonValues result_of_path(const PythonCall& call, const std::string& path);
  PythonValues builtin(const PythonCall& call, const std::string& path, bool& known);
  PythonValues partial(const PythonCall& call);
  PythonValues method_of_mapping(const PythonCall& call, const PythonValue& mapping);
  PythonValues made(const PythonCall& call, const std::string& class_path);
  PythonValues context_made(const PythonCall& call, PythonValue value);
  void note_server(const PythonCall& call, const PythonValues& owners);
  void name_callees(PythonCall& call, const PythonValues& callee) const;
  PythonValues keyed(const PythonCall& call, PythonObject& mapping, const std::string& key);
  PythonValues new_mapping(const PythonCall& call);
  PythonValues getattr(const PythonCall& call);
  PythonValues bases_of_self(const PythonCall& call);
  void setattr(const PythonCall& call);
  // Names
  std::string canonical(std::string path) const;
  void add_paths(const std::string& class_path, std::string_view name,
                 std::vector<std::string>& paths, int depth = 0) const;
  PythonValues path_value(std::string path, Node node);
  [[nodiscard]] std::string scope_prefix() const;

  const PythonTree& tree_;
  const PythonKnowledge& knowledge_;
  PythonWatcher& watcher_;
  std::vector<PythonFunction> functions_;
  std::map<Node, std::uint32_t> function_of_;  // by its node
  std::map<std::string, std::uint32_t, std::less<>> function_by_path_;
  std::map<std::string, Class, std::less<>> classes_;
  std::set<std::string, std::less<>> imported_;
  std::set<Node> server_contexts_;  // the calls that made them
  ScopePtr scope_;
  ScopePtr module_;
  std::vector<std::shared_ptr<PythonObject>> objects_;  // all: they may hold each other
  std::vector<ScopePtr> scopes_;  // alive for the pass: the undo log points into them
  std::vector<Undo> undo_;
  std::vector<Pending> pending_;
  int branches_ = 0;
  int depth_ = 0;
  std::size_t work_ = 0;
  bool last_ = false;
  bool learned_ = false;  // a pass found something that a further pass would use
};

}  // namespace medic::audit
