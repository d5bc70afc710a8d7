#include "src/dos/country.h"

#include "src/dos/layout.h"

#include <algorithm>
#include <array>

namespace dyn86::dos {
namespace {

constexpr u16 united_states = 1;
constexpr u16 information_size = 24;  // without the reserved bytes

/// The United States' conventions; the dword of the case map procedure is at 12h. [RBIL 21/AH=38h]
constexpr std::array<u8, 34> conventions = {0,   0,           // date: month day year
                                            '$', 0, 0, 0, 0,  // currency symbol
                                            ',', 0,           // thousands
                                            '.', 0,           // decimal
                                            '-', 0,           // date separator
                                            ':', 0,           // time separator
                                            0,                // currency before the value, no space
                                            2,                // digits behind the decimal point
                                            0,                // 12-hour clock
                                            0,   0, 0, 0,     // case map procedure
                                            ',', 0};          // list separator
constexpr u16 casemap_field = 0x12;

/// What file names may not have. [RBIL 21/AX=6505h]
constexpr std::array<u8, 22> name_characters = {0x01, 0x00, 0xFF, 0x00, 0x00, 0x20, 0x02, 0x0E, '.', '"', '/',
                                                '\\', '[',  ']',  ':',  '|',  '<',  '>',  '+',  '=', ';', ','};

}  // namespace

void Country::initialise(SegOff casemap) {
    casemap_ = casemap;
    std::array<u8, 128> capitals{};
    for (std::size_t i = 0; i < capitals.size(); ++i) capitals[i] = page_.upper(u8(0x80 + i));
    guest_.set_word(in_dos_segment(nls::upper_case), u16(capitals.size()));
    guest_.write(in_dos_segment(nls::upper_case + 2u), capitals);
    guest_.set_word(in_dos_segment(nls::name_characters), u16(name_characters.size()));
    guest_.write(in_dos_segment(nls::name_characters + 2u), name_characters);
    std::array<u8, 256> weights{};
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = page_.upper(u8(i));
    guest_.set_word(in_dos_segment(nls::collating), u16(weights.size()));
    guest_.write(in_dos_segment(nls::collating + 2u), weights);
}

void Country::write_information(SegOff to) {
    guest_.write(to, conventions);
    guest_.set_pointer(to + casemap_field, casemap_);
}

void Country::information(Caller& caller) {
    const u16 number = caller.al() == 0xFF ? caller.bx : caller.al();
    if (number > united_states) return caller.fail(DosError::FileNotFound);  // no such country, as DOS says it
    if (caller.dx != 0xFFFF) {  // else: make it the current one, which it is
        write_information(caller.ds_dx());
        caller.bx = united_states;
    }
    caller.succeed(united_states);
}

void Country::extended_information(Caller& caller) {
    const SegOff to = caller.es_di();
    guest_.set_byte(to, 1);
    guest_.set_word(to + 1, u16(4 + conventions.size()));
    guest_.set_word(to + 3, united_states);
    guest_.set_word(to + 5, page_.number());
    write_information(to + 7);
    caller.cx = u16(7 + conventions.size());
    caller.succeed();
}

void Country::table(Caller& caller, u16 at) {
    guest_.set_byte(caller.es_di(), caller.al());
    guest_.set_pointer(caller.es_di() + 1, in_dos_segment(at));
    caller.cx = 5;
    caller.succeed();
}

/// AL = 20h: DL; 21h: CX bytes at DS:DX; 22h: the string at DS:DX.
void Country::upper_case(Caller& caller) {
    if (caller.al() == 0x20) {
        caller.set_dl(page_.upper(caller.dl()));
        return caller.succeed();
    }
    const SegOff text = caller.ds_dx();
    for (u16 i = 0; caller.al() == 0x21 ? i < caller.cx : i < 0xFFFF && guest_.byte(text + i) != 0; ++i)
        guest_.set_byte(text + i, page_.upper(guest_.byte(text + i)));
    caller.succeed();
}

void Country::extended(Caller& caller) {
    switch (caller.al()) {
        case 0x01: return extended_information(caller);
        case 0x02:
        case 0x04: return table(caller, nls::upper_case);
        case 0x05: return table(caller, nls::name_characters);
        case 0x06: return table(caller, nls::collating);
        case 0x07: return table(caller, own::no_dbcs);
        case 0x20:
        case 0x21:
        case 0x22: return upper_case(caller);
        default: return caller.fail(DosError::InvalidFunction);
    }
}

void Country::code_page(Caller& caller) {
    if (caller.al() == 1) {
        caller.bx = caller.dx = page_.number();
        return caller.succeed();
    }
    const bool keeps = caller.al() == 2 && caller.bx == page_.number();
    keeps ? caller.succeed() : caller.fail(caller.al() == 2 ? DosError::FileNotFound : DosError::InvalidFunction);
}

void Country::install(Functions& functions) {
    functions.on(0x38, [this](Caller& c) { information(c); });
    functions.on(0x63, [](Caller& c) {  // double-byte lead characters: none
        if (c.al() != 0) return c.fail(DosError::InvalidFunction);
        c.ds = dos_segment;
        c.si = own::no_dbcs + 2;
        c.set_al(0);
        c.succeed();
    });
    functions.on(0x65, [this](Caller& c) { extended(c); });
    functions.on(0x66, [this](Caller& c) { code_page(c); });
}

}  // namespace dyn86::dos
