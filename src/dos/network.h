// What programs ask of a network: INT 21h AH=5Eh and 5Fh. There is none.
#pragma once

#include "src/dos/functions.h"

namespace dyn86::dos {

class Network {
public:
    explicit Network(Guest& guest) : guest_(guest) {}
    void install(Functions& functions);

private:
    void machine_name(Caller& caller);

    Guest& guest_;
};

}  // namespace dyn86::dos
