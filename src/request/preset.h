#pragma once

// API hosts that people use, as data (data/presets): what to call, what the answers mean, and what
// is peculiar about their trust.

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.h"
#include "base/error.h"
#include "text/language.h"

namespace medic::request {

struct Sentence {
  std::string en;
  std::string ko;
  [[nodiscard]] const std::string& in(text::Language language) const {
    return language == text::Language::Korean ? ko : en;
  }
};

struct PresetAnswer {
  std::vector<int> status;
  std::string contains;  // empty: whatever the body is
  bool healthy = false;
  Sentence means;
};

struct Preset {
  std::string id;
  std::string method;
  std::string url;                   // with {parameters}
  std::vector<std::string> headers;  // "Name: value"
  std::string body;
  struct Parameter {
    std::string example;
    Sentence means;
  };
  std::map<std::string, Parameter, std::less<>> parameters;
  Sentence title;
  Sentence use;
  Sentence trust;
  std::vector<PresetAnswer> answers;  // the first that fits says what it means
  std::vector<std::string> sources;
};

// Every problem of every file is in the one Error.
Result<std::vector<Preset>> parse_presets(std::span<const EmbeddedFile> files);
// Embedded; a broken one is our bug, which a test finds.
const std::vector<Preset>& all_presets();
// An unknown id is an Error of kind Usage that names those there are.
Result<const Preset*> find_preset(std::string_view id);

// The URL with every {parameter} filled from "name=value" words. A value may not change the host
// that the preset means: no slash, no @.
Result<std::string> filled_url(const Preset& preset, std::span<const std::string> values);

// What this answer means; null: the preset does not know it.
const PresetAnswer* meaning(const Preset& preset, int status, std::string_view body);

std::span<const EmbeddedFile> preset_files();

}  // namespace medic::request
