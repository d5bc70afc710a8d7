// dyn86-zydis.so: reads host code for --list-blocks, by Zydis.
#include "src/frontend/listing_api.h"

#include <Zydis/Zydis.h>

#include <cstdio>

namespace dyn86::frontend {
namespace {

void read(const u8* bytes, std::size_t size, u64 address, HostLine* line) {
    *line = HostLine{};
    ZydisDisassembledInstruction insn;
    if (!ZYAN_SUCCESS(ZydisDisassembleIntel(ZYDIS_MACHINE_MODE_LONG_64, address, bytes, size, &insn))) {
        std::snprintf(line->text.data(), line->text.size(), "db 0x%02X", *bytes);
        return;
    }
    line->length = insn.info.length;
    const ZydisDecodedOperand& first = insn.operands[0];
    line->is_jump = first.type == ZYDIS_OPERAND_TYPE_IMMEDIATE && first.imm.is_relative == ZYAN_TRUE;
    if (line->is_jump) line->target = address + line->length + u64(first.imm.value.s);
    const char* const text = line->is_jump ? ZydisMnemonicGetString(insn.info.mnemonic) : insn.text;
    std::snprintf(line->text.data(), line->text.size(), "%s", text);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const ListingApi dyn86_listing_api = {
    .version = ListingApi::current_version,
    .read = read,
};

}  // namespace dyn86::frontend
