// The system board and its display card: which chips there are and how they are wired. No behaviour of its own.
#pragma once

#include "cpu/memory.h"
#include "devices/cga.h"
#include "devices/dma.h"
#include "devices/dma_pages.h"
#include "devices/fdc.h"
#include "devices/hercules.h"
#include "devices/keyboard.h"
#include "devices/mda.h"
#include "devices/nmi_mask.h"
#include "devices/no_slot_clock.h"
#include "devices/pic.h"
#include "devices/pit.h"
#include "devices/ppi.h"
#include "devices/rtc.h"
#include "devices/speaker.h"
#include "devices/xtide.h"
#include "src/base/bus.h"
#include "src/base/scheduler.h"
#include "src/dyn86.h"
#include "src/machine/state_part.h"

#include <functional>
#include <optional>
#include <utility>
#include <vector>

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
    void serialize(Archive& ar) { ar("level", level_); }

private:
    Core& core_;
    bool level_ = false;
};

/// The upper 32 KiB of a Hercules card: they answer while the pin is high, and keep what they hold while it is not.
class SecondPage final : public Pin {
public:
    explicit SecondPage(Memory& memory) : memory_(memory), content_(Hercules::page_size) {}
    void set_level(bool high) override;
    /// What it holds while it does not answer. Behind the card, whose switch says whether it does.
    void serialize(Archive& ar);

private:
    Memory& memory_;
    std::vector<u8> content_;
    bool answers_ = false;
};

/// An IBM PC's or XT's board with an MDA, a CGA or a Hercules card, and a clock chip that IBM's had not.
class Board {
public:
    struct Options {
        Adapter adapter = Adapter::Cga;
        u32 memory_kib = 640;
        u8 floppy_drives = 1;
        BoardModel model = BoardModel::Xt;
        i64 local_seconds = 0;  // of the clock chips at power-on
    };

    Board(Memory& memory, PortBus& ports, Scheduler& scheduler, const Options& options);
    /// Lays out the address space: RAM, video memory with its repetitions, nothing elsewhere. The ROM is the BIOS's
    /// matter.
    Result<> map_memory();

    /// Puts a clock under the ROM that is at `start` by now.
    void place_no_slot_clock(Linear start);

    /// Every chip, in the order in which a state restores them.
    void add_parts(std::vector<StatePart>& parts);
    [[nodiscard]] Pic& pic() { return pic_; }
    /// `hook` is called when the CPU has taken a timer interrupt: the timer's next event has become later then.
    void on_timer_served(std::function<void()> hook) { timer_served_ = std::move(hook); }
    [[nodiscard]] Keyboard& keyboard() { return keyboard_; }
    [[nodiscard]] const Keyboard& keyboard() const { return keyboard_; }
    [[nodiscard]] Speaker& speaker() { return speaker_; }
    [[nodiscard]] const Speaker& speaker() const { return speaker_; }
    /// Its drives are connected as the options say; disks are put in by whoever has them.
    [[nodiscard]] Fdc& fdc() { return fdc_; }
    /// Hangs a disk (0: master, 1: slave) on an XT-IDE card, which is in the machine from the first one on.
    void attach_hard_disk(std::size_t drive, HardDiskMedium& medium);
    [[nodiscard]] Screen screen() const;
    /// A bit of the adapter's status port that tells of the vertical sync alone.
    struct SyncBit {
        Port port = 0;
        u8 mask = 0;
    };
    [[nodiscard]] std::optional<SyncBit> sync_bit() const;
    /// When that bit changes next.
    [[nodiscard]] Ticks sync_change() const { return crtc().vertical_sync_change(); }
    /// Rows of text as the 6845 is programmed.
    [[nodiscard]] u16 text_rows() const { return adapter().picture().rows; }

private:
    [[nodiscard]] static SystemSwitches switches(const Options& options);
    void map_ports();
    void map_adapter();
    [[nodiscard]] const DisplayAdapter& adapter() const;
    [[nodiscard]] const Crtc& crtc() const;

    Memory& memory_;
    PortBus& ports_;
    const Clock& clock_;
    Options options_;
    IntrPin intr_;
    NmiPin nmi_;
    Pic pic_;
    Pit pit_;
    std::function<void()> timer_served_;
    Keyboard keyboard_;
    Speaker speaker_;
    Ppi ppi_;
    NmiMask nmi_mask_;
    DmaPages dma_pages_;
    Dma dma_;
    Fdc fdc_;
    Rtc rtc_;
    std::optional<NoSlotClock> no_slot_clock_;
    std::optional<XtIde> xtide_;
    std::optional<Mda> mda_;
    std::optional<Cga> cga_;
    SecondPage second_page_;
    std::optional<Hercules> hercules_;
};

}  // namespace dyn86
