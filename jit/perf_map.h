// Names of translated code for Linux perf: /tmp/perf-PID.map, of which each line is an address, a length and a name.
// [Linux tools/perf/Documentation/jit-interface.txt]
#pragma once

#include "src/base/result.h"
#include "src/base/types.h"

#include <memory>
#include <span>
#include <string_view>

namespace dyn86::jit {

/// Only grows: after a flush old names stay beside the new ones at the same addresses, and perf cannot tell when.
/// One per process, since the file is.
class PerfMap {
public:
    static Result<std::unique_ptr<PerfMap>> create();
    ~PerfMap();
    PerfMap(const PerfMap&) = delete;
    PerfMap& operator=(const PerfMap&) = delete;

    /// `code` at its executable address.
    void name(std::span<const u8> code, std::string_view name) const;
    /// g_CS_IP for the straight part of a block, g_CS_IP_cold for what is out of line.
    void name_block(SegOff head, std::span<const u8> code, std::span<const u8> cold) const;

private:
    explicit PerfMap(int fd) : fd_(fd) {}
    int fd_;
};

}  // namespace dyn86::jit
