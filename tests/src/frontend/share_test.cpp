#include "src/frontend/share.h"
#include "src/frontend/control_client.h"
#include "src/frontend/shared_screen.h"
#include "tests/src/frontend/fake_guest.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <future>

namespace dyn86::frontend {
namespace {

namespace fs = std::filesystem;

/// A runtime folder of the test's own.
class ShareTest : public ::testing::Test {
protected:
    ShareTest() {
        std::string pattern = (fs::temp_directory_path() / "dyn86-share-XXXXXX").string();
        if (!::mkdtemp(pattern.data())) std::abort();
        root = pattern;
        ::setenv("XDG_RUNTIME_DIR", root.c_str(), 1);
    }
    ~ShareTest() override { fs::remove_all(root); }
    std::unique_ptr<Share> shared(const std::string& name, ShareFolder::Taken taken = ShareFolder::Taken::Refuse) {
        auto share =
            Share::open({.name = name, .taken = taken, .title = "EDIT.EXE", .wait_limit = Ticks::from_ms(2'000)});
        EXPECT_TRUE(share) << share.error().message;
        return share ? std::move(*share) : nullptr;
    }

    fs::path root;
};

TEST_F(ShareTest, NamesAreSafeAndMadeFromPrograms) {
    for (const char* good : {"a", "Turbo_C", "x-2", "1.5"}) EXPECT_TRUE(is_share_name(good)) << good;
    for (const char* bad : {"", ".", "..", ".x", "a/b", "a b", "\xC3\xA4"}) EXPECT_FALSE(is_share_name(bad)) << bad;
    EXPECT_FALSE(is_share_name(std::string(65, 'a')));
    EXPECT_EQ(share_name_for("Turbo C.EXE"), "turbo-c");
    EXPECT_EQ(share_name_for(".EXE"), "dyn86");
}

TEST_F(ShareTest, AMachineIsThereWhileItRunsAndOnceOfAName) {
    EXPECT_TRUE(shared_machines()->empty());
    EXPECT_EQ(find_shared("box").error().message, "box: no machine of that name runs");
    {
        const auto first = shared("box");
        EXPECT_EQ(fs::status(root / "dyn86/box").permissions(), fs::perms::owner_all);
        const auto second = Share::open({.name = "box"});
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().message, "--share=box: a machine of that name runs already");
        const auto third = shared("box", ShareFolder::Taken::Number);
        EXPECT_EQ(*shared_machines(), (std::vector<std::string>{"box", "box-2"}));
        EXPECT_EQ(find_shared("").error().message, "which one? box box-2");
    }
    EXPECT_FALSE(fs::exists(root / "dyn86/box"));
    EXPECT_TRUE(shared_machines()->empty());
}

TEST_F(ShareTest, WhatAKilledProcessLeftIsRecognizedAndTakenOver) {
    fs::create_directories(root / "dyn86/box");
    fs::permissions(root / "dyn86", fs::perms::owner_all);
    fs::permissions(root / "dyn86/box", fs::perms::owner_all);
    for (const char* file : {"lock", "header", "video", "control"})
        fclose(fopen((root / "dyn86/box" / file).c_str(), "w"));
    EXPECT_TRUE(shared_machines()->empty());
    EXPECT_EQ(find_shared("box").error().message, "box: no machine of that name runs any more");
    EXPECT_EQ(find_shared("box").error().kind, ErrorKind::NotFound);
    EXPECT_NE(shared("box"), nullptr);
}

TEST_F(ShareTest, AFolderThatOthersCanEnterIsRefused) {
    fs::create_directory(root / "dyn86");
    fs::permissions(root / "dyn86", fs::perms::all);
    EXPECT_FALSE(Share::open({.name = "box"}));
    EXPECT_FALSE(shared_machines());
    EXPECT_EQ(Share::open({.name = "a/b"}).error().kind, ErrorKind::Usage);
}

TEST_F(ShareTest, ReadersSeeTheScreen) {
    const auto share = shared("box");
    FakeScreen fake(40, 25);
    std::vector<u8> video(DYN86_SHARE_VIDEO_SIZE);
    fake.screen.memory = std::span(video).subspan(0x8000, 0x4000);
    fake.screen.code_page = 852;
    fake.screen.frame = 7;
    fake.put_cursor(2, 3);
    const auto print = [&](unsigned row, std::string_view text) {
        for (std::size_t i = 0; i < text.size(); ++i)
            video[0x8000 + fake.screen.cell_offset(row, unsigned(i))] = u8(text[i]);
        ASSERT_EQ(::pwrite(share->publisher().video_file(), video.data(), video.size(), 0), ssize_t(video.size()));
    };
    print(1, "Hello");
    share->publisher().publish(fake.screen, 123);
    auto reader = SharedScreen::open(find_shared("").value());
    ASSERT_TRUE(reader) << reader.error().message;
    const Screen screen = reader->screen();
    EXPECT_EQ(screen.columns, 40);
    EXPECT_EQ(screen.character(1, 4), 'o');
    EXPECT_EQ(screen.code_page, 852);
    EXPECT_EQ(screen.cursor_position(), (Screen::Position{2, 3}));
    EXPECT_EQ(reader->header().instructions, 123u);
    EXPECT_STREQ(reader->header().title, "EDIT.EXE");
    EXPECT_EQ(dyn86_share_cell(&reader->header(), 1, 0), 0x8000u + 80);

    print(3, "dirty");
    EXPECT_EQ(reader->screen().character(3, 0), 'd');  // at once: it is the memory itself
    share->publisher().publish(fake.screen, 124);
    ASSERT_TRUE(reader->refresh());
    EXPECT_EQ(reader->header().dirty_rows[0], 1u << 3);
    share->publisher().publish(fake.screen, 125);
    ASSERT_TRUE(reader->refresh());
    EXPECT_EQ(reader->header().dirty_rows[0], 0u);
}

TEST_F(ShareTest, TheLastWordIsThatItHasEnded) {
    auto share = shared("box");
    auto reader = SharedScreen::open(find_shared("box").value());
    ASSERT_TRUE(reader);
    EXPECT_FALSE(reader->has_ended());
    share.reset();
    ASSERT_TRUE(reader->refresh());
    EXPECT_TRUE(reader->has_ended());
}

TEST_F(ShareTest, AHeaderThatLiesIsNotBelieved) {
    const auto share = shared("box");
    const auto files = find_shared("box").value();
    FILE* file = fopen(files.header().c_str(), "r+");
    const std::uint32_t size = 0x20000;
    fseek(file, offsetof(dyn86_share, memory_size), SEEK_SET);
    fwrite(&size, sizeof size, 1, file);
    fclose(file);
    EXPECT_FALSE(SharedScreen::open(files));
}

/// Asks from another thread, and plays until there is an answer.
Result<> ask(Share& share, FakeGuest& guest, const std::string& request, bool& quits) {
    const auto files = find_shared("box").value();
    auto answer = std::async(std::launch::async, [&] { return ask_machine(files, request); });
    using namespace std::chrono_literals;
    while (answer.wait_for(1ms) != std::future_status::ready) {
        share.control().listen();
        if (share.control().is_idle()) continue;
        quits = share.control().advance(guest) || quits;
        guest.time = std::min(share.control().next(guest.time), guest.time + Ticks::from_ms(100));
    }
    return answer.get();
}

TEST_F(ShareTest, RequestsTypeAndEnd) {
    const auto share = shared("box");
    FakeGuest guest;
    bool quits = false;
    EXPECT_TRUE(ask(*share, guest, "type aB", quits));
    EXPECT_EQ(guest.codes, (std::vector<u8>{0x1E, 0x9E, 0x2A, 0x30, 0xB0, 0xAA}));
    EXPECT_EQ(ask(*share, guest, "type <F99>", quits).error().message, "send: type: <F99>: no such key");
    EXPECT_EQ(ask(*share, guest, "dance", quits).error().message, "dance: no such request");
    EXPECT_EQ(ask(*share, guest, "snap /tmp/x.txt", quits).error().kind, ErrorKind::Usage);
    EXPECT_FALSE(quits);
    EXPECT_TRUE(ask(*share, guest, "quit", quits));
    EXPECT_TRUE(quits);
}

TEST_F(ShareTest, KeysThatNobodyReadsAreAnsweredAfterASecond) {
    const auto share = shared("box");
    FakeGuest guest;
    guest.reading_time = Ticks::from_ms(1'000'000);
    bool quits = false;
    EXPECT_TRUE(ask(*share, guest, "type a", quits));
    EXPECT_GE(guest.time, Ticks::from_ms(1'000));
    EXPECT_LE(guest.time, Ticks::from_ms(1'200));
}

}  // namespace
}  // namespace dyn86::frontend
