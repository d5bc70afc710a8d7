// Intel 8237A Programmable DMA Controller.
#pragma once

#include "devices/dma_pages.h"
#include "devices/pit_counter.h"
#include "src/base/archive.h"
#include "src/base/bus.h"
#include "src/base/ticks.h"
#include "src/base/types.h"

#include <array>
#include <optional>

namespace dyn86 {

class Pit;

/// What hangs on a DREQ/DACK pair. Called while its request is served; it lowers its request when it has no more to
/// move.
class DmaPeripheral {
public:
    virtual ~DmaPeripheral() = default;
    /// DACK with IOR: a byte for memory.
    virtual u8 dma_read() = 0;
    /// DACK with IOW: a byte from memory.
    virtual void dma_write(u8 value) = 0;
    /// DACK alone: a verify transfer.
    virtual void dma_verify() = 0;
    /// EOP, with the last transfer of the count.
    virtual void terminal_count() = 0;
};

/// 8237A: four channels with all modes and transfer types, memory to memory included [8237A].
///
/// Transfers take no time: a request is served when it is made, until the peripheral drops it or the count ends (a
/// request that outlives its count is looked at again at the next access or request). assumed: nothing observable hangs
/// on the CPU clocks that DMA steals; `--timing=exact` machines without refresh would differ by some 5 %.
///
/// Refresh costs nothing either: the transfers of channel 0 that the timer's OUT 1 has asked for are counted when a
/// register is looked at. They read memory and have no other effect; a guest that programs channel 0 to write gets no
/// writes from refresh.
///
/// Wiring: PC and XT, ports 00h-1Fh (A0-A3 decoded inside). `refresh_from(pit)`. Diskette: channel 2. Hard disk:
/// channel 3.
class Dma final : public PortDevice {
public:
    static constexpr Port first_port = 0x00;
    static constexpr u32 port_count = 0x20;
    static constexpr std::size_t channels = 4;

    Dma(const Clock& clock, GuestMemory& memory, const DmaPages& pages);

    void connect(std::size_t channel, DmaPeripheral& peripheral) { channels_.at(channel).peripheral = &peripheral; }
    [[nodiscard]] Pin& request(std::size_t channel) { return requests_.at(channel); }
    /// Counts the rises of the timer's OUT 1 as requests of channel 0.
    void refresh_from(Pit& pit);

    u8 in(Port port) override;
    void out(Port port, u8 value) override;
    void serialize(Archive& ar);

private:
    enum class Transfer : u8 { Verify, Write, Read, Illegal };
    enum class Service : u8 { Demand, Single, Block, Cascade };

    class Request final : public Pin {
    public:
        void connect(Dma& dma, u8 bit) {
            dma_ = &dma;
            bit_ = bit;
        }
        void set_level(bool high) override;

    private:
        Dma* dma_ = nullptr;
        u8 bit_ = 0;
    };
    struct Channel {
        u16 base_address = 0, base_count = 0;
        u16 address = 0, count = 0;
        u8 mode = 0;
        DmaPeripheral* peripheral = nullptr;

        [[nodiscard]] Transfer transfer() const { return Transfer(mode >> 2 & 3); }
        [[nodiscard]] Service service() const { return Service(mode >> 6); }
        [[nodiscard]] bool initialises_itself() const { return (mode & 0x10) != 0; }
        [[nodiscard]] u16 step() const { return (mode & 0x20) != 0 ? u16{0xFFFF} : u16{1}; }
        void serialize(Archive& ar);
    };

    [[nodiscard]] bool is_enabled() const { return (command_ & 0x04) == 0; }
    [[nodiscard]] bool memory_to_memory() const { return (command_ & 0x01) != 0; }
    [[nodiscard]] u8 requesting() const;
    [[nodiscard]] std::optional<std::size_t> next_channel(u8 not_these) const;
    void serve();
    bool serve_channel(std::size_t index);
    bool move_one(std::size_t index);
    bool move_memory();
    bool count_down(std::size_t index);
    void finish(std::size_t index);

    void write_register(Port offset, u8 value);
    void write_half(u16& base, u16& current, u8 value);
    u8 read_half(u16 value);
    void master_clear();

    void sync_refresh();
    void refresh(i64 times);
    [[nodiscard]] bool takes_refresh() const;

    const Clock& clock_;
    GuestMemory& memory_;
    const DmaPages& pages_;
    std::array<Channel, channels> channels_;
    std::array<Request, channels> requests_;
    u8 lines_ = 0;     // DREQ0-3
    u8 software_ = 0;  // the request register
    u8 mask_ = 0x0F;
    u8 terminal_ = 0;  // status bits 3-0
    u8 command_ = 0;
    u8 temporary_ = 0;
    u8 lowest_ = 3;  // rotating priority: the channel served last
    bool high_byte_next_ = false;
    bool serving_ = false;

    PitCounter refresh_timer_{PitCounter::Model::I8253};  // OUT 1 since the refreshes were counted last
    bool has_refresh_ = false;
    bool refresh_waits_ = false;  // the board's flip-flop between OUT 1 and DREQ0
};

}  // namespace dyn86
