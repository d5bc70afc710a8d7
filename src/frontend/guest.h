// The part of a machine that a script and a keyboard need: so that they can be tested without one.
#pragma once

#include "src/dyn86.h"

namespace dyn86::frontend {

class Guest {
public:
    virtual ~Guest() = default;
    [[nodiscard]] virtual Ticks now() const = 0;
    [[nodiscard]] virtual Screen screen() const = 0;
    virtual void scan_code(u8 code) = 0;
    [[nodiscard]] virtual bool keyboard_drained() const = 0;
};

class MachineGuest final : public Guest {
public:
    explicit MachineGuest(Machine& machine) : machine_(machine) {}
    [[nodiscard]] Ticks now() const override { return machine_.now(); }
    [[nodiscard]] Screen screen() const override { return machine_.screen(); }
    void scan_code(u8 code) override { machine_.scan_code(code); }
    [[nodiscard]] bool keyboard_drained() const override { return machine_.keyboard_drained(); }

private:
    Machine& machine_;
};

}  // namespace dyn86::frontend
