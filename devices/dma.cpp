#include "devices/dma.h"

#include "devices/pit.h"

#include <string_view>

namespace dyn86 {
namespace {
constexpr u8 bit_of(std::size_t channel) {
    return u8(1u << channel);
}
}  // namespace

Dma::Dma(const Clock& clock, GuestMemory& memory, const DmaPages& pages)
    : clock_(clock), memory_(memory), pages_(pages) {
    for (std::size_t index = 0; index < channels; ++index) requests_[index].connect(*this, bit_of(index));
}

void Dma::Request::set_level(bool high) {
    dma_->lines_ = high ? u8(dma_->lines_ | bit_) : u8(dma_->lines_ & ~bit_);
    if (high) dma_->serve();
}

/// Who wants service and may have it. Software requests cannot be masked. [8237A, "Request Register"]
u8 Dma::requesting() const {
    const u8 active = (command_ & 0x40) != 0 ? u8(~lines_ & 0x0F) : lines_;
    return u8((active & ~mask_) | software_);
}

std::optional<std::size_t> Dma::next_channel(u8 not_these) const {
    const bool rotates = (command_ & 0x10) != 0;
    const std::size_t first = rotates ? lowest_ + 1u : 0;
    for (std::size_t i = 0; i < channels; ++i) {
        const std::size_t index = (first + i) % channels;
        if ((requesting() & ~not_these & bit_of(index)) != 0) return index;
    }
    return std::nullopt;
}

void Dma::serve() {
    if (serving_ || !is_enabled()) return;
    serving_ = true;  // peripherals move their request lines while being served
    u8 ended = 0;
    for (auto index = next_channel(ended); index; index = next_channel(ended)) {
        if (serve_channel(*index)) ended |= bit_of(*index);
        lowest_ = u8(*index);
    }
    serving_ = false;
}

/// One grant of the bus: a byte in single and demand mode (which differ only in time), the whole count in block mode.
/// True when the channel is done for now.
bool Dma::serve_channel(std::size_t index) {
    if (index == 0 && memory_to_memory()) {
        while (!move_memory()) {
        }
        return true;
    }
    const Service service = channels_[index].service();
    if (service == Service::Cascade) return true;  // another master has the bus
    bool ended = move_one(index);
    while (!ended && service == Service::Block) ended = move_one(index);
    return ended;
}

/// Moves a byte; true when the count has ended with it.
bool Dma::move_one(std::size_t index) {
    Channel& channel = channels_[index];
    const Linear where = pages_.base_of(index) | channel.address;
    u8 byte = 0xFF;
    switch (channel.transfer()) {
        case Transfer::Write:
            if (channel.peripheral != nullptr) byte = channel.peripheral->dma_read();
            memory_.copy_in(where, {&byte, 1});
            break;
        case Transfer::Read:
            memory_.copy_out(where, {&byte, 1});
            if (channel.peripheral != nullptr) channel.peripheral->dma_write(byte);
            break;
        case Transfer::Verify:
        case Transfer::Illegal:  // assumed: as verify
            if (channel.peripheral != nullptr) channel.peripheral->dma_verify();
    }
    channel.address = u16(channel.address + channel.step());
    return count_down(index);
}

/// Channel 0 reads into the temporary register, channel 1 writes it and counts. [8237A, "Memory-to-Memory"]
bool Dma::move_memory() {
    Channel& source = channels_[0];
    Channel& target = channels_[1];
    memory_.copy_out(pages_.base_of(0) | source.address, {&temporary_, 1});
    memory_.copy_in(pages_.base_of(1) | target.address, {&temporary_, 1});
    const bool holds = (command_ & 0x02) != 0;
    if (!holds) source.address = u16(source.address + source.step());
    target.address = u16(target.address + target.step());
    const bool ended = count_down(1);
    if (ended) software_ &= u8(~bit_of(0));
    return ended;
}

/// The count reaches FFFFh after count + 1 transfers. [8237A, "Current Word Register"]
bool Dma::count_down(std::size_t index) {
    Channel& channel = channels_[index];
    if (channel.count-- != 0) return false;
    finish(index);
    return true;
}

void Dma::finish(std::size_t index) {
    Channel& channel = channels_[index];
    const u8 bit = bit_of(index);
    terminal_ |= bit;
    software_ &= u8(~bit);
    if (channel.initialises_itself()) {
        channel.address = channel.base_address;
        channel.count = channel.base_count;
    } else {
        mask_ |= bit;
    }
    if (channel.peripheral != nullptr) channel.peripheral->terminal_count();
}

u8 Dma::in(Port port) {
    sync_refresh();
    const Port offset = port & 0x0F;
    if (offset < 8) {
        const Channel& channel = channels_[offset / 2];
        return read_half((offset & 1) != 0 ? channel.count : channel.address);
    }
    if (offset == 0x0D) return temporary_;
    if (offset != 0x08) return 0xFF;  // illegal [8237A, figure 6]
    const u8 active = (command_ & 0x40) != 0 ? u8(~lines_ & 0x0F) : lines_;
    const u8 status = u8((active | software_) << 4 | terminal_);
    terminal_ = 0;  // a read clears them
    return status;
}

void Dma::out(Port port, u8 value) {
    sync_refresh();
    write_register(port & 0x0F, value);
    if (refresh_waits_ && takes_refresh()) {
        refresh_waits_ = false;
        refresh(1);
    }
    serve();
}

void Dma::write_register(Port offset, u8 value) {
    Channel& named = channels_[value & 3];
    const u8 bit = bit_of(value & 3);
    switch (offset) {
        case 0x08: command_ = value; break;
        case 0x09: software_ = (value & 4) != 0 ? u8(software_ | bit) : u8(software_ & ~bit); break;
        case 0x0A: mask_ = (value & 4) != 0 ? u8(mask_ | bit) : u8(mask_ & ~bit); break;
        case 0x0B: named.mode = value & 0xFC; break;
        case 0x0C: high_byte_next_ = false; break;
        case 0x0D: master_clear(); break;
        case 0x0E: mask_ = 0; break;
        case 0x0F: mask_ = value & 0x0F; break;
        default: {
            Channel& channel = channels_[offset / 2];
            if ((offset & 1) != 0) {
                write_half(channel.base_count, channel.count, value);
            } else {
                write_half(channel.base_address, channel.address, value);
            }
        }
    }
}

/// Base and current are written together, a half at a time; the current one may have moved on between the halves.
void Dma::write_half(u16& base, u16& current, u8 value) {
    const auto replace = [&](u16 word) {
        return high_byte_next_ ? u16(value << 8 | (word & 0xFF)) : u16((word & 0xFF00) | value);
    };
    base = replace(base);
    current = replace(current);
    high_byte_next_ = !high_byte_next_;
}

u8 Dma::read_half(u16 value) {
    const u8 half = u8(high_byte_next_ ? value >> 8 : value);
    high_byte_next_ = !high_byte_next_;
    return half;
}

void Dma::master_clear() {
    command_ = software_ = terminal_ = temporary_ = 0;
    mask_ = 0x0F;
    high_byte_next_ = false;
}

void Dma::refresh_from(Pit& pit) {
    pit.observe(1, [this](const PitCounter& counter) {
        sync_refresh();
        refresh_timer_ = counter;
        refresh_timer_.advance_to(clock_.now().count / Pit::ticks_per_clk);  // what is past has been counted
        has_refresh_ = true;
    });
}

bool Dma::takes_refresh() const {
    return is_enabled() && !memory_to_memory() && (mask_ & 1) == 0 && channels_[0].service() != Service::Cascade;
}

void Dma::sync_refresh() {
    if (!has_refresh_) return;
    const i64 now = clock_.now().count / Pit::ticks_per_clk;
    const i64 requests = refresh_timer_.rises_until(now);
    refresh_timer_.advance_to(now);
    if (requests == 0) return;
    if (takes_refresh()) {
        refresh(requests);
    } else {
        refresh_waits_ = true;  // the flip-flop holds one
    }
}

/// So many transfers of channel 0 at once.
void Dma::refresh(i64 times) {
    Channel& channel = channels_[0];
    const auto advance = [&](i64 by) {
        channel.address = u16(channel.address + by * i64{i16(channel.step())});
        channel.count = u16(channel.count - by);
    };
    const i64 until_end = i64{channel.count} + 1;
    if (times < until_end) return advance(times);
    advance(until_end);
    finish(0);
    if (channel.initialises_itself()) {
        advance((times - until_end) % (i64{channel.base_count} + 1));
    } else {
        refresh_waits_ = times > until_end;
    }
}

void Dma::Channel::serialize(Archive& ar) {
    ar("base_address", base_address);
    ar("base_count", base_count);
    ar("address", address);
    ar("count", count);
    ar("mode", mode);
}

void Dma::serialize(Archive& ar) {
    ar("channels", channels_);
    ar("lines", lines_);
    ar("software", software_);
    ar("mask", mask_);
    ar("terminal", terminal_);
    ar("command", command_);
    ar("temporary", temporary_);
    ar("lowest", lowest_);
    lowest_ %= channels;
    ar("high_byte_next", high_byte_next_);
    ar("refresh_timer", refresh_timer_);
    ar("refresh_waits", refresh_waits_);
}

}  // namespace dyn86
