#include "catalogue/check.h"

#include <fmt/core.h>

#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/embedded.h"
#include "catalogue/cause.h"
#include "catalogue/loader.h"
#include "catalogue/vendors.h"

namespace medic::catalogue {
namespace {

using Ids = std::set<std::string, std::less<>>;

struct Everything {
  std::vector<std::pair<std::string_view, Cause>> causes;  // with the path of the file
  std::vector<std::pair<std::string_view, Remedy>> remedies;
  Ids cause_ids;
  Ids remedy_ids;
  Ids symptom_ids;
  std::vector<Term> client_products;
  Ids product_ids;
};

void add_terms(const EmbeddedFile& file, const std::vector<Term>& terms, Ids& ids,
               Problems& problems) {
  for (const Term& term : terms) {
    ids.insert(term.id);
  }
  for (const Term& term : terms) {
    if (!term.parent.empty() && !ids.contains(term.parent)) {
      problems.push_back(
          fmt::format("{}: {}: parent: no entry '{}'", file.path, term.id, term.parent));
    }
  }
}

Everything read_all(std::span<const EmbeddedFile> files, Problems& problems) {
  Everything all;
  for (const EmbeddedFile& file : files) {
    if (file.path.starts_with("data/causes/")) {
      all.causes.emplace_back(file.path, parse_cause(file, problems));
      all.cause_ids.insert(all.causes.back().second.id);
    } else if (file.path.starts_with("data/remedies/")) {
      all.remedies.emplace_back(file.path, parse_remedy(file, problems));
      all.remedy_ids.insert(all.remedies.back().second.id);
    } else if (file.path == "data/vocabulary/symptoms.toml") {
      add_terms(file, parse_terms(file, problems), all.symptom_ids, problems);
    } else if (file.path == "data/vocabulary/products.toml") {
      add_terms(file, parse_products(file, problems), all.product_ids, problems);
    } else if (file.path == "data/vocabulary/client_products.toml") {
      all.client_products = parse_products(file, problems);
    } else if (file.path == "data/vocabulary/faults.toml") {
      Ids faults;
      add_terms(file, parse_terms(file, problems), faults, problems);
    } else if (file.path.starts_with("data/vendors/")) {
      parse_vendors(file, problems);
    }
  }
  return all;
}

void check_named(std::string_view path, std::string_view key, const std::string& id,
                 const Ids& known, Problems& problems) {
  if (!known.contains(id)) {
    problems.push_back(fmt::format("{}: {}: no entry '{}'", path, key, id));
  }
}

void check_parent(std::string_view path, const Cause& cause, const Everything& all,
                  Problems& problems) {
  for (const auto& [other_path, other] : all.causes) {
    if (other.id == cause.parent && !other.parent.empty()) {
      problems.push_back(
          fmt::format("{}: parent: '{}' has a parent itself, expected an id of the vocabulary",
                      path, other.id));
    }
  }
  check_named(path, "parent", cause.parent, all.cause_ids, problems);
}

}  // namespace

std::vector<std::string> catalogue_problems(std::span<const EmbeddedFile> files) {
  Problems problems;
  const Everything all = read_all(files, problems);
  for (const auto& [path, cause] : all.causes) {
    for (const std::string& remedy : cause.remedies) {
      check_named(path, "remedies", remedy, all.remedy_ids, problems);
    }
    for (const std::string& symptom : cause.symptoms) {
      check_named(path, "symptoms", symptom, all.symptom_ids, problems);
    }
    if (!cause.parent.empty()) {
      check_parent(path, cause, all, problems);
    }
  }
  for (const auto& [path, remedy] : all.remedies) {
    for (const HowTo& how : remedy.how) {
      check_named(path, "product", how.product, all.product_ids, problems);
    }
  }
  for (const Term& client : all.client_products) {
    check_named("data/vocabulary/client_products.toml", client.id, client.english, all.product_ids,
                problems);
  }
  return problems;
}

}  // namespace medic::catalogue
