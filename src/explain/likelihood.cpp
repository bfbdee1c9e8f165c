#include "explain/likelihood.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/toml.h"
#include "explain/hosts.h"
#include "explain/squeezed.h"

namespace medic::explain {
namespace {

bool listed(const std::vector<std::string>& list, std::string_view value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

double number(const TomlValue& value) {
  return value.kind == TomlValue::Kind::Integer ? static_cast<double>(value.integer) : value.real;
}

bool is_number(const TomlValue& value) {
  return value.kind == TomlValue::Kind::Integer || value.kind == TomlValue::Kind::Float;
}

using Factors = std::map<std::string, double, std::less<>>;

Factors parsed_factors(const TomlTable& shift, std::string_view key) {
  Factors factors;
  const TomlTable* table = shift.table(key);
  if (table == nullptr) {
    return factors;
  }
  for (const std::string& cause : table->keys()) {
    const TomlValue* value = table->value(cause);
    if (value == nullptr || !is_number(*value) || number(*value) < 0) {
      table->report(cause, "expected a number that is not negative");
      continue;
    }
    factors[cause] = number(*value);
  }
  return factors;
}

Condition parsed_condition(const TomlTable& table) {
  Condition when;
  when.clients = table.optional_strings("clients");
  when.libraries = table.optional_strings("libraries");
  when.hosts = table.optional_strings("hosts");
  when.systems = table.optional_strings("systems");
  when.words = table.optional_strings("words");
  for (std::string& word : when.words) {
    word = squeezed_literal(word);
  }
  when.server_side = table.optional_boolean("server_side");
  constexpr std::array<std::string_view, 5> kHosts = {"loopback", "private", "address", "large",
                                                      "public"};
  for (const std::string& host : when.hosts) {
    if (std::find(kHosts.begin(), kHosts.end(), host) == kHosts.end()) {
      table.report("hosts", "expected loopback, private, address, large or public");
    }
  }
  constexpr std::array<std::string_view, 3> kSystems = {"windows", "macos", "linux"};
  for (const std::string& system : when.systems) {
    if (std::find(kSystems.begin(), kSystems.end(), system) == kSystems.end()) {
      table.report("systems", "expected windows, macos or linux");
    }
  }
  return when;
}

bool ends_with_label(std::string_view host, std::string_view suffix) {
  return host == suffix || (host.size() > suffix.size() && host.ends_with(suffix) &&
                            host[host.size() - suffix.size() - 1] == '.');
}

// RFC 1918, RFC 4193, RFC 3927 and RFC 6598.
bool is_private_address(std::string_view host) {
  const auto second = [&](std::size_t skip) {
    int value = 0;
    for (std::size_t i = skip; i < host.size() && host[i] >= '0' && host[i] <= '9' && i < skip + 3;
         ++i) {
      value = value * 10 + (host[i] - '0');
    }
    return value;
  };
  if (host.starts_with("10.") || host.starts_with("192.168.") || host.starts_with("169.254.") ||
      host.starts_with("fd") || host.starts_with("fe80:")) {
    return true;
  }
  return (host.starts_with("172.") && second(4) >= 16 && second(4) <= 31) ||
         (host.starts_with("100.") && second(4) >= 64 && second(4) <= 127);
}

bool is_address(std::string_view host) {
  return host.find(':') != std::string_view::npos ||
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

void apply(const Shift& shift, std::vector<CauseWeight>& causes) {
  for (const auto& [cause, weight] : shift.added) {
    const std::string& id = cause;
    if (std::none_of(causes.begin(), causes.end(),
                     [&](const CauseWeight& known) { return known.cause == id; })) {
      causes.push_back({.cause = cause, .weight = weight, .certain = false});
    }
  }
  for (CauseWeight& cause : causes) {
    const auto factor = shift.times.find(cause.cause);
    cause.weight *= factor == shift.times.end() ? 1 : factor->second;
  }
}

}  // namespace

bool Condition::holds(const Surroundings& around) const {
  if (!listed(clients, around.client) || !listed(libraries, around.library) ||
      !listed(hosts, host_class(around.host)) || !listed(systems, around.system)) {
    return false;
  }
  if (server_side && *server_side != around.server_side) {
    return false;
  }
  return words.empty() || std::any_of(words.begin(), words.end(), [&](const std::string& word) {
           return around.text.find(word) != std::string_view::npos;
         });
}

std::string_view host_class(std::string_view host) {
  if (host.empty()) {
    return "";
  }
  if (host == "localhost" || ends_with_label(host, "localhost") || host.starts_with("127.") ||
      host == "::1" || host == "0.0.0.0") {
    return "loopback";
  }
  if (is_address(host)) {
    return is_private_address(host) ? "private" : "address";
  }
  const auto in = [&](const std::vector<std::string>& list) {
    return std::any_of(list.begin(), list.end(),
                       [&](std::string_view suffix) { return ends_with_label(host, suffix); });
  };
  if (host.find('.') == std::string_view::npos || in(known_hosts().inside)) {
    return "private";
  }
  return in(known_hosts().large) ? "large" : "public";
}

std::vector<Likely> likelihoods(const std::vector<CauseWeight>& weights,
                                const std::vector<const Shift*>& shifts,
                                const Surroundings& around) {
  std::vector<CauseWeight> all = weights;
  for (const Shift* shift : shifts) {
    if (shift->when.holds(around)) {
      apply(*shift, all);
    }
  }
  double sum = 0;
  for (const CauseWeight& cause : all) {
    sum += cause.weight;
  }
  std::vector<Likely> likely;
  for (const CauseWeight& cause : all) {
    const double share = sum > 0 ? cause.weight / sum : 0;
    if (share > 0) {
      likely.push_back({.cause = cause.cause,
                        .likelihood = cause.certain ? share : std::min(share, kNeverCertain),
                        .certain = cause.certain});
    }
  }
  std::stable_sort(likely.begin(), likely.end(),
                   [](const Likely& a, const Likely& b) { return a.likelihood > b.likelihood; });
  return likely;
}

std::vector<CauseWeight> parse_causes(const TomlTable& root) {
  std::vector<CauseWeight> causes;
  for (const TomlTable* table : root.tables("cause")) {
    CauseWeight cause{.cause = table->string("id"), .weight = 0, .certain = false};
    const TomlValue* weight = table->value("weight");
    if (weight == nullptr || !is_number(*weight) || number(*weight) <= 0) {
      table->report("weight", "expected a number above 0");
    } else {
      cause.weight = number(*weight);
    }
    cause.certain = table->optional_boolean("certain").value_or(false);
    causes.push_back(std::move(cause));
  }
  return causes;
}

std::vector<Shift> parse_shifts(const TomlTable& root) {
  std::vector<Shift> shifts;
  for (const TomlTable* table : root.tables("shift")) {
    Shift shift;
    if (const TomlTable* when = table->table("when")) {
      shift.when = parsed_condition(*when);
    } else {
      table->report("when", "expected a table of conditions");
    }
    shift.times = parsed_factors(*table, "times");
    shift.added = parsed_factors(*table, "add");
    if (shift.times.empty() && shift.added.empty()) {
      table->report("times", "expected causes with factors, in times or add");
    }
    if (table->string("because").empty()) {
      table->report("because", "expected why");
    }
    shifts.push_back(std::move(shift));
  }
  return shifts;
}

}  // namespace medic::explain
