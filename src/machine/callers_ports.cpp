// Devices that whoever embeds a machine puts at its ports.
#include "src/machine/impl.h"

#include <fmt/format.h>

#include <utility>

namespace dyn86 {
namespace {

constexpr u32 all_ports = 0x1'0000;
constexpr std::size_t most_devices = 64;

class CallersDevice final : public PortDevice {
public:
    explicit CallersDevice(PortHandler handler) : handler_(std::move(handler)) {}
    u8 in(Port port) override { return handler_.in ? handler_.in(port) : u8{0xFF}; }
    void out(Port port, u8 value) override {
        if (handler_.out) handler_.out(port, value);
    }

private:
    PortHandler handler_;
};

}  // namespace

Result<> Machine::Impl::attach_ports(Port first, u32 count, PortHandler handler) {
    if (count == 0 || first + count > all_ports)
        return fail(fmt::format("there are no {} ports at {:X}", count, first));
    if (callers_devices_.size() == most_devices) return fail("too many devices");
    callers_devices_.push_back(std::make_unique<CallersDevice>(std::move(handler)));
    ports_.map(first, count, *callers_devices_.back());
    return {};
}

}  // namespace dyn86
