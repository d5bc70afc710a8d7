// A hard disk in memory, for tests of controllers.
#pragma once

#include "src/base/disk_medium.h"

#include <algorithm>
#include <vector>

namespace dyn86::test {

/// Byte i of sector n is n + i until somebody writes.
class ArrayHardDisk final : public HardDiskMedium {
public:
    explicit ArrayHardDisk(Geometry shape)
        : shape_(shape), bytes(std::size_t{shape.cylinders} * shape.heads * shape.sectors_per_track * 512) {
        for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = u8(i / 512 + i % 512);
    }

private:
    Geometry shape_;

public:
    std::vector<u8> bytes;
    bool write_protected = false;
    bool fails = false;

    [[nodiscard]] bool is_write_protected() const override { return write_protected; }
    [[nodiscard]] u64 sectors() const override { return bytes.size() / 512; }
    [[nodiscard]] Geometry geometry() const override { return shape_; }
    [[nodiscard]] bool read(u64 first, std::span<u8> to) override {
        if (fails || first * 512 + to.size() > bytes.size()) return false;
        std::copy_n(bytes.begin() + std::ptrdiff_t(first * 512), to.size(), to.begin());
        return true;
    }
    [[nodiscard]] bool write(u64 first, std::span<const u8> from) override {
        if (fails || first * 512 + from.size() > bytes.size()) return false;
        std::ranges::copy(from, bytes.begin() + std::ptrdiff_t(first * 512));
        return true;
    }
};

}  // namespace dyn86::test
