#include "cpu/decode.h"

#include <array>
#include <cstring>

namespace dyn86 {
namespace {

/// The bytes of one instruction, taken in order.
class Reader {
public:
    explicit Reader(std::span<const u8> bytes) : bytes_(bytes) {}
    u8 byte() {
        if (at_ >= bytes_.size()) return missing_ = true, u8{0};
        return bytes_[at_++];
    }
    u16 word() {
        const u8 low = byte();
        return u16(low | byte() << 8);
    }
    u16 sign_extended_byte() { return u16(i8(byte())); }
    [[nodiscard]] u16 taken() const { return u16(at_); }
    [[nodiscard]] bool is_missing() const { return missing_; }

private:
    std::span<const u8> bytes_;
    std::size_t at_ = 0;
    bool missing_ = false;
};

/// Notes what a prefix byte says. The last segment override and the last REP count. [SST]
void apply_prefix(Insn& insn, u8 byte) {
    ++insn.prefixes;
    if (byte < 0x40) {
        insn.segment = Sreg(byte >> 3 & 3);
        insn.has_override = true;
    } else if (byte < 0xF2) {
        insn.lock = true;
    } else {
        insn.repeat = byte == 0xF2 ? Repeat::Repne : Repeat::Rep;
    }
}

/// The ModRM byte's displacement and, without an override, the segment that its registers imply.
void read_modrm(Insn& insn, Reader& reader) {
    insn.modrm = reader.byte();
    insn.has_modrm = true;
    if (insn.mod() == 3) return;
    if (insn.is_direct()) {
        insn.displacement = reader.word();
        return;
    }
    if (insn.mod() == 1) insn.displacement = reader.sign_extended_byte();
    if (insn.mod() == 2) insn.displacement = reader.word();
    if (!insn.has_override) insn.segment = address_modes[insn.rm()].segment;
}

Operand immediate(Insn& insn, u16 value) {
    insn.immediate = value;
    return {Operand::Kind::Immediate};
}

Operand relative(Insn& insn, Reader& reader, u16 distance) {
    insn.target = u16(insn.ip + reader.taken() + distance);  // the target always comes last
    return {Operand::Kind::Near};
}

Operand far_pointer(Insn& insn, Reader& reader) {
    insn.immediate = reader.word();
    insn.immediate_segment = reader.word();
    return {Operand::Kind::Far};
}

Operand offset(Insn& insn, Reader& reader) {
    insn.displacement = reader.word();
    return {Operand::Kind::Memory};
}

Operand rm_operand(const Insn& insn, Operand::Kind register_kind) {
    if (insn.mod() == 3) return {register_kind, insn.rm()};
    return {Operand::Kind::Memory};
}

Operand read_operand(Insn& insn, Reader& reader, Form form) {
    using Kind = Operand::Kind;
    constexpr u8 si = u8(Reg16::Si), di = u8(Reg16::Di);
    const u8 low_bits = insn.opcode & 7;
    switch (form) {
        case Form::None: return {};
        case Form::Eb: return rm_operand(insn, Kind::Reg8);
        case Form::Ew:
        case Form::M: return rm_operand(insn, Kind::Reg16);
        case Form::Gb: return {Kind::Reg8, insn.reg()};
        case Form::Gw: return {Kind::Reg16, insn.reg()};
        case Form::Sw: return {Kind::Sreg, u8(insn.reg() & 3)};
        case Form::Ib: return immediate(insn, reader.byte());
        case Form::Ibs: return immediate(insn, reader.sign_extended_byte());
        case Form::Iw: return immediate(insn, reader.word());
        case Form::One: return immediate(insn, 1);
        case Form::Jb: {
            const u16 distance = reader.sign_extended_byte();
            return relative(insn, reader, distance);
        }
        case Form::Jw: {
            const u16 distance = reader.word();
            return relative(insn, reader, distance);
        }
        case Form::Ap: return far_pointer(insn, reader);
        case Form::Ob:
        case Form::Ow: return offset(insn, reader);
        case Form::Zb: return {Kind::Reg8, low_bits};
        case Form::Zw: return {Kind::Reg16, low_bits};
        case Form::Zs: return {Kind::Sreg, u8(insn.opcode >> 3 & 3)};
        case Form::Al: return {Kind::Reg8, u8(Reg8::Al)};
        case Form::Cl: return {Kind::Reg8, u8(Reg8::Cl)};
        case Form::Ax: return {Kind::Reg16, u8(Reg16::Ax)};
        case Form::Dx: return {Kind::Reg16, u8(Reg16::Dx)};
        case Form::Xb:
        case Form::Xw: return {Kind::String, si};
        case Form::Yb:
        case Form::Yw: return {Kind::String, di};
    }
    return {};
}

}  // namespace

Insn decode(std::span<const u8> bytes, u16 ip) {
    Reader reader{bytes};
    Insn insn;
    insn.ip = ip;
    insn.info = &opcodes[0];
    insn.opcode = reader.byte();
    while (opcodes[insn.opcode].is_prefix) {
        if (insn.prefixes == max_prefixes || reader.is_missing()) return insn;
        apply_prefix(insn, insn.opcode);
        insn.opcode = reader.byte();
    }
    if (has_modrm(insn.opcode)) read_modrm(insn, reader);
    const OpInfo& info = info_of(insn.opcode, insn.modrm);
    insn.info = &info;
    insn.op = info.op;
    insn.width = width_of(info);
    insn.condition = insn.opcode & 15;
    insn.dst = read_operand(insn, reader, info.dst);
    insn.src = read_operand(insn, reader, info.src);
    insn.length = reader.is_missing() ? u16{0} : reader.taken();
    return insn;
}

Insn decode(const Memory& memory, SegOff at) {
    std::array<u8, max_length> bytes;
    const u8* const segment = memory.view() + u32{at.segment} * 16;
    if (at.offset <= 0x10000 - max_length) return decode({segment + at.offset, max_length}, at.offset);
    for (u16 i = 0; i < max_length; ++i) bytes[i] = segment[u16(at.offset + i)];
    return decode(bytes, at.offset);
}

}  // namespace dyn86
