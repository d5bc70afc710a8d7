#include "src/verify/lockstep_side.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace dyn86::verify {

void LockstepPorts::out(Port port, u8 value) {
    const u8 hash = log_.fold(u32{port} | 1u << 16, value);
    Core& core = bed_.core();
    switch (port & 7) {
        case 0: return bed_.interrupts().request(value);
        case 1: return core.set_deadline(std::min(core.deadline, core.now() + Cycles{value} * 8));
        case 2: core.stop = 1; return;
        case 3:
            core.regs.set(Reg16::Bx, u16(hash << 8 | value));
            core.regs.flags = u16(core.regs.flags ^ (flag::c | flag::z));
            return;
        case 4:
            core.regs.set(Sreg::Cs, restart_.segment);
            core.regs.ip = restart_.offset;
            return;
        case 5: {
            const std::array<u8, 3> bytes{value, hash, value};
            return bed_.memory().copy_in(SegOff{core.regs.get(Sreg::Es), core.regs.get(Reg16::Di)}.linear(), bytes);
        }
        case 6: core.nmi = 1; return;
        default: return;
    }
}

Lockstep::Side::Side(std::unique_ptr<TestBed> bed)
    : bed_(std::move(bed)), log_(bed_->core()), ports_(*bed_, log_), mmio_(log_) {
    bed_->ports().map(0, 0x10000, ports_);
}

Result<std::unique_ptr<Lockstep::Side>> Lockstep::Side::create(const EngineFactory& factory,
                                                               const LockstepConfig& config,
                                                               std::span<const u8> image) {
    auto bed = TestBed::create(factory, config.clocks);
    if (!bed) return std::unexpected(bed.error());
    std::unique_ptr<Side> side(new Side(std::move(*bed)));
    if (auto done = side->shape(config.terrain, image); !done) return std::unexpected(done.error());
    return side;
}

Result<> Lockstep::Side::shape(Terrain terrain, std::span<const u8> image) {
    Memory& memory = bed_->memory();
    memory.copy_in(0, image);
    if (terrain != Terrain::Plain) {
        if (auto done = memory.repeat(0xB'8000, 0x4000, 0x8000); !done) return done;
        memory.load_rom(0xF'0000, image.subspan(0xF'0000));
    }
    if (terrain == Terrain::Devices) memory.map_mmio(0xA'0000, 0x1000, mmio_);
    start_.assign(memory.view(), memory.view() + address_space);
    return {};
}

void Lockstep::Side::reset() {
    constexpr std::size_t page = 0x1000;
    Memory& memory = bed_->memory();
    for (std::size_t at = 0; at < start_.size(); at += page)
        if (std::memcmp(memory.view() + at, start_.data() + at, page) != 0)
            memory.copy_in(Linear(at), std::span<const u8>(start_).subspan(at, page));
    bed_->start({}, 0);
    bed_->engine().flush();
    log_.reset();
}

void Lockstep::Side::load(const Program& program, const Layout& layout) {
    const SegOff start = program.regs.cs_ip();
    for (std::size_t i = 0; i < layout.bytes.size(); ++i)
        bed_->memory().copy_in((start + u16(i)).linear(), {&layout.bytes[i], 1});
    bed_->core().regs = program.regs;
    bed_->core().halted = 0;
    ports_.set_restart(start);
}

void Lockstep::Side::happen(const Slice& slice, const Program& program) {
    std::array<u8, 256> bytes{};
    for (std::size_t i = 0; i < slice.length; ++i) bytes[i] = u8(slice.value + i);
    Core& core = bed_->core();
    switch (slice.event) {
        case Event::None: return;
        case Event::Flush: return bed_->engine().flush();
        case Event::Write: return bed_->memory().copy_in(slice.address, std::span<const u8>(bytes).first(slice.length));
        case Event::Range: {
            WritableRange range = bed_->memory().writable(slice.address, slice.length);
            std::copy_n(bytes.begin(), range.bytes().size(), range.bytes().begin());
            return;
        }
        case Event::Intr: return bed_->interrupts().request(slice.value);
        case Event::Nmi: core.nmi = 1; return;
        case Event::Restart:
            core.regs.set(Sreg::Cs, program.regs.get(Sreg::Cs));
            core.regs.set(Reg16::Sp, program.regs.get(Reg16::Sp));
            core.regs.ip = program.regs.ip;
            core.halted = 0;
            return;
    }
}

Exit Lockstep::Side::run(const Slice& slice, const Program& program) {
    constexpr unsigned most_stops = 16;
    happen(slice, program);
    Core& core = bed_->core();
    core.set_deadline(core.now() + slice.clocks);
    Exit exit = bed_->engine().run();
    for (unsigned stops = 0; exit == Exit::Stopped && stops < most_stops; ++stops) exit = bed_->engine().run();
    return exit;
}

void Lockstep::Side::wake(const Slice& slice) {
    constexpr Cycles nap = 37;
    bed_->core().advance(nap);
    if ((slice.value & 1) != 0)
        bed_->core().nmi = 1;
    else
        bed_->interrupts().request(slice.value);
}

}  // namespace dyn86::verify
