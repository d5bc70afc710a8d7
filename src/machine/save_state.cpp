// Save states: the whole machine as chunks, but for translated code and the host. docs/save-state.md
#include "src/base/state_fields.h"
#include "src/base/state_file.h"
#include "src/machine/impl.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace dyn86 {
namespace {

constexpr std::string_view machine_tag = "machine", memory_tag = "memory", dos_tag = "dos";
constexpr u32 known_version = 1;  // of those three

/// The fields of Core; time is a count of clocks.
void serialize_core(Core& core, Archive& ar) {
    constexpr Cycles far = Cycles{1} << 60;
    ar("general", core.regs.gpr);
    ar("segments", core.regs.sreg);
    ar("ip", core.regs.ip);
    ar("flags", core.regs.flags);
    ar("intr", core.intr);
    ar("nmi", core.nmi);
    ar("halted", core.halted);
    ar("shadow", core.shadow);
    ar("trap", core.trap);
    ar("repeating", core.repeating);
    ar("queue", core.queue);
    Cycles now = core.now();
    ar("clocks", now);
    core.deadline = std::clamp<Cycles>(now, 0, far);
    core.budget = 0;
    core.stop = 0;
    for (u32& value : core.regs.gpr) value &= 0xFFFF;  // what engines rely on
    core.regs.flags = u16((core.regs.flags & flag::changeable) | flag::always_one);
}

/// What is told of a chunk that cannot be used.
std::unexpected<Error> unusable(std::string_view tag, std::string_view why) {
    return fail(fmt::format("chunk '{}' of the state: {}", tag, why));
}

Result<StateField> fields_of(const StateFile& file, std::string_view tag, u32 version) {
    const StateChunk* const chunk = file.find(tag);
    if (chunk == nullptr) return unusable(tag, "it is missing");
    if (chunk->version > version)
        return unusable(tag, fmt::format("it is of a later version of dyn86 ({})", chunk->version));
    auto fields = parse_fields(chunk->bytes);
    if (!fields) return unusable(tag, fields.error().message);
    return fields;
}

}  // namespace

/// A trait that a state and the machine that takes it must have in common.
struct Machine::Impl::Trait {
    std::string name;
    i64 value = 0;
};

std::vector<Machine::Impl::Trait> Machine::Impl::traits() const {
    std::vector<Trait> traits = {{"model", i64(config_.model)},
                                 {"memory_kib", config_.memory_kib},
                                 {"adapter", i64(config_.adapter)},
                                 {"cpu", i64(config_.clocks.cpu)},
                                 {"timing", i64(config_.clocks.timing)},
                                 {"foreign_bios", config_.bios.has_value()},
                                 {"no_slot_clock", config_.no_slot_clock ? i64{*config_.no_slot_clock} : -1},
                                 {"printer", !config_.printer_file.empty()},
                                 {"code_page", config_.dos_code_page}};
    for (std::size_t i = 0; i < config_.serial.size(); ++i) {
        const auto kind = config_.serial[i].kind;
        const i64 what = kind == SerialSetting::Kind::None ? 0 : kind == SerialSetting::Kind::Mouse ? 2 : 1;
        traits.push_back({fmt::format("serial{}", i + 1), what});
    }
    for (const u8 drive : std::initializer_list<u8>{0x00, 0x01, 0x80, 0x81}) {
        const DiskImage* const image = drives_->at(drive).image;
        const u64 sectors = image != nullptr ? image->geometry().total_sectors() : 0;
        traits.push_back({fmt::format("sectors_{:02x}", drive), i64(sectors)});
    }
    return traits;
}

std::vector<StatePart> Machine::Impl::parts() {
    std::vector<StatePart> parts;
    parts.push_back({"cpu", 1, [this](Archive& ar) { serialize_core(core_, ar); }});
    add_part(parts, "clock", clock_);
    board_.add_parts(parts);
    peripherals_.add_parts(parts);
    if (bios_) add_part(parts, "bios", *bios_);
    return parts;
}

Result<std::vector<u8>> Machine::Impl::save_state() {
    if (outcome_) return fail("the machine has ended: there is no state to save");
    std::vector<std::pair<std::string, FieldWriter>> written;
    const auto write = [&](std::string_view tag) -> FieldWriter& {
        return written.emplace_back(std::string(tag), FieldWriter()).second;
    };
    FieldWriter& machine = write(machine_tag);
    for (Trait& trait : traits()) machine(trait.name, trait.value);
    if (dos_) {
        dos::HostState state = dos_->host_state();
        FieldWriter& dos = write(dos_tag);
        state.serialize(dos);
        dos("mouse", dos_->mouse());
    }
    const std::vector<StatePart> all = parts();
    std::vector<StateChunk> chunks;
    for (const StatePart& part : all) part.serialize(write(part.tag));
    for (const auto& [tag, writer] : written) chunks.push_back({tag, known_version, writer.chunk()});
    for (const StatePart& part : all) std::ranges::find(chunks, part.tag, &StateChunk::tag)->version = part.version;
    chunks.push_back({std::string(memory_tag), known_version, memory_->image()});
    return make_state(chunks);
}

/// A state that has been looked at and can be taken over.
struct Machine::Impl::Incoming {
    std::map<std::string, StateField> fields;  // by chunk
    std::span<const u8> memory;
    std::unique_ptr<dos::Dos> dos;
    std::optional<dos::ReopenedState> dos_state;
};

Result<> Machine::Impl::compare_traits(const StateField& fields) const {
    for (const Trait& trait : traits()) {
        const auto saved = std::ranges::find(fields.list, trait.name, &StateField::name);
        if (saved == fields.list.end() || saved->integer == trait.value) continue;
        return unusable(machine_tag, fmt::format("{} is {} there, {} here", trait.name, saved->integer, trait.value));
    }
    return {};
}

Result<> Machine::Impl::look_at_dos(const StateFile& file, Incoming& incoming) {
    if (file.find(dos_tag) == nullptr) return {};
    auto fields = fields_of(file, dos_tag, known_version);
    if (!fields) return std::unexpected(fields.error());
    if (!bios_) return unusable(dos_tag, "DOS needs dyn86's BIOS");
    auto dos = make_dos();
    if (!dos) return std::unexpected(dos.error());
    dos::HostState state;
    FieldReader reader(*fields);
    state.serialize(reader);
    const std::span<const u8> rom = incoming.memory.subspan(Bios::rom_start);
    auto reopened = (*dos)->reopen(std::move(state), rom);
    if (!reopened) return unusable(dos_tag, reopened.error().message);
    incoming.dos = std::move(*dos);
    incoming.dos_state = std::move(*reopened);
    incoming.fields.emplace(dos_tag, std::move(*fields));
    return {};
}

Result<Machine::Impl::Incoming> Machine::Impl::look_at(const StateFile& file) {
    Incoming incoming;
    const auto machine = fields_of(file, machine_tag, known_version);
    if (!machine) return std::unexpected(machine.error());
    if (auto same = compare_traits(*machine); !same) return std::unexpected(same.error());
    for (const StatePart& part : parts()) {
        auto fields = fields_of(file, part.tag, part.version);
        if (!fields) return std::unexpected(fields.error());
        incoming.fields.emplace(part.tag, std::move(*fields));
    }
    const StateChunk* const memory = file.find(memory_tag);
    if (memory == nullptr) return unusable(memory_tag, "it is missing");
    if (memory->version > known_version || memory->bytes.size() != address_space)
        return unusable(memory_tag, "it is no megabyte");
    incoming.memory = memory->bytes;
    if (auto done = look_at_dos(file, incoming); !done) return std::unexpected(done.error());
    for (const StateChunk& chunk : file.chunks())
        if (chunk.tag != machine_tag && chunk.tag != memory_tag && !incoming.fields.contains(chunk.tag))
            return unusable(chunk.tag, "this machine has nothing of the kind");
    return incoming;
}

Result<> Machine::Impl::load_state(std::span<const u8> bytes) {
    const auto file = StateFile::parse(bytes);
    if (!file) return std::unexpected(file.error());
    auto incoming = look_at(*file);
    if (!incoming) return std::unexpected(incoming.error());
    take_over(std::move(*incoming));
    return {};
}

/// The clock first, which all others plan by, and once more when they are done with their pins; memory last, behind those
/// who lay it out.
void Machine::Impl::take_over(Incoming incoming) {
    engine_->flush();
    set_up_bios(Bios::Boot::Disks, {});
    dos_ = std::move(incoming.dos);
    if (dos_) connect_dos();
    const std::vector<StatePart> all = parts();
    const auto restore = [&](const StatePart& part) {
        FieldReader reader(incoming.fields.at(part.tag));
        part.serialize(reader);
    };
    for (const StatePart& part : all) restore(part);
    restore(all.front());
    if (!interpreter_.can_hold(core_.queue)) interpreter_.moved();
    if (dos_) {
        dos_->restore(std::move(*incoming.dos_state));
        FieldReader reader(incoming.fields.at(std::string(dos_tag)));
        reader("mouse", dos_->mouse());
    }
    memory_->restore(incoming.memory);
    outcome_.reset();
    sentry_.reset();
    base_instructions_ = engine_->stats().instructions;
    idle_instructions_ = 0;
    idle_search_at_ = core_.now() + longest_idle_patience;
}

}  // namespace dyn86
