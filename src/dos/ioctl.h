// INT 21h AH=44h: what a handle or drive is, and whether it is ready.
#pragma once

#include "src/dos/console.h"
#include "src/dos/drives.h"

namespace dyn86::dos {

class Ioctl {
public:
    Ioctl(Drives& drives, FileTable& table, Console& console) : drives_(drives), table_(table), console_(console) {}
    void install(Functions& functions);

private:
    void call(Caller& caller);
    void get_information(Caller& caller);
    void set_information(Caller& caller);
    void input_status(Caller& caller);
    Action input_status_step(Frame& frame);
    void about_drive(Caller& caller);

    Drives& drives_;
    FileTable& table_;
    Console& console_;
};

}  // namespace dyn86::dos
