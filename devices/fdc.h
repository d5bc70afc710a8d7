// NEC uPD765A floppy disk controller and the diskette adapter around it.
#pragma once

#include "devices/dma.h"
#include "src/base/archive.h"
#include "src/base/bus.h"
#include "src/base/disk_medium.h"
#include "src/base/scheduler.h"
#include "src/base/types.h"

#include <array>
#include <initializer_list>
#include <optional>
#include <vector>

namespace dyn86 {

/// The 765 at register level, with up to four drives [765; IBM XT, "5-1/4 Inch Diskette Drive Adapter"].
///
///     3F2h DOR     1-0 drive, 2 low resets, 3 lets IRQ and DMA requests through, 7-4 motors
///     3F4h MSR     7 ready for a byte, 6 it goes to the CPU, 5 transfer without DMA, 4 busy, 3-0 drive seeks
///     3F5h data    commands, results, and sectors without DMA
///     3F7h         high-density adapters only: read 7 the selected drive's disk was changed; write 1-0 data rate
///
/// Time: steps take what SPECIFY says, bytes what the data rate says. Rotational latency is left out (the wanted sector
/// always comes next), but for READ ID, which shows the sectors as they pass, and for what looks in vain, which takes
/// two revolutions. Motors are up to speed at once. assumed: nothing waits for a disk to be slower.
///
/// READY is tied high on IBM's adapter, so a command for a drive without a disk, or with its motor off, waits until
/// that changes or the guest resets the chip. The DOR selects the drive: the chip's unit lines end at its pins, so that
/// the unit number of a command only says whose seek it is (IBM's BIOS of 1986 relies on that: it recalibrates unit
/// FEh).
///
/// Wiring: `irq` is IR6, `request` the DMA's DREQ2, whose peripheral this is. Media are the machine's.
class Fdc final : public PortDevice, public DmaPeripheral {
public:
    static constexpr Port first_port = 0x3F0;
    static constexpr u32 port_count = 8;
    static constexpr std::size_t drives = 4;

    enum class Adapter : u8 { Pc, HighDensity };

    Fdc(Scheduler& scheduler, Pin& irq, Pin& request, Adapter adapter = Adapter::HighDensity);

    /// How many drives hang on the cable: 0-4.
    void set_drive_count(std::size_t count);
    /// Puts a disk in or takes it out (null); the drive remembers that it was changed until its heads step.
    void insert(std::size_t drive, FloppyMedium* medium);

    u8 in(Port port) override;
    void out(Port port, u8 value) override;
    u8 dma_read() override;
    void dma_write(u8 value) override;
    void dma_verify() override;
    void terminal_count() override;

    /// Media are configuration; which disk lies where is not saved.
    void serialize(Archive& ar);

private:
    enum class Phase : u8 { Idle, Command, Execution, ByteTransfer, Result };
    enum class Command : u8 {
        ReadTrack = 0x02,
        Specify = 0x03,
        SenseDrive = 0x04,
        WriteData = 0x05,
        ReadData = 0x06,
        Recalibrate = 0x07,
        SenseInterrupt = 0x08,
        WriteDeleted = 0x09,
        ReadId = 0x0A,
        ReadDeleted = 0x0C,
        FormatTrack = 0x0D,
        Seek = 0x0F,
        ScanEqual = 0x11,
        ScanLow = 0x19,
        ScanHigh = 0x1D,
        Invalid = 0x00,
    };
    struct Drive {
        FloppyMedium* medium = nullptr;
        bool is_connected = false;
        bool changed = true;
        u8 cylinder = 0;  // where its heads stand

        void serialize(Archive& ar);
    };
    /// What the chip knows of one of its four units.
    struct Unit {
        u8 present_cylinder = 0;  // PCN, where it believes the heads
        bool seeking = false;     // from the command to SENSE INTERRUPT
        Ticks arrives = Ticks::never();
        std::optional<u8> status;  // ST0 for SENSE INTERRUPT

        void serialize(Archive& ar);
    };
    /// What ends a transfer, beside ST0's code.
    struct Errors {
        u8 st1 = 0, st2 = 0;
    };

    // fdc.cpp: ports, commands without data, results
    [[nodiscard]] u8 main_status() const;
    /// The selected drive's.
    [[nodiscard]] bool motor_runs() const { return (dor_ >> (4 + (dor_ & 3)) & 1) != 0; }
    void write_dor(u8 value);
    void reset();
    void take_command_byte(u8 value);
    void execute();
    void specify();
    void sense_interrupt();
    void sense_drive();
    void seek(u8 to);
    void recalibrate();
    void start_moving(int steps, u8 status);
    [[nodiscard]] int last_cylinder();
    void heads_arrive();
    void schedule_seeks();
    u8 read_data();
    void write_data(u8 value);
    void answer(std::initializer_list<u8> bytes);
    void raise_irq(bool high);
    [[nodiscard]] static std::size_t length_of(Command command);
    [[nodiscard]] static Command decode(u8 byte);

    // fdc_transfer.cpp: commands that look at the disk
    [[nodiscard]] Unit& unit() { return units_[command_[1] & 3u]; }
    [[nodiscard]] Drive& selected() { return drives_[dor_ & 3u]; }
    [[nodiscard]] u8 head() const { return command_[1] >> 2 & 1; }
    [[nodiscard]] bool is_multi_track() const { return (command_[0] & 0x80) != 0; }
    [[nodiscard]] bool is_mfm() const { return (command_[0] & 0x40) != 0; }
    [[nodiscard]] bool skips() const { return (command_[0] & 0x20) != 0; }
    [[nodiscard]] bool is_write() const { return opcode_ == Command::WriteData || opcode_ == Command::WriteDeleted; }
    [[nodiscard]] bool is_scan() const;
    [[nodiscard]] bool wants_bytes() const { return is_write() || is_scan() || opcode_ == Command::FormatTrack; }
    [[nodiscard]] std::size_t transfer_size() const;
    [[nodiscard]] Ticks byte_time() const;
    [[nodiscard]] Ticks step_time() const;
    [[nodiscard]] Ticks revolution() const;
    [[nodiscard]] std::vector<FloppyMedium::Sector> track();

    void begin_access();
    void try_access();
    void find_sector();
    void find_id();
    void not_found(const std::vector<FloppyMedium::Sector>& sectors);
    [[nodiscard]] bool has_wrong_mark(const FloppyMedium::Sector& sector) const;
    void run_until(Ticks when);
    void execution_event();
    void move_sector();
    void move_bytes();
    void bytes_moved();
    void finish_sector();
    void store_sector();
    [[nodiscard]] bool compare_sector();
    void finish_format();
    void next_sector();
    [[nodiscard]] bool advance_id();
    void finish(Errors errors);

    Scheduler& scheduler_;
    Pin& irq_;
    Pin& request_;
    Adapter adapter_;
    Scheduler::Event execution_event_, seek_event_;
    std::array<Drive, drives> drives_;
    std::array<Unit, drives> units_;

    u8 dor_ = 0;
    u8 rate_ = 2;  // 250 kbit/s
    Phase phase_ = Phase::Idle;
    std::vector<u8> command_;
    std::vector<u8> result_;
    std::size_t result_read_ = 0;
    Command opcode_ = Command::Invalid;
    bool interrupting_ = false;        // the INT pin
    Ticks reset_at_ = Ticks::never();  // when it tells of its reset
    u8 step_rate_ = 0;
    bool without_dma_ = false;

    // a transfer
    bool waiting_for_disk_ = false;
    bool terminal_count_ = false;
    SectorId wanted_;
    u8 side_ = 0;            // the head in use, which multi-track changes
    std::size_t index_ = 0;  // of the sector in its track; READ TRACK: how many are read
    std::vector<u8> buffer_;
    std::size_t position_ = 0;
    Errors found_;          // flags that do not end the command
    Errors sector_errors_;  // flags that end it after this sector
    bool lookup_failed_ = false;
    Ticks ready_at_ = Ticks::never();
};

}  // namespace dyn86
