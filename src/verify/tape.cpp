#include "src/verify/tape.h"

namespace dyn86::verify {

std::size_t Tape::add(Happening::Kind kind, u32 place) {
    happenings_.push_back({.kind = kind, .place = place, .before = {}, .after = {}});
    return happenings_.size() - 1;
}

void Tape::add_write(Linear start, std::span<const u8> bytes) {
    Happening& write = happenings_[add(Happening::Kind::Write, start)];
    write.first = u32(pool_.size());
    write.length = u32(bytes.size());
    pool_.insert(pool_.end(), bytes.begin(), bytes.end());
}

void Tape::clear() {
    happenings_.clear();
    pool_.clear();
    read_ = 0;
}

Recorder::Recorder(Memory& memory, PortBus& real, InterruptAcknowledge& pic) : memory_(memory), real_(real), pic_(pic) {
    constexpr u32 all_ports = 0x10000;
    ports_.map(0, all_ports, *this);
}

void Recorder::set_running(bool running) {
    running_ = running;
    memory_.write_as_others(!running);
}

std::size_t Recorder::begin_call(Happening::Kind kind, u32 place) {
    const std::size_t number = tape_.add(kind, place);
    tape_[number].before = memory_.core();
    calling_ = true;
    memory_.write_as_others(true);
    return number;
}

void Recorder::end_call(std::size_t number, u8 value) {
    tape_[number].value = value;
    tape_[number].after = memory_.core();
    calling_ = false;
    memory_.write_as_others(false);
}

u8 Recorder::in(Port port) {
    const std::size_t call = begin_call(Happening::Kind::In, port);
    const u8 value = real_.in(port);
    end_call(call, value);
    return value;
}

void Recorder::out(Port port, u8 value) {
    const std::size_t call = begin_call(Happening::Kind::Out, port);
    real_.out(port, value);
    end_call(call, value);
}

u8 Recorder::acknowledge() {
    const std::size_t call = begin_call(Happening::Kind::Acknowledge, 0);
    const u8 vector = pic_.acknowledge();
    end_call(call, vector);
    return vector;
}

void Recorder::others_wrote(Linear start, u32 length) {
    tape_.add_write(start, {memory_.view() + start, length});
}

void Recorder::note(Happening::Kind kind, Linear at, u8 value) {
    if (calling_ || !running_) return;
    Happening& happening = tape_[tape_.add(kind, at)];
    happening.value = value;
    happening.after = memory_.core();
}

void Recorder::device_read(Linear at, u8 value) {
    note(Happening::Kind::DeviceRead, at, value);
}

void Recorder::device_written(Linear at, u8 value) {
    note(Happening::Kind::DeviceWrite, at, value);
}

}  // namespace dyn86::verify
