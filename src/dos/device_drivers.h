// --device: drivers that DOS loads before the first program starts.
#pragma once

#include "src/base/result.h"
#include "src/dos/arena.h"
#include "src/dos/driver_calls.h"
#include "src/dos/setup.h"

#include <optional>
#include <vector>

namespace dyn86::dos {

/// Loads one file after the other into memory blocks of DOS's own, has the guest call each driver's entries with the
/// initialisation request (the loop is in roms/dos.asm), and links those that stay into the chain behind NUL.
class DeviceDrivers {
public:
    DeviceDrivers(Guest& guest, Arena& arena, DriverCalls& calls, std::vector<DriverSpec> specs)
        : guest_(guest), arena_(arena), calls_(calls), specs_(std::move(specs)) {}

    [[nodiscard]] bool has_any() const { return !specs_.empty(); }
    /// The stack for the drivers' initialisation.
    DosResult<SegOff> allocate_stack();
    /// What came of the last request, and the next: false when all drivers are there.
    Result<bool> next();

private:
    struct Loaded {
        std::size_t spec = 0;
        u16 block = 0;
        SegOff header;
        u16 headers = 0;  // of the file so far
    };
    [[nodiscard]] Result<Loaded> load(std::size_t spec);
    [[nodiscard]] Result<> check(const Loaded& loaded) const;
    void ask(const Loaded& loaded);
    Result<> finish();
    void link(SegOff header);

    Guest& guest_;
    Arena& arena_;
    DriverCalls& calls_;
    std::vector<DriverSpec> specs_;
    std::size_t next_spec_ = 0;
    std::optional<Loaded> asked_;
    u16 stack_ = 0;
};

}  // namespace dyn86::dos
