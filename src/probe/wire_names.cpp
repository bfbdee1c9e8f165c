#include "probe/wire_names.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace medic::probe {
namespace {

constexpr std::array kGroups{
    GroupName{19, "secp192r1", 192},
    GroupName{21, "secp224r1", 224},
    GroupName{22, "secp256k1", 256},
    GroupName{23, "P-256", 256},
    GroupName{24, "P-384", 384},
    GroupName{25, "P-521", 521},
    GroupName{26, "brainpoolP256r1", 256},
    GroupName{27, "brainpoolP384r1", 384},
    GroupName{28, "brainpoolP512r1", 512},
    GroupName{29, "x25519", 253},
    GroupName{30, "x448", 448},
    GroupName{256, "ffdhe2048", 2048},
    GroupName{257, "ffdhe3072", 3072},
    GroupName{258, "ffdhe4096", 4096},
    GroupName{259, "ffdhe6144", 6144},
    GroupName{260, "ffdhe8192", 8192},
    GroupName{4587, "SecP256r1MLKEM768", 0},
    GroupName{4588, "X25519MLKEM768", 0},
};

struct SchemeName {
  std::uint16_t id = 0;
  const char* name = "";
};

constexpr std::array kSchemes{
    SchemeName{0x0101, "rsa_pkcs1_md5"},
    SchemeName{0x0201, "rsa_pkcs1_sha1"},
    SchemeName{0x0202, "dsa_sha1"},
    SchemeName{0x0203, "ecdsa_sha1"},
    SchemeName{0x0301, "rsa_pkcs1_sha224"},
    SchemeName{0x0302, "dsa_sha224"},
    SchemeName{0x0303, "ecdsa_sha224"},
    SchemeName{0x0401, "rsa_pkcs1_sha256"},
    SchemeName{0x0402, "dsa_sha256"},
    SchemeName{0x0403, "ecdsa_secp256r1_sha256"},
    SchemeName{0x0501, "rsa_pkcs1_sha384"},
    SchemeName{0x0502, "dsa_sha384"},
    SchemeName{0x0503, "ecdsa_secp384r1_sha384"},
    SchemeName{0x0601, "rsa_pkcs1_sha512"},
    SchemeName{0x0602, "dsa_sha512"},
    SchemeName{0x0603, "ecdsa_secp521r1_sha512"},
    SchemeName{0x0804, "rsa_pss_rsae_sha256"},
    SchemeName{0x0805, "rsa_pss_rsae_sha384"},
    SchemeName{0x0806, "rsa_pss_rsae_sha512"},
    SchemeName{0x0807, "ed25519"},
    SchemeName{0x0808, "ed448"},
    SchemeName{0x0809, "rsa_pss_pss_sha256"},
    SchemeName{0x080A, "rsa_pss_pss_sha384"},
    SchemeName{0x080B, "rsa_pss_pss_sha512"},
};

const GroupName* find_group(std::uint16_t id) {
  const auto* const found =
      std::find_if(kGroups.begin(), kGroups.end(), [id](const GroupName& g) { return g.id == id; });
  return found == kGroups.end() ? nullptr : found;
}

}  // namespace

std::string group_name(std::uint16_t id) {
  const GroupName* const group = find_group(id);
  return group == nullptr ? fmt::format("group-0x{:04x}", id) : group->name;
}

std::uint32_t group_bits(std::uint16_t id) {
  const GroupName* const group = find_group(id);
  return group == nullptr ? 0 : group->bits;
}

bool is_known_group(std::uint16_t id) {
  return find_group(id) != nullptr;
}

std::string signature_scheme_name(std::uint16_t id) {
  const auto* const found = std::find_if(kSchemes.begin(), kSchemes.end(),
                                         [id](const SchemeName& s) { return s.id == id; });
  return found == kSchemes.end() ? fmt::format("sigalg-0x{:04x}", id) : found->name;
}

}  // namespace medic::probe
