// What differs between the state an engine reached and the one it should have reached, in one readable line.
#pragma once

#include "cpu/registers.h"
#include "src/base/types.h"

#include <string>
#include <vector>

namespace dyn86::verify {

/// The nine flags, highest first, by letter when set: "o--i-zap-" has OF IF ZF AF PF.
std::string format_flags(u16 flags);
/// "AX=0001 CX=... IP=0100 FLAGS=F046 -----z-p-": all fourteen registers.
std::string format_registers(const Registers& regs);

/// One of them.
struct Difference {
    enum class Kind : u8 { Register, Flags, Byte, Number } kind = Kind::Register;
    std::string name;  // "AX", "FLAGS", "cycles"; empty for a byte
    Linear address = 0;
    i64 got = 0, want = 0, was = 0;  // bytes and numbers have no `was`
};

/// Collects differences; the text names value, expected value and, for registers, the value before.
class Differences {
public:
    explicit Differences(const Registers& before) : before_(before) {}

    /// All registers, and those flags that `compared` names.
    void compare(const Registers& got, const Registers& want, u16 compared);
    /// One byte of memory; `undefined` bits of it hold flags that Intel leaves undefined.
    void compare_byte(Linear address, u8 got, u8 want, u8 undefined = 0);
    /// Any other number.
    void compare_number(const char* name, i64 got, i64 want);

    [[nodiscard]] bool any() const { return !text_.empty(); }
    /// True when nothing differs but flags out of `undefined`, in FLAGS or where FLAGS was pushed.
    [[nodiscard]] bool only_undefined(u16 undefined) const { return !others_ && (flags_ & ~undefined) == 0; }
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] const std::vector<Difference>& list() const { return list_; }

private:
    void add(const std::string& one);

    Registers before_;
    u16 flags_ = 0;        // the bits of FLAGS that differ
    bool others_ = false;  // anything else
    unsigned bytes_ = 0;
    std::string text_;
    std::vector<Difference> list_;
};

}  // namespace dyn86::verify
