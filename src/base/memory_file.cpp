#include "base/memory_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace medic {
namespace {

std::unexpected<Error> not_made(int error) {
  return fail(ErrorKind::Io, fmt::format("cannot make a file in memory: {}",
                                         std::generic_category().message(error)));
}

}  // namespace

Result<MemoryFile> MemoryFile::make(std::string_view bytes) {
  Descriptor file(::memfd_create("tlsmedic", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!file.open()) {
    return not_made(errno);
  }
  while (!bytes.empty()) {
    const ssize_t n = ::write(file.number(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      return not_made(errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  constexpr int kSeals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
  if (::fcntl(file.number(), F_ADD_SEALS, kSeals) != 0) {
    return not_made(errno);
  }
  std::string path = fmt::format("/proc/{}/fd/{}", ::getpid(), file.number());
  if (::access(path.c_str(), R_OK) != 0) {
    return not_made(errno);  // no /proc here
  }
  return MemoryFile(std::move(file), std::move(path));
}

}  // namespace medic
