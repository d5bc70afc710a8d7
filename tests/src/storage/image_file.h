// A temporary file that serves as a disk image.
#pragma once

#include "src/base/types.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <span>
#include <string>
#include <utility>

namespace dyn86::test {

class ImageFile {
public:
    explicit ImageFile(u64 size, std::span<const u8> start = {}) {
        path_ = testing::TempDir() + "dyn86-image-XXXXXX";
        fd_ = mkstemp(path_.data());
        EXPECT_GE(fd_, 0);
        truncate(size);
        put(0, start);
    }
    ImageFile(ImageFile&& other) noexcept : path_(std::exchange(other.path_, {})), fd_(std::exchange(other.fd_, -1)) {}
    ImageFile& operator=(ImageFile&&) = delete;
    ~ImageFile() {
        if (fd_ < 0) return;
        close(fd_);
        unlink(path_.c_str());
    }

    [[nodiscard]] const std::string& path() const { return path_; }
    void truncate(u64 size) const { EXPECT_EQ(ftruncate(fd_, off_t(size)), 0); }
    void put(u64 at, std::span<const u8> bytes) const {
        EXPECT_EQ(pwrite(fd_, bytes.data(), bytes.size(), off_t(at)), ssize_t(bytes.size()));
    }
    [[nodiscard]] u8 byte(u64 at) const {
        u8 value = 0;
        EXPECT_EQ(pread(fd_, &value, 1, off_t(at)), 1);
        return value;
    }

private:
    std::string path_;
    int fd_ = -1;
};

}  // namespace dyn86::test
