#include "roms/roms.h"
#include "src/frontend/render.h"

namespace dyn86::frontend {

Font pc_font() {
    return {.tall = roms::glyphs8x16(), .small = roms::glyphs8x8()};
}

}  // namespace dyn86::frontend
