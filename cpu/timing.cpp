#include "cpu/timing.h"

#include "cpu/cost.h"
#include "cpu/decode.h"

#include <algorithm>
#include <bit>

namespace dyn86::timing {
namespace {

constexpr i32 bus_cycle = 4;
/// From a fetch's first clock to the one in which a waiting execution unit takes its byte. [SST EB]
constexpr i32 fetch_latency = 5;
/// From the clock that takes a byte to the first one of the fetch that this makes room for. [SST 89, 8B]
constexpr i32 start_latency = 2;
/// No fetch begins so many clocks before the execution unit's own bus cycle. [SST 8088 README, v1 sample]
constexpr i32 yields_within = 2;

// assumed: the 8088 as an 8086 whose queue holds four bytes and whose bus carries one; recordings of an 8088 would
// settle it. [UM86 2-3]
constexpr i32 capacity(CpuModel cpu) {
    return cpu == CpuModel::I8086 ? 6 : 4;
}
constexpr i32 width(CpuModel cpu) {
    return cpu == CpuModel::I8086 ? 2 : 1;
}

/// Bus unit and queue while one instruction passes, clock by clock from its first byte on.
class Bus {
public:
    Bus(Queue queue, u16 ip, CpuModel cpu) : capacity_(capacity(cpu)), width_(width(cpu)), bytes_(queue & 7) {
        fetches_odd_ = ((u32{ip} + u32(bytes_)) & 1) != 0;
        if (queue >> 3 != 0) start_ = 2 - (queue >> 3);
    }
    [[nodiscard]] i32 now() const { return now_; }
    [[nodiscard]] Queue queue() const {
        const i32 age = start_ == none ? 0 : std::clamp(now_ - start_ + 2, 1, 5);
        return Queue(bytes_ | age << 3);
    }
    void wait(i32 clocks) {
        now_ += clocks;
        fetch();
    }
    /// The next byte for the execution unit, in the clock that begins now at the earliest.
    void take_byte() {
        wait_for_byte();
        --bytes_;
        if (start_ == none && has_room()) start_ = now_ + start_latency;
        ++now_;
    }
    void wait_for_byte() {
        fetch();
        if (bytes_ != 0) return;
        if (start_ == none) start_ = now_;
        now_ = start_ + fetch_latency;
        fetch();
    }
    void read() {
        transfer();
        now_ = bus_free_;
    }
    /// Its last clock is the next instruction's first. [SST 88, cycles]
    void write() {
        transfer();
        now_ = bus_free_ - 1;
    }

private:
    static constexpr i32 none = -1000;
    [[nodiscard]] bool has_room() const { return bytes_ + width_ <= capacity_; }
    /// A bus cycle for the execution unit: after the fetch under way, before any other. One that would have begun just
    /// now has given way.
    void transfer() {
        i32 begin = std::max(now_, bus_free_);
        if (start_ != none && start_ + yields_within < begin) {
            begin = std::max(begin, start_ + bus_cycle);
            arrive();
        }
        bus_free_ = begin + bus_cycle;
        start_ = has_room() ? bus_free_ : none;
    }
    void arrive() {
        bytes_ += fetches_odd_ ? 1 : width_;
        fetches_odd_ = false;
    }
    void fetch() {
        while (start_ != none && start_ + bus_cycle <= now_) {
            arrive();
            start_ = has_room() ? start_ + bus_cycle : none;
        }
    }

    i32 capacity_, width_, bytes_;
    i32 start_ = none;  // first clock of the fetch under way
    i32 bus_free_ = 0;  // of the execution unit's own bus cycles
    i32 now_ = 0;
    bool fetches_odd_ = false;
};

/// Bus cycles at the operand that ModRM or an offset names.
void add_operand(const Insn& insn, Accesses& all) {
    if (!insn.has_memory() || insn.op == Op::Lea) return;
    const bool far = insn.info->src == Form::M;
    const bool replaces = insn.dst.kind == Operand::Kind::Memory && (insn.op == Op::Mov || insn.op == Op::Pop);
    const bool writes = insn.writes_memory() || insn.op == Op::Xchg;
    const u8 reads = far ? u8{2} : replaces ? u8{0} : u8{1};
    all.reads = reads;
    all.writes = writes ? 1 : 0;
    if (far || insn.width == Width::Word) all.operand = u8(all.reads + all.writes);
}

void add_stack(const Insn& insn, bool taken, Accesses& all) {
    const auto push = [&](u8 words) { all.writes = u8(all.writes + words), all.stack = words; };
    const auto pop = [&](u8 words) { all.reads = u8(all.reads + words), all.stack = words; };
    switch (insn.op) {
        case Op::Push:
        case Op::Pushf:
        case Op::Call: return push(1);
        case Op::CallFar: return push(2);
        case Op::Pop:
        case Op::Popf:
        case Op::Ret: return pop(1);
        case Op::RetFar: return pop(2);
        case Op::Iret: return pop(3);
        case Op::Into:
            if (!taken) return;
            [[fallthrough]];
        case Op::Int:
        case Op::Int3:
            push(3);
            all.reads = all.vector = 2;
            return;
        default: return;
    }
}

void add_string(const Insn& insn, Accesses& all) {
    const u8 words = insn.width == Width::Word ? 1 : 0;
    const bool uses_si = insn.op != Op::Stos && insn.op != Op::Scas, uses_di = insn.op != Op::Lods;
    const bool stores = insn.op == Op::Movs || insn.op == Op::Stos;
    all.si = uses_si ? words : u8{0};
    all.di = uses_di ? words : u8{0};
    all.writes = stores ? 1 : 0;
    all.reads = u8((uses_si ? 1 : 0) + (uses_di && !stores ? 1 : 0));
}

/// When its bytes are taken: the displacement once the registers have been added, immediates when the address is
/// complete; without ModRM, in the second clock after the opcode. [SST 8A, C6, 05, A0, cycles]
Shape reading_of(const Insn& insn) {
    const u8 bytes = u8(insn.length - insn.prefixes);
    if (!insn.has_modrm)
        return {.prefixes = insn.prefixes, .head = 1, .gap = u8(bytes > 1 ? 1 : 0), .displacement = u8(bytes - 1)};
    const u8 address = cost::effective_address(insn.modrm);
    const u8 displacement = u8(insn.is_direct() ? 2 : insn.mod() == 3 ? 0 : insn.mod());
    constexpr u8 added_later = 6;  // of the address's clocks, when there is a displacement
    const u8 gap = u8(displacement == 0 ? 0 : insn.is_direct() ? 1 : address - added_later);
    return {.prefixes = insn.prefixes,
            .head = 2,
            .gap = gap,
            .displacement = displacement,
            .settle = u8(address - gap - displacement),
            .immediate = u8(bytes - 2 - displacement)};
}

/// Where the bus cycles lie in `rest`, the clocks after the last byte. What ModRM names is read at once, as the address
/// is complete; a write is the end. [SST 8A, 01, 88, 58, A4, AC, AE, A6, cycles]
void place_cycles(const Insn& insn, i32 rest, Shape& shape) {
    const i32 cycles = bus_cycle * (shape.reads + shape.writes) - (shape.writes != 0 ? 1 : 0);
    const i32 idle = std::max(0, rest - cycles);
    constexpr i32 loads_string = 3, compares_string = 4, moves_string = 6;
    i32 between = 0, after = 0;
    if (shape.writes == 0)
        after = insn.has_modrm                               ? idle
                : insn.op == Op::Lods                        ? loads_string
                : insn.op == Op::Scas || insn.op == Op::Cmps ? compares_string
                                                             : 0;
    else if (shape.reads != 0)
        between = insn.op == Op::Movs ? moves_string : idle;
    shape.between = u8(std::min(between, idle));
    shape.after = u8(std::min(after, idle));
    shape.before = i16(idle - shape.between - shape.after);
}

}  // namespace

Accesses accesses_of(const Insn& insn, bool taken) {
    Accesses all;
    add_operand(insn, all);
    add_stack(insn, taken, all);
    if (insn.op >= Op::Movs && insn.op <= Op::Scas) add_string(insn, all);
    if (insn.op == Op::Xlat) all.reads = 1;
    if (insn.op == Op::In || insn.op == Op::Out) {
        ++(insn.op == Op::In ? all.reads : all.writes);
        all.port = insn.width == Width::Word ? 1 : 0;
    }
    return all;
}

Shape shape_of(const Insn& insn, bool taken, ClockModel model) {
    const bool optional = ends(insn) == Ends::Branch || insn.op == Op::Into;
    i32 clocks = i32(cost::clocks(insn)) - i32{cost::prefix} * insn.prefixes;
    if (optional && !taken) clocks -= i32(cost::not_taken_refund(*insn.info));
    Accesses all = accesses_of(insn, taken);
    if (is_repeated_string(insn)) all = {};
    if (model.cpu == CpuModel::I8088) clocks += i32(split_word * all.words());
    if (!model.is_exact()) return {.jumps = true, .before = i16(clocks + i32{cost::prefix} * insn.prefixes)};
    Shape shape = reading_of(insn);
    const bool leaves = insn.op == Op::JmpFar || insn.op == Op::CallFar || insn.op == Op::Call || insn.op == Op::Jmp ||
                        insn.op == Op::Ret || insn.op == Op::RetFar || insn.op == Op::Iret || insn.op == Op::Int ||
                        insn.op == Op::Int3;
    // Whatever wakes a halted CPU empties the queue.
    shape.jumps = leaves || insn.op == Op::Hlt || (optional && taken);
    const i32 reading = shape.head + shape.gap + shape.displacement + shape.settle + shape.immediate;
    const i32 rest = std::max(0, clocks - reading);
    if (shape.jumps || all.reads + all.writes == 0) {  // behind a jump, the queue's past is forgotten
        shape.before = i16(rest);
        return shape;
    }
    shape.reads = all.reads;
    shape.writes = all.writes;
    const bool split = model.cpu == CpuModel::I8088 && all.words() != 0;
    if (split) shape.reads = u8(shape.reads * 2), shape.writes = u8(shape.writes * 2);
    place_cycles(insn, rest, shape);
    return shape;
}

Queue flushed(u16 ip, CpuModel cpu) {
    constexpr u8 begun = 3;  // a clock ago
    const bool both = width(cpu) == 2 && (ip & 1) == 0;
    return Queue((both ? 2 : 1) | begun << 3);
}

Queue full(u16 ip, CpuModel cpu) {
    return Queue(width(cpu) == 2 && (ip & 1) != 0 ? capacity(cpu) - 1 : capacity(cpu));
}

Queue holding(u8 bytes, u16 ip, CpuModel cpu) {
    return bytes == 0 ? flushed(ip, cpu) : Queue(std::min<i32>(bytes, capacity(cpu)));
}

Passed pass(const Shape& shape, Queue queue, u16 ip, CpuModel cpu) {
    Bus bus(queue, ip, cpu);
    for (u8 i = 0; i < shape.prefixes; ++i) {
        bus.take_byte();
        bus.wait(cost::prefix - 1);
    }
    for (u8 i = 0; i < shape.head; ++i) bus.take_byte();
    bus.wait(shape.gap);
    for (u8 i = 0; i < shape.displacement; ++i) bus.take_byte();
    bus.wait(shape.settle);
    for (u8 i = 0; i < shape.immediate; ++i) bus.take_byte();
    if (shape.jumps) return {u16(bus.now() + shape.before), 0};
    bus.wait(shape.before);
    for (u8 i = 0; i < shape.reads; ++i) bus.read();
    bus.wait(shape.between);
    for (u8 i = 0; i < shape.writes; ++i) bus.write();
    bus.wait(shape.after);
    bus.wait_for_byte();  // the next instruction begins when its first byte is there
    return {u16(bus.now()), bus.queue()};
}

// --- multiplication and division: coefficients fitted to the recordings, within 2 clocks of each. [SST F6.4-F7.7]

namespace {

constexpr u16 magnitude(Width width, u16 value) {
    return width == Width::Byte ? u16(i8(value) < 0 ? 0x100 - (value & 0xFF) : value & 0xFF)
                                : u16(i16(value) < 0 ? 0x10000 - value : value);
}
constexpr bool is_negative(Width width, u16 value) {
    return width == Width::Byte ? i8(value) < 0 : i16(value) < 0;
}
/// PREIDIV: a negative dividend takes 4 clocks more, a negative divisor one less.
constexpr i32 signs(bool dividend_negative, bool divisor_negative) {
    return (dividend_negative ? 4 : 0) - (divisor_negative ? 1 : 0);
}

}  // namespace

i32 mul_clocks(Width width, u16 multiplier) {
    const u16 bits = width == Width::Byte ? u16(multiplier & 0xFF) : multiplier;
    return (width == Width::Byte ? 69 : 117) + std::popcount(bits);
}

i32 imul_clocks(Width width, u16 multiplier, u16 multiplicand, bool negated) {
    const bool left = is_negative(width, multiplier), right = is_negative(width, multiplicand);
    constexpr i32 negate_product = 12;
    return (width == Width::Byte ? 79 : 127) + std::popcount(magnitude(width, multiplier)) + (left ? 2 : 0) -
           (right ? 1 : 0) + ((left != right) != negated ? negate_product : 0);
}

i32 div_clocks(Width width, u32 fits) {
    return (width == Width::Byte ? 80 : 144) + i32(fits);
}

i32 idiv_clocks(Width width, u32 fits, bool dividend_negative, bool divisor_negative) {
    return (width == Width::Byte ? 101 : 165) + i32(fits) + signs(dividend_negative, divisor_negative);
}

i32 longest_loop(const Insn& insn) {
    const Width width = insn.width;
    const i32 bits = 8 * i32(width);
    constexpr i32 negative_multiplier = 2, signs_differ = 12;
    switch (insn.op) {
        case Op::Mul: return mul_clocks(width, 0xFFFF);
        case Op::Imul: return imul_clocks(width, 0, 0, false) + bits + negative_multiplier + signs_differ;
        case Op::Div: return div_clocks(width, u32(bits));
        case Op::Idiv: return idiv_clocks(width, u32(bits), true, false);
        default: return insn.info->cycles.reg;
    }
}

i32 early_idiv_error(bool dividend_negative, bool divisor_negative) {
    return 70 + signs(dividend_negative, divisor_negative);
}

i32 late_idiv_error(Width width, u32 fits, bool dividend_negative, bool divisor_negative) {
    return (width == Width::Byte ? 141 : 205) + i32(fits) + signs(dividend_negative, divisor_negative);
}

}  // namespace dyn86::timing
