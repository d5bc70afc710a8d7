// What DOS is made of, for the files that implement Dos.
#pragma once

#include "src/dos/country.h"
#include "src/dos/device_drivers.h"
#include "src/dos/disk_blocks.h"
#include "src/dos/dos.h"
#include "src/dos/fcb.h"
#include "src/dos/ioctl.h"
#include "src/dos/kernel.h"
#include "src/dos/network.h"
#include "src/dos/ports.h"
#include "src/dos/rom_entries.h"
#include "src/dos/shell/shell.h"

#include <functional>
#include <memory>
#include <optional>

namespace dyn86::dos {

struct Dos::Parts {
    Parts(Memory& memory, const Clock& clock, ConsoleOutput& output, Setup given)
        : setup(std::move(given)),
          guest(memory),
          drives(guest, setup.code_page),
          calendar(guest, clock, setup.date),
          streams(setup.streams, setup.code_page, setup.keep_waiting),
          table(guest, streams, calendar),
          arena(guest),
          console(guest, table, streams, output),
          driver_calls(guest, table),
          ports(guest, table, driver_calls),
          files(guest, drives, table, console, ports, arena),
          blocks(guest, drives),
          ioctl(guest, drives, blocks, table, console, driver_calls),
          finder(guest, drives),
          fcbs(guest, drives, table, files, finder),
          country(guest, setup.code_page),
          network(guest),
          system(guest, setup.version_major, setup.version_minor),
          process(guest, drives, table, arena, u16(setup.version_major | setup.version_minor << 8)),
          device_drivers(guest, arena, driver_calls, setup.drivers),
          mouse(guest, setup.set_mouse_line),
          kernel(guest, functions, console, process, system, table),
          shells(guest, {{}, setup.version_major, setup.version_minor}) {
        if (setup.trace) {
            trace.emplace(guest, drives, setup.trace);
            kernel.set_trace(&*trace);
        }
        table.on_stream_output([this](std::span<const u8> text) { console.show(text); });
    }

    void install();
    void set_vectors(const RomEntries& entries);
    Result<> build(const RomEntries& entries, u16 memory_end);
    /// Z:, where COMMAND.COM is.
    Result<> add_shell_drive(const RomEntries& entries);
    [[nodiscard]] Result<std::unique_ptr<OpenFile>> reopen(const OpenFileState& saved) const;
    void report_end();
    Result<> begin_drivers(std::function<Result<>()> then);
    void next_driver();

    Setup setup;
    Guest guest;
    Functions functions;
    Drives drives;
    Calendar calendar;
    Streams streams;
    FileTable table;
    Arena arena;
    Console console;
    DriverCalls driver_calls;
    Ports ports;
    Files files;
    DiskBlocks blocks;
    Ioctl ioctl;
    Finder finder;
    Fcbs fcbs;
    Country country;
    Network network;
    System system;
    Process process;
    DeviceDrivers device_drivers;
    Mouse mouse;
    std::optional<CallTrace> trace;
    Kernel kernel;
    shell::Shells shells;
    SegOff driver_loop;                        // in the ROM
    std::function<Result<>()> behind_drivers;  // what starts when all are there
};

}  // namespace dyn86::dos
