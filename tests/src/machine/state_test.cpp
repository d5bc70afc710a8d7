// Save states of whole machines: what was saved on one engine goes on on the other as if nothing had happened.
#include "src/base/state_fields.h"
#include "src/base/state_file.h"
#include "tests/src/machine/booted_machine.h"

#include <gtest/gtest.h>

#include <zlib.h>

#include <random>

namespace dyn86 {
namespace {

struct Case {
    const char* guest;
    Adapter adapter = Adapter::Cga;
    Timing timing = Timing::Table;
};

MachineConfig config_of(const Case& what, EngineKind engine) {
    MachineConfig config;
    config.engine = engine;
    config.adapter = what.adapter;
    config.clocks.timing = what.timing;
    if (std::string(what.guest) == "no_slot_clock") config.no_slot_clock = 0xFE000;
    return config;
}

std::vector<u8> save(test::BootedMachine& machine) {
    auto state = machine->save_state();
    EXPECT_TRUE(state) << state.error().message;
    return state ? *state : std::vector<u8>{};
}

/// The fields in which two states differ; memory as a whole.
std::string difference(std::span<const u8> a, std::span<const u8> b) {
    const auto first = StateFile::parse(a), second = StateFile::parse(b);
    std::string text;
    for (const StateChunk& chunk : first->chunks()) {
        const StateChunk* const other = second->find(chunk.tag);
        if (std::ranges::equal(chunk.bytes, other->bytes)) continue;
        text += chunk.tag + ':';
        const auto before = parse_fields(chunk.bytes), after = parse_fields(other->bytes);
        if (before && after)
            for (std::size_t i = 0; i < before->list.size(); ++i)
                if (before->list[i] != after->list[i]) text += ' ' + before->list[i].name;
        text += '\n';
    }
    return text;
}

/// When a guest has come to its end; at most two seconds.
double end_of(const Case& what) {
    test::BootedMachine machine(what.guest, config_of(what, EngineKind::Jit));
    machine.run_for(2);
    return machine->now().seconds();
}

void expect_equal(test::BootedMachine& a, test::BootedMachine& b) {
    EXPECT_EQ(a->cpu(), b->cpu());
    EXPECT_EQ(a->stats().cycles, b->stats().cycles);
    EXPECT_EQ(a->now(), b->now());
    EXPECT_EQ(a->ended(), b->ended());
    EXPECT_TRUE(a.bytes(0, 0x10'0000) == b.bytes(0, 0x10'0000));
}

// What tests/golden/stops.state.gz has become a second later.
constexpr u16 golden_count = 27716;
constexpr i64 golden_cycles = 14'318'200;
constexpr Ticks golden_now{28'636'362};

class StateTest : public testing::TestWithParam<Case> {};

}  // namespace

TEST_P(StateTest, GoesOnOnTheOtherEngineAsIfNothingHadHappened) {
    std::mt19937 random(5150);
    unsigned tried = 0;
    const double end_of_guest = end_of(GetParam());
    for (unsigned moment = 0; moment < 20; ++moment) {
        const auto engine = moment % 2 == 0 ? EngineKind::Jit : EngineKind::Interpreter;
        const auto other = moment % 2 == 0 ? EngineKind::Interpreter : EngineKind::Jit;
        test::BootedMachine first(GetParam().guest, config_of(GetParam(), engine));
        const double until = end_of_guest * double(random() % 1000) / 1000;
        first.run_for(until);
        if (first->ended()) continue;
        ++tried;
        const std::vector<u8> state = save(first);
        test::BootedMachine second(GetParam().guest, config_of(GetParam(), other));
        second.run_for(0.01 * double(random() % 20));
        const auto loaded = second->load_state(state);
        ASSERT_TRUE(loaded) << loaded.error().message;
        test::BootedMachine unsaved(GetParam().guest, config_of(GetParam(), other));
        const Ticks end = first->now() + Ticks::from_ms(150);
        for (test::BootedMachine* machine : {&first, &second, &unsaved}) (*machine)->run(end);
        expect_equal(first, second);
        expect_equal(first, unsaved);
    }
    EXPECT_GE(tried, 5u);
}

INSTANTIATE_TEST_SUITE_P(Guests, StateTest,
                         testing::Values(Case{"stops"}, Case{"ports"}, Case{"rtc"}, Case{"video_code"},
                                         Case{"hercules", Adapter::Hercules}, Case{"no_slot_clock"},
                                         Case{"stops", Adapter::Mda, Timing::Exact}),
                         [](const auto& what) { return std::string(what.param.guest) + std::to_string(what.index); });

class DamagedState : public testing::Test {
protected:
    DamagedState() : machine_("stops", MachineConfig{}) { machine_.run_for(1); }
    /// Refused, and nothing is changed.
    void expect_refused(std::span<const u8> state, const std::string& why) {
        const std::vector<u8> before = save(machine_);
        const auto loaded = machine_->load_state(state);
        ASSERT_FALSE(loaded);
        EXPECT_NE(loaded.error().message.find(why), std::string::npos) << loaded.error().message;
        EXPECT_EQ(difference(before, save(machine_)), "");
    }
    test::BootedMachine machine_;
};

TEST_F(DamagedState, IsRefusedByTheChunksName) {
    const std::vector<u8> state = save(machine_);
    const auto file = StateFile::parse(state);
    ASSERT_TRUE(file);
    for (const StateChunk& chunk : file->chunks()) {
        std::vector<u8> altered = state;
        altered[std::size_t(chunk.bytes.data() - state.data()) + chunk.bytes.size() / 2] ^= 1;
        expect_refused(altered, "chunk '" + chunk.tag + "'");
    }
    expect_refused({state.data(), state.size() / 2}, "is cut off");
}

TEST_F(DamagedState, OfALaterVersionOrOfAnotherMachineIsRefusedByName) {
    const std::vector<u8> state = save(machine_);
    const auto file = StateFile::parse(state);
    std::vector<StateChunk> chunks(file->chunks().begin(), file->chunks().end());
    for (StateChunk& chunk : chunks) {
        ++chunk.version;
        expect_refused(make_state(chunks), "chunk '" + chunk.tag + "'");
        --chunk.version;
    }
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        std::vector<StateChunk> fewer = chunks;
        fewer.erase(fewer.begin() + std::ptrdiff_t(i));
        expect_refused(make_state(fewer), "chunk '" + chunks[i].tag + "'");
    }
    chunks.push_back({"flux capacitor", 1, {}});
    expect_refused(make_state(chunks), "chunk 'flux capacitor'");
    MachineConfig config;
    config.memory_kib = 256;
    test::BootedMachine smaller("stops", config);
    smaller.run_for(0.5);
    expect_refused(save(smaller), "memory_kib is 256 there, 640 here");
}

/// With sound checksums and values that make no sense: whatever the machine makes of it, the emulator lives.
TEST_F(DamagedState, WithValuesOfNoSenseIsSurvived) {
    const std::vector<u8> state = save(machine_);
    const auto file = StateFile::parse(state);
    std::mt19937 random(86);
    for (unsigned turn = 0; turn < 30; ++turn) {
        std::vector<StateChunk> chunks(file->chunks().begin(), file->chunks().end());
        std::vector<std::vector<u8>> altered(chunks.size());
        for (std::size_t i = 0; i < chunks.size(); ++i) {
            if (chunks[i].tag == "memory" || chunks[i].tag == "machine" || random() % 4 != 0) continue;
            altered[i].assign(chunks[i].bytes.begin(), chunks[i].bytes.end());
            altered[i][random() % altered[i].size()] = u8(random());
            chunks[i].bytes = altered[i];
        }
        if (machine_->load_state(make_state(chunks))) machine_.run_for(0.01);
    }
    ASSERT_TRUE(machine_->load_state(state));
    machine_.run_for(0.1);
    EXPECT_FALSE(machine_->ended());
}

TEST(State, OfAMachineThatHasEndedThereIsNone) {
    test::BootedMachine machine("rtc", MachineConfig{});
    machine.run();
    EXPECT_FALSE(machine->save_state());
}

/// A state of the first release with states: it is loaded for ever.
TEST(State, OfTheFirstReleaseIsLoadedForEver) {
    const std::string path = std::string(DYN86_SOURCE_DIR) + "/tests/golden/stops.state.gz";
    std::vector<u8> state;
    const gzFile file = gzopen(path.c_str(), "rb");
    ASSERT_NE(file, nullptr) << path;
    std::vector<u8> piece(1 << 16);
    for (int count = 1; count > 0; state.insert(state.end(), piece.begin(), piece.begin() + std::max(count, 0)))
        count = gzread(file, piece.data(), unsigned(piece.size()));
    gzclose(file);
    for (const auto engine : {EngineKind::Jit, EngineKind::Interpreter}) {
        test::BootedMachine machine("stops", config_of({"stops"}, engine));
        const auto loaded = machine->load_state(state);
        ASSERT_TRUE(loaded) << loaded.error().message;
        EXPECT_EQ(machine->now(), golden_now);
        machine.run_for(1);
        EXPECT_EQ(machine.word(0x600), golden_count);
        EXPECT_EQ(machine->stats().cycles, golden_cycles);
    }
}

}  // namespace dyn86
