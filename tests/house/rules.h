#pragma once

// The rules of the house. Each looks at the whole tree and reports every problem it finds.

#include "tests/house/tree.h"

namespace medic::house {

// A module includes only modules it declares in its CMakeLists.txt, and those stand on lower
// floors.
Problems check_floors(const Tree& tree);
// Calls that no code of ours makes, each with its reason.
Problems check_banned_calls(const Tree& tree);
// Files stay readable: at most 600 lines; every header has #pragma once; no test of the operating
// system inside a source file (posix/, windows/ and macos/ files are chosen by the build).
Problems check_layout(const Tree& tree);
// No reminders, no paths of somebody's machine, no emoji, no escape sequences outside
// base/terminal.
Problems check_leftovers(const Tree& tree);
// A path of the project in a comment or in a document exists.
Problems check_paths_in_comments(const Tree& tree);
// Messages: the same keys and placeholders in both languages; each key that code names exists; each
// key that exists is named by code.
Problems check_messages(const Tree& tree);
// Registry entries are complete: a cause has its texts, its case and its pages; a fault its
// sentence and its case; a command its page; an experiment its sentence.
Problems check_registries(const Tree& tree);
// Links between documents lead somewhere; commands shown to the reader exist.
Problems check_documents(const Tree& tree);

}  // namespace medic::house
