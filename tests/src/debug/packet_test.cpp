#include "src/debug/packet.h"

#include <gtest/gtest.h>

namespace dyn86::debug {
namespace {

using Kind = PacketReader::Event::Kind;

std::vector<PacketReader::Event> read(std::initializer_list<std::string_view> pieces) {
    PacketReader reader;
    std::vector<PacketReader::Event> events;
    for (const std::string_view piece : pieces) reader.receive(piece, events);
    return events;
}

}  // namespace

TEST(Packet, HasTheChecksumOfTheManual) {
    EXPECT_EQ(packet("OK"), "$OK#9a");
    EXPECT_EQ(packet(""), "$#00");
}

TEST(Packet, BinaryDataIsEscaped) {
    const std::string bytes = "a#b$c}d*e";
    EXPECT_EQ(escaped(bytes),
              "a}\x03"
              "b}\x04"
              "c}]d}\x0A"
              "e");
    EXPECT_EQ(unescaped(escaped(bytes)), bytes);
}

TEST(Packet, HexGoesBothWays) {
    EXPECT_EQ(to_hex("\x01\xAB"), "01ab");
    EXPECT_EQ(from_hex("01aB"), "\x01\xAB");
    EXPECT_FALSE(from_hex("0"));
    EXPECT_FALSE(from_hex("0g"));
}

TEST(Packet, NumbersEndWhereTheirDigitsDo) {
    std::string_view text = "1f,2";
    EXPECT_EQ(take_number(text), 0x1F);
    EXPECT_EQ(text, ",2");
    EXPECT_FALSE(take_number(text));
    std::string_view long_one = "11112222333344445";
    EXPECT_FALSE(take_number(long_one));
}

TEST(PacketReader, PutsPiecesTogether) {
    const auto events = read({"+$m1", "00,2#", "5", "c\x03", "-"});
    ASSERT_EQ(events.size(), 4u);
    EXPECT_EQ(events[0].kind, Kind::Acknowledged);
    EXPECT_EQ(events[1].kind, Kind::Packet);
    EXPECT_EQ(events[1].payload, "m100,2");
    EXPECT_EQ(events[2].kind, Kind::Interrupt);
    EXPECT_EQ(events[3].kind, Kind::Again);
}

TEST(PacketReader, SeesDamage) {
    for (const std::string_view text : {"$OK#9b", "$OK#zz", "$OKK#9a"}) {
        const auto events = read({text});
        ASSERT_EQ(events.size(), 1u) << text;
        EXPECT_EQ(events[0].kind, Kind::Damaged) << text;
    }
}

TEST(PacketReader, APacketThatBeginsWithinAnotherCounts) {
    const auto events = read({"$lost$OK#9a"});
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].payload, "OK");
}

TEST(PacketReader, KeepsNoMoreThanAPacket) {
    const std::string long_one(PacketReader::longest + 1, '\0');
    const auto events = read({"$", long_one, "#00", "$OK#9a"});
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].kind, Kind::Damaged);
    EXPECT_EQ(events[1].payload, "OK");
}

}  // namespace dyn86::debug
