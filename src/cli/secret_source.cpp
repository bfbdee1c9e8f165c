#include "cli/secret_source.h"

#include <fmt/core.h>
#include <sys/resource.h>

#include <fstream>

#include "base/files.h"

namespace medic::cli {
namespace {

constexpr std::size_t kMaxSecretBytes = 16384;  // more than servers take in all headers together

// core(5): no core file; and where a program takes the dumps instead of a file, one without memory.
void leave_no_dump() {
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  static_cast<void>(setrlimit(RLIMIT_CORE, &none));
  std::ofstream("/proc/self/coredump_filter") << "0";
}

}  // namespace

Result<target::Secret> secret_from(const std::string& source, Io& io) {
  leave_no_dump();
  const std::size_t colon = source.find(':');
  const std::string kind = source.substr(0, colon);
  const std::string place = colon == std::string::npos ? "" : source.substr(colon + 1);
  std::string text;
  if (kind == "env" && !place.empty()) {
    const auto at = io.environment.find(place);
    if (at == io.environment.end() || at->second.empty()) {
      return fail(ErrorKind::Usage, fmt::format("the variable {} is not set", escaped(place)),
                  "the request would go without its credentials", {});
    }
    text = at->second;
    target::wipe(at->second);
  } else if (kind == "file" && !place.empty()) {
    MEDIC_TRY(text, read_text_file(place, kMaxSecretBytes));
  } else {
    // It may be the secret itself: it is not repeated.
    return fail(ErrorKind::Usage, "credentials are given as env:NAME or file:PATH",
                "what stands on a command line can be read by every process of this machine",
                "tlsmedic request GET URL --bearer env:API_TOKEN");
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
    text.pop_back();
  }
  return target::Secret(std::move(text));
}

}  // namespace medic::cli
