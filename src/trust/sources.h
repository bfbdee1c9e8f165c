#pragma once

// The kinds of stores behind anchors.h. Internal to trust/.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "trust/anchors.h"

namespace medic::trust {

// A PEM bundle: blocks are found and indexed by subject at once, decoded and parsed when asked for.
AnchorSetPtr open_bundle(std::string id, std::string path, std::string text);
// A directory of "<subject hash>.<n>" links, as OpenSSL's rehash makes it: a file is read when its
// subject is asked for.
AnchorSetPtr open_hashed_directory(std::string id, std::string path,
                                   std::vector<std::string> names);
// Every certificate file of a directory, read at once.
AnchorSetPtr read_plain_directory(std::string id, std::string path,
                                  const std::vector<std::string>& names);
// Whichever of the two it is, by the names in it.
Result<AnchorSetPtr> open_directory(std::string id, const std::string& path);
Result<AnchorSetPtr> open_file(std::string id, const std::string& path);

// Anchors already read, with problems met on the way.
AnchorSetPtr make_listed_set(std::string id, std::string description, std::vector<Anchor> anchors,
                             std::vector<std::string> problems);

// "the same certificate as line 12" for every repetition.
void report_duplicates(const std::vector<Anchor>& anchors, std::vector<std::string>& problems);
std::string where(const Anchor& anchor);

}  // namespace medic::trust
