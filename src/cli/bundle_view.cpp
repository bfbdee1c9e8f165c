#include "cli/bundle_view.h"

#include <fmt/core.h>

#include <filesystem>
#include <system_error>

#include "base/files.h"

namespace medic::cli {
namespace {

trust::Store listed(const trust::AnchorSet& anchors) {
  return {.format = anchors.id(), .anchors = anchors.all()};
}

}  // namespace

Result<trust::Store> read_store_at(const std::string& path, const Args& args, const Io& io) {
  std::error_code ignored;
  if (path == "system" || path == "mozilla" || std::filesystem::is_directory(path, ignored)) {
    MEDIC_TRY(const trust::AnchorSetPtr anchors, trust::open_anchors(path));
    trust::Store store = listed(*anchors);
    for (const std::string& problem : anchors->problems()) {
      store.report({.id = "directory-entry", .facts = {{"reason", escaped(problem)}}});
    }
    return store;
  }
  MEDIC_TRY(const Bytes bytes, read_file(path, trust::kMaxStoreBytes));
  trust::StoreOptions options;
  if (const std::string name = args.value("--password-variable"); !name.empty()) {
    options.password = std::string(variable(io.environment, name));
  }
  return trust::read_store(bytes, path, options);
}

std::string dating_text(const trust::Dating& dating, const Io& io) {
  const text::Facts facts = {{"edition", dating.edition},
                             {"count", std::to_string(dating.public_roots)},
                             {"missing", std::to_string(dating.missing)},
                             {"surplus", std::to_string(dating.surplus)},
                             {"local", std::to_string(dating.local.size())},
                             {"not_before", dating.not_before}};
  std::string text =
      io.message(fmt::format("bundle.dated_{}", trust::match_id(dating.match)), facts);
  if (dating.match != trust::Dating::Match::None && dating.newest_edition) {
    text += " " + io.message("bundle.dated_newest");
  }
  return text;
}

std::string problem_line(const trust::StoreProblem& problem, const Io& io) {
  const text::Facts facts(problem.facts.begin(), problem.facts.end());
  const std::string sentence = io.message("store." + problem.id, facts);
  return problem.place.empty() ? sentence : fmt::format("{}: {}", problem.place, sentence);
}

}  // namespace medic::cli
