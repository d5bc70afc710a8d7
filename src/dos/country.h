// Country and code page information: INT 21h AH=38h, 63h, 65h, 66h.
#pragma once

#include "src/dos/code_page.h"
#include "src/dos/functions.h"

namespace dyn86::dos {

class Country {
public:
    Country(Guest& guest, CodePage page) : guest_(guest), page_(page) {}
    /// Writes the tables that AH=65h points at. `casemap` is the far procedure of AH=38h.
    void initialise(SegOff casemap);
    void set_casemap(SegOff procedure) { casemap_ = procedure; }
    void install(Functions& functions);

private:
    void write_information(SegOff to);
    void information(Caller& caller);
    void extended(Caller& caller);
    void extended_information(Caller& caller);
    void table(Caller& caller, u16 at);
    void upper_case(Caller& caller);
    void code_page(Caller& caller);

    Guest& guest_;
    CodePage page_;
    SegOff casemap_;
};

}  // namespace dyn86::dos
