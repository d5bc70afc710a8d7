#include "src/dos/network.h"

namespace dyn86::dos {

/// CX = 0: it has none; the name is blanks. [RBIL 21/AX=5E00h]
void Network::machine_name(Caller& caller) {
    constexpr std::size_t length = 15;
    guest_.fill(caller.ds_dx(), length, ' ');
    guest_.set_byte(caller.ds_dx() + length, 0);
    caller.cx = 0;
    caller.succeed();
}

void Network::install(Functions& functions) {
    functions.on(0x5E, [this](Caller& c) { c.al() == 0 ? machine_name(c) : c.fail(DosError::InvalidFunction); });
    functions.on(0x5F, [](Caller& c) { c.fail(DosError::InvalidFunction); });
}

}  // namespace dyn86::dos
