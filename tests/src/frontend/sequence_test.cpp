#include "src/frontend/sequence.h"
#include "tests/src/frontend/fake_guest.h"

#include <gtest/gtest.h>

#include <map>

namespace dyn86::frontend {
namespace {

Sequence parsed(std::vector<StepText> steps) {
    auto sequence = Sequence::parse(steps, 437);
    EXPECT_TRUE(sequence) << sequence.error().message;
    return *sequence;
}

Error error_of(const StepText& step) {
    const auto sequence = Sequence::parse(std::span(&step, 1), 437);
    EXPECT_FALSE(sequence);
    return sequence ? Error{} : sequence.error();
}

Player player_for(const Sequence& sequence) {
    const auto nothing = [](const std::string&) { return Result<>{}; };
    return {sequence, Ticks::from_ms(1'000), {.snap = nothing, .swap = nothing}};
}

/// Plays as a session does, until the player comes to an end or `end`.
Player::State play(Player& player, FakeGuest& guest, Ticks end) {
    for (;;) {
        const auto state = player.advance(guest);
        if (state != Player::State::Running) return state;
        if (guest.time >= end) return state;
        guest.time = std::min(player.next(guest.time), end);
    }
}

TEST(Sequence, APressedKeyThatIsOnlyLookedAtIsWaitedForASecond) {
    FakeGuest guest;
    guest.reading_time = Ticks::from_ms(1'000'000);
    Player player = player_for(parsed({{"press", "Up"}, {"press", "Down"}, {"snap", "s.txt"}}));
    EXPECT_EQ(play(player, guest, Ticks::from_ms(3'000)), Player::State::Done);
    EXPECT_EQ(guest.codes.size(), 4u);
    EXPECT_GT(guest.time, Ticks::from_ms(2'000));
}

TEST(Sequence, TypesKeysOneAfterTheOther) {
    FakeGuest guest;
    const Sequence sequence = parsed({{"type", "aB\\r"}});
    EXPECT_TRUE(sequence.types());
    Player player = player_for(sequence);
    EXPECT_EQ(play(player, guest, Ticks::from_ms(1'000)), Player::State::Done);
    EXPECT_EQ(guest.codes, (std::vector<u8>{0x1E, 0x9E, 0x2A, 0x30, 0xB0, 0xAA, 0x1C, 0x9C}));
}

TEST(Sequence, WaitsUntilTheGuestHasReadAKey) {
    FakeGuest guest;
    guest.reading_time = Ticks::from_ms(500);
    const Sequence sequence = parsed({{"type", "ab"}});
    Player player = player_for(sequence);
    EXPECT_EQ(play(player, guest, Ticks::from_ms(400)), Player::State::Running);
    EXPECT_EQ(guest.codes, (std::vector<u8>{0x1E, 0x9E}));
    EXPECT_EQ(play(player, guest, Ticks::from_ms(2'000)), Player::State::Done);
    EXPECT_EQ(guest.codes.size(), 4u);
}

TEST(Sequence, KeysThatNobodyReadsFail) {
    FakeGuest guest;
    guest.reading_time = Ticks::from_ms(1'000'000);
    const Sequence sequence = parsed({{"type", "ab"}});
    Player player = player_for(sequence);
    EXPECT_EQ(play(player, guest, Ticks::from_ms(3'000)), Player::State::Failed);
    EXPECT_EQ(player.error(), "what was typed was not read within 1 s of guest time");
}

TEST(Sequence, ReadsEscapesAndBracketedNames) {
    FakeGuest guest;
    Player player = player_for(parsed({{"type", "\\\\\\<<F10><Ctrl+C>\\t"}}));
    EXPECT_EQ(play(player, guest, Ticks::from_ms(5'000)), Player::State::Done);
    EXPECT_EQ(guest.codes,
              (std::vector<u8>{0x2B, 0xAB, 0x2A, 0x33, 0xB3, 0xAA, 0x44, 0xC4, 0x1D, 0x2E, 0xAE, 0x9D, 0x0F, 0x8F}));
}

TEST(Sequence, BracketedWaitIsGuestTime) {
    FakeGuest guest;
    Player player = player_for(parsed({{"type", "<wait 2s>x"}}));
    EXPECT_EQ(play(player, guest, Ticks::from_ms(1'990)), Player::State::Running);
    EXPECT_TRUE(guest.codes.empty());
    EXPECT_EQ(play(player, guest, Ticks::from_ms(2'100)), Player::State::Done);
    EXPECT_EQ(guest.codes.size(), 2u);
}

TEST(Sequence, WaitLooksForTextAcrossTheScreen) {
    FakeGuest guest;
    Player player = player_for(parsed({{"wait", "Größe"}, {"quit", ""}}));
    EXPECT_EQ(play(player, guest, Ticks::from_ms(100)), Player::State::Running);
    guest.fake.print(0, 17,
                     "Gr\x94\xE1"
                     "e");  // goes on in the next row
    EXPECT_EQ(play(player, guest, Ticks::from_ms(200)), Player::State::Quit);
}

TEST(Sequence, AWaitInVainFails) {
    FakeGuest guest;
    Player player = player_for(parsed({{"wait", "Ready"}}));
    EXPECT_EQ(play(player, guest, Ticks::from_ms(2'000)), Player::State::Failed);
    EXPECT_EQ(player.error(), "\"Ready\" did not appear within 1 s of guest time");
    EXPECT_LE(guest.time, Ticks::from_ms(1'006));
}

TEST(Sequence, EachWaitHasItsOwnTime) {
    FakeGuest guest;
    Player player = player_for(parsed({{"wait", "one"}, {"wait", "two"}}));
    EXPECT_EQ(play(player, guest, Ticks::from_ms(900)), Player::State::Running);
    guest.fake.print(0, 0, "one");
    EXPECT_EQ(play(player, guest, Ticks::from_ms(1'800)), Player::State::Running);
    guest.fake.print(1, 0, "two");
    EXPECT_EQ(play(player, guest, Ticks::from_ms(1'900)), Player::State::Done);
}

TEST(Sequence, SnapsAndChangesDisksInOrder) {
    FakeGuest guest;
    std::vector<std::string> files;
    const Sequence sequence = parsed({{"snap", "a.txt"}, {"type", "x"}, {"snap", "b.png"}, {"swap", "A=2.img"}});
    const auto note = [&](const std::string& file) {
        files.push_back(file + std::to_string(guest.codes.size()));
        return Result<>{};
    };
    Player player(sequence, Ticks::from_ms(1'000), {.snap = note, .swap = note});
    EXPECT_EQ(play(player, guest, Ticks::from_ms(100)), Player::State::Done);
    EXPECT_EQ(files, (std::vector<std::string>{"a.txt0", "b.png2", "A=2.img2"}));
}

TEST(Sequence, ASnapOrSwapThatCannotBeDoneBreaksOff) {
    FakeGuest guest;
    const auto full = [](const std::string&) -> Result<> { return fail("full"); };
    for (const char* word : {"snap", "swap"}) {
        const Sequence sequence = parsed({{word, "a.txt"}});
        Player player(sequence, Ticks::from_ms(1'000), {.snap = full, .swap = full});
        EXPECT_EQ(player.advance(guest), Player::State::Broken);
        EXPECT_EQ(player.error(), "full");
    }
}

TEST(Sequence, WhenTheProgramEndsTheLastScreenDecides) {
    FakeGuest guest;
    guest.fake.print(1, 0, "Done.");
    const Sequence fulfilled = parsed({{"wait", "Done"}, {"type", "x"}, {"quit", ""}});
    Player player = player_for(fulfilled);
    EXPECT_EQ(player.finish(guest), Player::State::Done);
    EXPECT_TRUE(guest.codes.empty());
    const Sequence in_vain = parsed({{"wait", "Done"}, {"wait", "More"}});
    Player other = player_for(in_vain);
    EXPECT_EQ(other.finish(guest), Player::State::Failed);
    EXPECT_EQ(other.error(), "\"More\" did not appear before the program ended");
}

TEST(Sequence, PressHoldsLongerThanATimerTick) {
    FakeGuest guest;
    Player player = player_for(parsed({{"press", "Up"}}));
    EXPECT_EQ(play(player, guest, Ticks::from_ms(100)), Player::State::Running);
    EXPECT_EQ(guest.codes, (std::vector<u8>{0x48}));
    EXPECT_EQ(play(player, guest, Ticks::from_ms(200)), Player::State::Done);
    EXPECT_EQ(guest.codes, (std::vector<u8>{0x48, 0xC8}));
}

TEST(Sequence, NobodyWaitsForTheLastKeysToBeRead) {
    FakeGuest guest;
    guest.reading_time = Ticks::from_ms(1'000'000);
    Player player = player_for(parsed({{"type", "a"}}));
    EXPECT_EQ(play(player, guest, Ticks::from_ms(100)), Player::State::Done);
    EXPECT_EQ(guest.codes, (std::vector<u8>{0x1E, 0x9E}));
}

TEST(Sequence, CodePagesDecideWhatCanBeTypedAndWaitedFor) {
    const std::vector<StepText> steps = {{"type", "ř"}, {"wait", "ř"}};
    EXPECT_TRUE(Sequence::parse(steps, 852));
    EXPECT_EQ(error_of(steps[0]).message, "--type: code page 437 has no ř");
    EXPECT_EQ(error_of(steps[1]).message, "--wait: code page 437 cannot show \"ř\"");
    EXPECT_EQ(error_of({"press", "F99", "run.txt:3"}).message, "run.txt:3: press: F99: no such key");
}

TEST(Sequence, BadStepsAreUsageErrors) {
    const std::vector<StepText> bad = {{"type", "\\q"}, {"type", "a\\"},         {"type", "<F99>"}, {"type", "<Up"},
                                       {"type", "<>"},  {"type", "<wait soon>"}, {"type", "ř"},     {"press", "Any"},
                                       {"wait", ""},    {"wait", "ř"},           {"snap", "x.gif"}, {"jump", ""}};
    for (const StepText& step : bad) {
        const Error error = error_of(step);
        EXPECT_EQ(error.kind, ErrorKind::Usage) << step.word << " " << step.argument;
        EXPECT_FALSE(error.message.empty());
        EXPECT_EQ(error.message.find('\n'), std::string::npos);
    }
}

}  // namespace
}  // namespace dyn86::frontend
