// --trace=int21: every call of a program's, with what it was given and what came of it, a line each.
#pragma once

#include "src/dos/caller.h"
#include "src/dos/drives.h"

#include <functional>
#include <string>
#include <string_view>

namespace dyn86::dos {

enum class Part : u8;

/// "0C5A 21/3D open "IN.TXT", 00 = 0005 (/home/ada/in.txt)": the process, the function, its name and arguments, its
/// result, and the host's file. A call is told when it has come back; one that starts or ends a program, before.
class CallTrace {
public:
    using Sink = std::function<void(std::string_view line)>;
    CallTrace(const Guest& guest, const Drives& drives, Sink sink)
        : guest_(guest), drives_(drives), sink_(std::move(sink)) {}

    void entering(const Caller& caller) const;
    void returned(const Caller& before, const Caller& after) const;
    /// INT 20h, INT 27h.
    void ended(u8 interrupt) const;

private:
    [[nodiscard]] std::string beginning(const Caller& caller) const;
    [[nodiscard]] std::string argument(Part part, const Caller& caller) const;
    [[nodiscard]] std::string result(Part part, const Caller& before, const Caller& after) const;
    [[nodiscard]] std::string host_file(Part part, const Caller& before) const;
    [[nodiscard]] std::string quoted(SegOff at, std::size_t length) const;
    [[nodiscard]] std::string fcb(SegOff at) const;
    [[nodiscard]] std::string child(const Caller& caller) const;

    const Guest& guest_;
    const Drives& drives_;
    Sink sink_;
};

}  // namespace dyn86::dos
