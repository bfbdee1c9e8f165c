#pragma once

// Installed Python packages that were changed in place: RECORD holds the hash of every file that
// was installed (PEP 376), so an edit of requests/sessions.py or certifi/cacert.pem shows.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "audit/finding.h"

namespace medic::audit {

struct RecordLine {
  std::string path;
  std::string sha256;  // base64url without padding, as written
};

// Lines with a SHA-256; the others (RECORD itself, compiled files) have none.
std::vector<RecordLine> parse_record(std::string_view text);

// `record`: the RECORD file; `shown`: its directory's parent as findings name it, with a '/' behind
// it or empty.
void find_in_record(const std::filesystem::path& record, std::string_view shown,
                    std::vector<Finding>& findings);

}  // namespace medic::audit
