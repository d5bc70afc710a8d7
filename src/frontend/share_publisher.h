// Writes what dyn86_share.h describes.
#pragma once

#include "src/dyn86.h"
#include "src/frontend/dyn86_share.h"
#include "src/frontend/share_folder.h"

#include <vector>

namespace dyn86::frontend {

class SharePublisher {
public:
    static Result<SharePublisher> create(const ShareFiles& files, const std::string& title);
    SharePublisher(SharePublisher&& other) noexcept;
    SharePublisher& operator=(SharePublisher&&) = delete;
    /// Marks the end.
    ~SharePublisher();

    /// The file for MachineConfig::video_file.
    [[nodiscard]] int video_file() const { return video_; }
    /// To be called once per frame.
    void publish(const Screen& screen, u64 instructions);

private:
    SharePublisher(dyn86_share* shared, int video) : shared_(shared), video_(video) {}
    void note_dirty_rows(const Screen& screen, dyn86_share& header);
    void write(const dyn86_share& header);

    dyn86_share* shared_;
    int video_;
    std::vector<u8> published_;  // the rows, as they were at the last update
};

}  // namespace dyn86::frontend
