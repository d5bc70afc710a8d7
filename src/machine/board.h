// The system board and its display card: which chips there are and how they are wired. No behaviour of its own.
#pragma once

#include "cpu/memory.h"
#include "devices/cga.h"
#include "devices/dma.h"
#include "devices/dma_pages.h"
#include "devices/fdc.h"
#include "devices/keyboard.h"
#include "devices/mda.h"
#include "devices/nmi_mask.h"
#include "devices/pic.h"
#include "devices/pit.h"
#include "devices/ppi.h"
#include "devices/speaker.h"
#include "devices/xtide.h"
#include "src/base/bus.h"
#include "src/base/scheduler.h"
#include "src/dyn86.h"

#include <optional>

namespace dyn86 {

/// INTR: a level, looked at by the engines at instruction boundaries.
class IntrPin final : public Pin {
public:
    explicit IntrPin(Core& core) : core_(core) {}
    void set_level(bool high) override { core_.intr = high ? 1 : 0; }

private:
    Core& core_;
};

/// NMI: the rising edge is latched until the CPU serves it.
class NmiPin final : public Pin {
public:
    explicit NmiPin(Core& core) : core_(core) {}
    void set_level(bool high) override {
        if (high && !level_) core_.nmi = 1;
        level_ = high;
    }

private:
    Core& core_;
    bool level_ = false;
};

/// An IBM XT's board with an MDA or a CGA.
class Board {
public:
    struct Options {
        Adapter adapter = Adapter::Cga;
        u32 memory_kib = 640;
        u8 floppy_drives = 1;
    };

    Board(Memory& memory, PortBus& ports, Scheduler& scheduler, const Options& options);
    /// Lays out the address space: RAM, video memory with its repetitions, nothing elsewhere. The ROM is the BIOS's
    /// matter.
    Result<> map_memory();

    [[nodiscard]] Pic& pic() { return pic_; }
    [[nodiscard]] Keyboard& keyboard() { return keyboard_; }
    [[nodiscard]] const Keyboard& keyboard() const { return keyboard_; }
    /// Its drives are connected as the options say; disks are put in by whoever has them.
    [[nodiscard]] Fdc& fdc() { return fdc_; }
    /// Hangs a disk (0: master, 1: slave) on an XT-IDE card, which is in the machine from the first one on.
    void attach_hard_disk(std::size_t drive, HardDiskMedium& medium);
    [[nodiscard]] Screen screen() const;
    /// Rows of text as the 6845 is programmed.
    [[nodiscard]] u16 text_rows() const { return mda_ ? mda_->crtc().rows() : cga_->crtc().rows(); }

private:
    [[nodiscard]] static SystemSwitches switches(const Options& options);

    Memory& memory_;
    PortBus& ports_;
    Options options_;
    IntrPin intr_;
    NmiPin nmi_;
    Pic pic_;
    Pit pit_;
    Keyboard keyboard_;
    Speaker speaker_;
    Ppi ppi_;
    NmiMask nmi_mask_;
    DmaPages dma_pages_;
    Dma dma_;
    Fdc fdc_;
    std::optional<XtIde> xtide_;
    std::optional<Mda> mda_;
    std::optional<Cga> cga_;
};

}  // namespace dyn86
