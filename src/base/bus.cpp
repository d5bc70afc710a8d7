#include "src/base/bus.h"

#include "src/base/check.h"

#include <algorithm>

namespace dyn86 {
namespace {
class OpenBus final : public PortDevice {
public:
    u8 in(Port /*port*/) override { return 0xFF; }
    void out(Port /*port*/, u8 /*value*/) override {}
};
}  // namespace

PortBus::PortBus()
    : storage_(std::make_unique<std::array<u8, 0x10000>>()), map_(*storage_), open_bus_(std::make_unique<OpenBus>()) {
    devices_.push_back(open_bus_.get());
}

void PortBus::map(Port first, u32 count, PortDevice& device) {
    const auto known = std::ranges::find(devices_, &device);  // a chip is mapped once per alias
    const auto index = std::size_t(known - devices_.begin());
    if (known == devices_.end()) devices_.push_back(&device);
    DYN86_CHECK(devices_.size() <= 256 && u32{first} + count <= 0x10000);
    for (u32 i = 0; i < count; ++i) map_[first + i] = u8(index);
}

}  // namespace dyn86
