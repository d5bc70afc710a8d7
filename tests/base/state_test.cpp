// The container of save states and the fields in it: what goes in comes out, and what is damaged is refused.
#include "src/base/state_fields.h"
#include "src/base/state_file.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace dyn86 {
namespace {

struct Part {
    u8 value = 0;
    void serialize(Archive& ar) { ar("value", value); }
};
struct Whole {
    i64 number = 0;
    std::string text;
    std::vector<u8> bytes;
    std::array<Part, 2> two{};
    std::vector<Part> many;
    void serialize(Archive& ar) {
        ar("number", number);
        ar("text", text);
        ar("bytes", bytes);
        ar("two", two);
        ar("many", many);
    }
};

std::vector<u8> chunk_of(Whole whole) {
    FieldWriter writer;
    whole.serialize(writer);
    return writer.chunk();
}
Whole read(std::span<const u8> chunk, Whole into = {}) {
    const auto fields = parse_fields(chunk);
    EXPECT_TRUE(fields);
    if (!fields) return into;
    FieldReader reader(*fields);
    into.serialize(reader);
    return into;
}

const std::vector<u8> first = {1, 2, 3}, second(5000, 7);
std::vector<u8> state() {
    const std::array chunks = {StateChunk{"first", 1, first}, StateChunk{"second", 2, second}};
    return make_state(chunks);
}
std::string complaint(std::span<const u8> bytes) {
    const auto file = StateFile::parse(bytes);
    return file ? "none" : file.error().message;
}

}  // namespace

TEST(StateFields, ComeBack) {
    const Whole back = read(chunk_of({-5, "text", {1, 2}, {{{3}, {4}}}, {{5}, {6}, {7}}}));
    EXPECT_EQ(back.number, -5);
    EXPECT_EQ(back.text, "text");
    EXPECT_EQ(back.bytes, (std::vector<u8>{1, 2}));
    EXPECT_EQ(back.two[1].value, 4);
    ASSERT_EQ(back.many.size(), 3u);
    EXPECT_EQ(back.many[2].value, 7);
}

TEST(StateFields, OfAnotherVersionAreSkippedOrLeftAlone) {
    FieldWriter writer;
    i64 unknown = 1, number = 2;
    writer("unknown", unknown);
    writer("number", number);
    const Whole back = read(writer.chunk(), {.number = 9, .text = "kept", .bytes = {}, .two = {}, .many = {}});
    EXPECT_EQ(back.number, 2);
    EXPECT_EQ(back.text, "kept");
}

TEST(StateFields, ACountIsNotBelieved) {
    FieldWriter writer;
    struct {
        void serialize(Archive& ar) {
            i64 count = i64{1} << 60;
            ar("count", count);
        }
    } huge;
    writer("many", huge);
    EXPECT_EQ(read(writer.chunk()).many.size(), 0x1'0000u);
}

TEST(StateFields, CutAnywhereMakeNoSenseOrFewerFields) {
    const std::vector<u8> chunk = chunk_of({1, "text", {1, 2, 3}, {}, {{5}}});
    for (std::size_t length = 0; length < chunk.size(); ++length) (void)parse_fields({chunk.data(), length});
    std::mt19937 random(1);
    for (unsigned i = 0; i < 5000; ++i) {
        std::vector<u8> noise = chunk;
        for (unsigned n = 0; n < 4; ++n) noise[random() % noise.size()] = u8(random());
        (void)parse_fields(noise);
    }
}

TEST(StateFile, HoldsItsChunks) {
    const std::vector<u8> bytes = state();
    const auto file = StateFile::parse(bytes);
    ASSERT_TRUE(file) << file.error().message;
    ASSERT_EQ(file->chunks().size(), 2u);
    EXPECT_EQ(file->find("second")->version, 2u);
    EXPECT_TRUE(std::ranges::equal(file->find("second")->bytes, second));
    EXPECT_TRUE(std::ranges::equal(file->find("first")->bytes, first));
    EXPECT_EQ(file->find("third"), nullptr);
}

TEST(StateFile, EachAlteredByteIsSeen) {
    const std::vector<u8> bytes = state();
    const auto file = StateFile::parse(bytes);
    for (const StateChunk& chunk : file->chunks()) {
        const std::size_t start = std::size_t(chunk.bytes.data() - bytes.data());
        for (std::size_t i = 0; i < chunk.bytes.size(); i += 13) {
            std::vector<u8> altered = bytes;
            altered[start + i] ^= 0x40;
            EXPECT_EQ(complaint(altered), "chunk '" + chunk.tag + "' of the state has been altered");
        }
    }
    for (std::size_t i = 0; i < 16 + 2 * 48 + 8; ++i) {
        std::vector<u8> altered = bytes;
        altered[i] ^= 0x01;
        EXPECT_NE(complaint(altered), "none") << i;
    }
}

TEST(StateFile, EachTruncationIsSeen) {
    const std::vector<u8> bytes = state();
    for (std::size_t length = 0; length < bytes.size(); length += 17)
        EXPECT_NE(complaint({bytes.data(), length}), "none") << length;
    EXPECT_EQ(complaint({bytes.data(), bytes.size() - 1}), "chunk 'second' of the state is cut off");
}

TEST(StateFile, ALaterFormatIsRefusedByName) {
    std::vector<u8> bytes = state();
    bytes[8] = 9;
    EXPECT_EQ(complaint(bytes), "the state is of a later version of dyn86: format 9");
    EXPECT_EQ(complaint(std::vector<u8>{'M', 'Z'}), "not a state of dyn86");
}

}  // namespace dyn86
