// Guest memory for tests of devices: 1 MiB that anyone may write.
#pragma once

#include "src/base/bus.h"

#include <vector>

namespace dyn86::test {

class PlainMemory final : public GuestMemory {
public:
    std::vector<u8> bytes = std::vector<u8>(address_space);
    void copy_out(Linear from, std::span<u8> to) override {
        for (u8& byte : to) byte = bytes[from++ & address_mask];
    }
    void copy_in(Linear to, std::span<const u8> from) override {
        for (const u8 byte : from) bytes[to++ & address_mask] = byte;
    }
};

}  // namespace dyn86::test
