#pragma once

// A store file as the commands that look at bundles show it.

#include <optional>
#include <string>

#include "cli/command.h"
#include "trust/dating.h"
#include "trust/store.h"

namespace medic::cli {

// Reads a store of any kind this program knows; a directory is read as a hashed one. "system" and
// "mozilla" name the stores that they name everywhere.
Result<trust::Store> read_store_at(const std::string& path, const Args& args, const Io& io);

// How old it is, by its content, in one or two sentences.
std::string dating_text(const trust::Dating& dating, const Io& io);

// "line 41: …" for one problem.
std::string problem_line(const trust::StoreProblem& problem, const Io& io);

}  // namespace medic::cli
