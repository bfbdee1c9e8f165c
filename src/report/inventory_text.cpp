#include "report/inventory_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "report/inventory_json.h"

namespace medic::report {
namespace {

using clients::Client;
using clients::Inventory;
using clients::Problem;

constexpr std::size_t kColumns = 5;
using Row = std::array<std::string, kColumns>;

class Page {
 public:
  Page(const Inventory& inventory, const InventoryStyle& style)
      : inventory_(inventory),
        style_(style),
        width_(static_cast<std::size_t>(std::max(style.width, 40))) {}

  std::string table() {
    if (inventory_.clients.empty()) {
      line(say("inventory.none"));
    } else {
      clients_table();
    }
    problems();
    return std::move(out_);
  }

  std::string tree() {
    for (const clients::StoreRecord& store : inventory_.stores) {
      if (store.used_by.empty()) {
        continue;
      }
      const std::string state =
          store.trouble.empty()
              ? say("inventory.roots", {{"count", fmt::format("{}", store.count)}})
              : say(fmt::format("clients.trouble-{}", store.trouble));
      line(fmt::format("{}  {}", painted(escaped(store.id), Paint::Bold, style_.color), state));
      for (const std::string& user : store.used_by) {
        line(escaped(user), 4);
      }
    }
    if (out_.empty()) {
      line(say("inventory.none"));
    }
    problems();
    return std::move(out_);
  }

  std::string trace(const Client& client) {
    line(fmt::format("{}  {}", painted(escaped(client.id), Paint::Bold, style_.color),
                     escaped(client.path)));
    line(verdict_of(client), 2);
    if (!client.policy.empty()) {
      line(say(client.policy), 2);
    }
    std::size_t number = 0;
    for (const clients::Rule& rule : client.trust.trace) {
      const bool won =
          rule.outcome == clients::Outcome::Won || rule.outcome == clients::Outcome::Added;
      const std::string sentence = rule_sentence(rule, style_.language);
      line(fmt::format("{}. {}", ++number,
                       won ? painted(sentence, Paint::Green, style_.color) : sentence),
           4);
    }
    for (const Problem& problem : client.problems) {
      problem_line(problem);
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string say(std::string_view key, const text::Facts& facts = {}) const {
    return text::message(style_.language, key, facts);
  }
  void line(std::string_view text, std::size_t indent = 0) {
    out_ += std::string(indent, ' ') + wrapped(text, width_ - indent, indent) + '\n';
  }

  [[nodiscard]] std::string verdict_of(const Client& client) const {
    if (!client.trust.verifies) {
      return say("inventory.verifies-nothing");
    }
    if (!client.trust.unknown.empty()) {
      return say(client.trust.unknown);
    }
    if (client.trust.parts.empty()) {
      return say("inventory.trusts-nothing");
    }
    return say("inventory.trusts",
               {{"store", escaped(client.trust.store)},
                {"rule", escaped(client.trust.rule)},
                {"count", client.trust.anchors ? fmt::format("{}", *client.trust.anchors) : "?"}});
  }

  [[nodiscard]] Row row_of(const Client& client) const {
    const std::string store =
        client.trust.parts.empty() || !client.trust.verifies
            ? verdict_of(client)
            : fmt::format("{} ({})", escaped(client.trust.store), escaped(client.trust.rule));
    return {escaped(client.id), escaped(client.version, 24), escaped(client.tls_library, 32),
            client.trust.anchors && client.trust.verifies ? fmt::format("{}", *client.trust.anchors)
                                                          : std::string("-"),
            store};
  }

  void clients_table() {
    std::vector<Row> rows = {{say("inventory.column-client"), say("inventory.column-version"),
                              say("inventory.column-library"), say("inventory.column-roots"),
                              say("inventory.column-trust")}};
    for (const Client& client : inventory_.clients) {
      rows.push_back(row_of(client));
    }
    std::array<std::size_t, kColumns> widths{};
    for (const Row& row : rows) {
      for (std::size_t i = 0; i + 1 < kColumns; ++i) {
        widths.at(i) = std::max(widths.at(i), display_width(row.at(i)));
      }
    }
    bool heading = true;
    for (const Row& row : rows) {
      std::string text;
      for (std::size_t i = 0; i + 1 < kColumns; ++i) {
        text += padded(row.at(i), widths.at(i)) + "  ";
      }
      text += row.back();
      out_ += heading ? painted(text, Paint::Dim, style_.color) : text;
      out_ += '\n';
      heading = false;
    }
  }

  void problem_line(const Problem& problem) {
    line(fmt::format("{}  {}", painted(problem.cause, Paint::Red, style_.color),
                     problem_sentence(problem, style_.language)),
         2);
  }

  void problems() {
    const auto section = [this](const std::string& name, const std::vector<Problem>& problems) {
      if (problems.empty()) {
        return;
      }
      out_ += '\n';
      line(painted(name, Paint::Bold, style_.color));
      for (const Problem& problem : problems) {
        problem_line(problem);
      }
    };
    section(say("inventory.this-system"), inventory_.problems);
    for (const Client& client : inventory_.clients) {
      section(escaped(client.id), client.problems);
    }
    for (const clients::StoreRecord& store : inventory_.stores) {
      section(escaped(store.id), store.problems);
    }
    for (const clients::VariableRecord& variable : inventory_.environment) {
      section(variable.name, variable.problems);
    }
  }

  const Inventory& inventory_;
  const InventoryStyle& style_;
  std::size_t width_;
  std::string out_;
};

}  // namespace

std::string inventory_text(const Inventory& inventory, const InventoryStyle& style) {
  return style.tree ? Page(inventory, style).tree() : Page(inventory, style).table();
}

std::string trust_trace_text(const Client& client, const InventoryStyle& style) {
  const Inventory none;
  return Page(none, style).trace(client);
}

}  // namespace medic::report
