// Another process's machine, looked at: the reader's side of dyn86_share.h.
#pragma once

#include "src/dyn86.h"
#include "src/frontend/dyn86_share.h"
#include "src/frontend/share_folder.h"

#include <string>

namespace dyn86::frontend {

class SharedScreen {
public:
    static Result<SharedScreen> open(const ShareFiles& files);
    SharedScreen(SharedScreen&& other) noexcept;
    SharedScreen& operator=(SharedScreen&&) = delete;
    ~SharedScreen();

    /// Takes a new copy of the header; false when there is none to be had.
    [[nodiscard]] bool refresh();
    [[nodiscard]] bool has_ended() const { return header_.ended != 0; }
    [[nodiscard]] const dyn86_share& header() const { return header_; }
    /// The screen as of the last refresh, over the live video memory.
    [[nodiscard]] Screen screen() const;

private:
    SharedScreen(const dyn86_share* shared, const u8* video) : shared_(shared), video_(video) {}
    const dyn86_share* shared_;
    const u8* video_;
    dyn86_share header_ = {};
};

}  // namespace dyn86::frontend
