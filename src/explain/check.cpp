#include "explain/check.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.h"
#include "catalogue/cause.h"
#include "explain/client.h"
#include "explain/explain.h"
#include "explain/hosts.h"
#include "explain/library.h"
#include "explain/matcher.h"
#include "explain/signature.h"
#include "explain/squeezed.h"
#include "explain/symptom.h"
#include "explain/topic.h"

namespace medic::explain {
namespace {

bool listed(const std::vector<std::string>& ids, std::string_view id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

class Check {
 public:
  explicit Check(std::span<const EmbeddedFile> files) : files_(files) {}

  std::vector<std::string> run() {
    std::vector<EmbeddedFile> signature_files;
    for (const EmbeddedFile& file : files_) {
      if (file.path.starts_with("data/signatures/")) {
        signature_files.push_back(file);
        signatures_.push_back(parse_signature(file, problems_));
      } else if (file.path.starts_with("data/symptoms/")) {
        symptoms_.push_back(parse_symptom(file, problems_));
      } else if (file.path.starts_with("data/topics/")) {
        parse_topic(file, problems_);
      } else if (file.path == "data/explain/hosts.toml") {
        parse_hosts(file, problems_);
      } else if (file.path == "data/explain/libraries.toml") {
        parse_libraries(file, problems_);
      } else if (file.path == "data/explain/clients.toml") {
        for (const Client& client : parse_clients(file, problems_)) {
          clients_.push_back(client.id);
        }
      }
    }
    check_symptoms();
    for (const Signature& signature : signatures_) {
      check_ids(signature);
    }
    if (problems_.empty()) {
      check_examples(signature_files);
    }
    return problems_;
  }

 private:
  void add(std::string_view where, std::string_view what) {
    problems_.push_back(fmt::format("{}: {}", where, what));
  }

  void check_causes(std::string_view where, const std::vector<CauseWeight>& causes,
                    const std::vector<Shift>& shifts) {
    const auto check = [&](const std::string& cause) {
      if (catalogue::find_cause(cause) == nullptr) {
        add(where, fmt::format("'{}' is no cause of data/causes", cause));
      }
    };
    for (const CauseWeight& cause : causes) {
      check(cause.cause);
    }
    for (const Shift& shift : shifts) {
      for (const auto& [cause, factor] : shift.times) {
        check(cause);
      }
      for (const auto& [cause, weight] : shift.added) {
        check(cause);
      }
      for (const std::string& client : shift.when.clients) {
        check_client(where, client);
      }
    }
  }

  void check_client(std::string_view where, const std::string& client) {
    if (!client.empty() && !listed(clients_, client)) {
      add(where, fmt::format("'{}' is no client of data/explain/clients.toml", client));
    }
  }

  void check_symptoms() {
    const std::vector<std::string> known = catalogue::symptom_ids();
    for (const Symptom& symptom : symptoms_) {
      const std::string where = fmt::format("data/symptoms/{}.toml", symptom.id);
      if (!listed(known, symptom.id)) {
        add(where, "no such symptom in data/vocabulary/symptoms.toml");
      }
      check_causes(where, symptom.causes, symptom.shifts);
    }
  }

  void check_ids(const Signature& signature) {
    const std::string where = fmt::format("data/signatures/{}.toml", signature.id);
    const bool known = std::any_of(symptoms_.begin(), symptoms_.end(), [&](const Symptom& symptom) {
      return symptom.id == signature.symptom;
    });
    if (!signature.symptom.empty() && !known) {
      add(where, fmt::format("'{}' has no file in data/symptoms", signature.symptom));
    }
    check_client(where, signature.client);
    check_causes(where, signature.causes, signature.shifts);
  }

  void check_examples(const std::vector<EmbeddedFile>& signature_files) {
    Result<Matcher> matcher = Matcher::compiled(signature_files);
    if (!matcher) {
      add("data/signatures", matcher.error().what);
      return;
    }
    for (const Signature& signature : signatures_) {
      for (const Example& example : signature.match) {
        check_match(*matcher, signature, example);
      }
      for (const Example& example : signature.no_match) {
        if (hits_in(*matcher, signature, example.line)) {
          add(fmt::format("data/signatures/{}.toml", signature.id),
              fmt::format("matches its [[no_match]] line: {}", example.line));
        }
      }
    }
  }

  static bool hits_in(const Matcher& matcher, const Signature& signature, std::string_view line) {
    const auto hits = matcher.hits(squeezed(line));
    return hits && std::any_of(hits->begin(), hits->end(),
                               [&](const Hit& hit) { return hit.signature->id == signature.id; });
  }

  void check_match(const Matcher& matcher, const Signature& signature, const Example& example) {
    const std::string where = fmt::format("data/signatures/{}.toml", signature.id);
    if (!hits_in(matcher, signature, example.line)) {
      add(where, fmt::format("does not match its own line: {}", example.line));
      return;
    }
    const auto explanation = explain_text(matcher, example.line);
    const bool any = explanation && !explanation->failures.empty();
    const Failure first = any ? explanation->failures.front() : Failure{};
    const auto check = [&](std::string_view what, const std::optional<std::string>& expected,
                           const std::string& found) {
      if (expected && *expected != found) {
        add(where, fmt::format("{}: expected '{}', found '{}' ({}) in: {}", what, *expected, found,
                               first.signature, example.line));
      }
    };
    // The words of a symptom are the symptom of their own line, unless the example says otherwise.
    check("symptom",
          example.symptom || signature.symptom.empty() ? example.symptom : signature.symptom,
          first.symptom);
    check("client", example.client, first.client);
    check("library", example.library, first.library);
    check("host", example.host, first.host);
  }

  std::span<const EmbeddedFile> files_;
  std::vector<Signature> signatures_;
  std::vector<Symptom> symptoms_;
  std::vector<std::string> clients_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> data_problems(std::span<const EmbeddedFile> files) {
  return Check(files).run();
}

}  // namespace medic::explain
