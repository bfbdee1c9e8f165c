// Configuration files of others. The first octet chooses the reader.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"
#include "settings/readers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace medic::settings;  // NOLINT(google-build-using-namespace): a table of its readers
  using Reader = Document (*)(std::string_view, std::string_view);
  constexpr std::array<Reader, 21> kReaders = {read_configparser,
                                               read_git_config,
                                               read_ini,
                                               read_unit,
                                               read_npmrc,
                                               read_yarnrc,
                                               read_curlrc,
                                               read_wgetrc,
                                               read_toml,
                                               read_yaml,
                                               read_json,
                                               read_plist,
                                               read_registry,
                                               read_etc_environment,
                                               read_pam_environment,
                                               read_environment_d,
                                               read_posix_shell,
                                               read_fish,
                                               read_csh,
                                               read_powershell,
                                               read_batch};
  if (size == 0) {
    return 0;
  }
  const std::string_view text = medic::as_text({data + 1, size - 1});
  const Document document = kReaders[data[0] % kReaders.size()]("f", text);
  for (const Entry& entry : document.entries) {
    MEDIC_CHECK(entry.line >= 0);
    MEDIC_CHECK(entry.kind != ValueKind::Unset || entry.value.empty());
  }
  for (const Include& include : document.includes) {
    MEDIC_CHECK(include.before <= document.entries.size());
  }
  return 0;
}
