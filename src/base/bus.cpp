#include "src/base/bus.h"

#include "src/base/check.h"

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
    DYN86_CHECK(devices_.size() < 256 && u32{first} + count <= 0x10000);
    devices_.push_back(&device);
    for (u32 i = 0; i < count; ++i) map_[first + i] = u8(devices_.size() - 1);
}

}  // namespace dyn86
