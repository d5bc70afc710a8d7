// INT 21h functions on the system itself: vectors, version, flags, lists, extended errors.
#pragma once

#include "src/dos/functions.h"
#include "src/dos/layout.h"

namespace dyn86::dos {

class System {
public:
    System(Guest& guest, u8 version_major, u8 version_minor)
        : guest_(guest), major_(version_major), minor_(version_minor) {}
    /// Device headers, list of lists, defaults. `strategy` and `interrupt` are the drivers' entries (offsets in F000h).
    void initialise(u16 strategy, u16 interrupt);
    void install(Functions& functions);

    void remember_error(DosError error);

private:
    void write_device(SegOff header, SegOff next, u16 attributes, const char* name, u16 strategy, u16 interrupt);
    void version(Caller& caller) const;
    void flags(Caller& caller);
    void switch_character(Caller& caller);
    void extended_error(Caller& caller) const;
    void internals(Caller& caller);

    Guest& guest_;
    u8 major_, minor_;
};

}  // namespace dyn86::dos
