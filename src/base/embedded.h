#pragma once

// A file that was compiled into the binary, byte for byte (cmake: medic_embed()).

#include "base/bytes.h"

namespace medic {

struct EmbeddedFile {
  std::string_view path;  // relative to the project, with '/': "data/causes/clock-skew.toml"
  ByteView bytes;
};

}  // namespace medic
