// A device of one's own: what the guest sends to port 300h comes back as its square.
#include <dyn86.h>

#include <array>
#include <cstdio>

using namespace dyn86;

int main() {
    auto machine = Machine::create({});
    if (!machine) {
        std::fprintf(stderr, "port_device: %s\n", machine.error().message.c_str());
        return 1;
    }
    u8 last = 0;
    const auto attached = (*machine)->attach_ports(
        0x300, 1, {.in = [&](Port) { return u8(last * last); }, .out = [&](Port, u8 value) { last = value; }});
    if (!attached) return 1;
    // mov dx, 300h / mov al, 12 / out dx, al / in al, dx / nop
    constexpr std::array<u8, 8> code = {0xBA, 0x00, 0x03, 0xB0, 0x0C, 0xEE, 0xEC, 0x90};
    (*machine)->poke(0x10100, code);
    CpuState cpu;
    cpu.segments[CpuState::Cs] = 0x1000;
    cpu.ip = 0x100;
    (*machine)->set_cpu(cpu);
    Stops stops;
    stops.breakpoints = {0x10100 + code.size() - 1};
    (*machine)->set_stops(stops);
    const Pause pause = (*machine)->run(Ticks::from_ms(1000));
    std::printf("12 * 12 = %d\n", (*machine)->cpu().words[CpuState::Ax] & 0xFF);
    return pause == Pause::Stop ? 0 : 1;
}
