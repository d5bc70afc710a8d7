// PNG files. Written here over zlib (linked statically): a picture is four chunks, and libpng would cost start time or
// a module.
#pragma once

#include "src/frontend/render.h"

#include <string>

namespace dyn86::frontend {

/// An indexed PNG: a screen has at most sixteen colours. Equal images give equal bytes. [PNG]
[[nodiscard]] Result<std::string> encode_png(const Image& image);

}  // namespace dyn86::frontend
