#include "src/config/values.h"

#include <gtest/gtest.h>

namespace dyn86::config {
namespace {

i64 hz(std::string_view text) {
    const auto speed = parse_speed(text);
    return speed && speed->kind == Speed::Kind::Fixed ? speed->hz : -1;
}

TEST(Values, Speeds) {
    EXPECT_EQ(parse_speed("auto")->kind, Speed::Kind::Auto);
    EXPECT_EQ(parse_speed("max")->kind, Speed::Kind::Max);
    EXPECT_EQ(hz("4.77MHz"), 4'772'727);
    EXPECT_EQ(hz("4.772727MHz"), 4'772'727);
    EXPECT_EQ(hz("8mhz"), 8'000'000);
    EXPECT_EQ(hz("7.16"), 7'160'000);
    EXPECT_EQ(hz("500kHz"), 500'000);
    EXPECT_EQ(hz("4772727Hz"), 4'772'727);
    for (const char* bad : {"", "fast", "0", "-1MHz", "4.77MHzz", "nan", "1e30", "0.0001kHz"})
        EXPECT_FALSE(parse_speed(bad)) << bad;
}

TEST(Values, Dates) {
    const auto given = parse_date("1986-04-26T01:23:45", 0);
    ASSERT_TRUE(given);
    EXPECT_EQ(given->kind, DateSetting::Kind::Given);
    EXPECT_EQ(given->local_seconds, 514'862'625);  // date -ud '1986-04-26 01:23:45' +%s
    const auto fixed = parse_date("fixed:2000-02-29", 0);
    ASSERT_TRUE(fixed);
    EXPECT_EQ(fixed->kind, DateSetting::Kind::Fixed);
    EXPECT_EQ(fixed->local_seconds, 951'782'400);
    EXPECT_EQ(parse_date("1999-12-31 23:59", 0)->local_seconds, 946'684'740);
    EXPECT_EQ(parse_date("host", 77)->local_seconds, 77);
    for (const char* bad :
         {"", "today", "1979-12-31", "2100-01-01", "2001-02-29", "2001-13-01", "2001-1-1", "2001-01-01T24:00",
          "2001-01-01T12:60", "2001-01-01X12:00", "2001-01-01T12", "fixed:", "fixed:host"})
        EXPECT_FALSE(parse_date(bad, 0)) << bad;
}

TEST(Values, Drives) {
    const auto drive = parse_drive("d=/tmp/x,ro,label=WORK");
    ASSERT_TRUE(drive);
    EXPECT_EQ(drive->letter, 'D');
    EXPECT_EQ(drive->path, "/tmp/x");
    EXPECT_TRUE(drive->read_only);
    EXPECT_EQ(drive->label, "WORK");
    EXPECT_EQ(parse_drive("C=a,b")->path, "a,b");
    const auto disk = parse_drive("C=hd.img,chs=615:4:26,overlay=/tmp/o,type=hd");
    ASSERT_TRUE(disk);
    EXPECT_EQ(disk->path, "hd.img");
    EXPECT_EQ(*disk->shape, (ImageDrive::Shape{615, 4, 26}));
    EXPECT_TRUE(disk->has_overlay);
    EXPECT_EQ(disk->overlay, "/tmp/o");
    EXPECT_EQ(disk->type, DriveSetting::Type::HardDisk);
    EXPECT_TRUE(parse_drive("A=x,overlay")->overlay.empty());
    for (const char* bad : {"", "C", "C=", "CD=x", "1=x", "C=,ro", "C=x,label=TWELVELETTERS", "C=x,chs=1:2",
                            "C=x,chs=0:1:1", "C=x,chs=1025:1:1", "C=x,chs=1:1:64", "C=x,type=cd", "C=x,overlay="}) {
        const auto result = parse_drive(bad);
        ASSERT_FALSE(result) << bad;
        EXPECT_FALSE(result.error().empty());
    }
}

TEST(Values, Roms) {
    const auto rom = parse_rom("C8000=a=b.bin");
    ASSERT_TRUE(rom);
    EXPECT_EQ(rom->start, 0xC8000u);
    EXPECT_EQ(rom->path, "a=b.bin");
    EXPECT_EQ(parse_rom("c800:0=x")->start, 0xC8000u);
    for (const char* bad : {"", "C8000", "C8000=", "=x", "100000=x", "G=x"}) EXPECT_FALSE(parse_rom(bad)) << bad;
}

TEST(Values, MemoryRanges) {
    const auto range = parse_memory_range("B8000,4000,a,b.bin");
    ASSERT_TRUE(range);
    EXPECT_EQ(range->from, 0xB8000u);
    EXPECT_EQ(range->length, 4000u);
    EXPECT_EQ(range->file, "a,b.bin");
    EXPECT_EQ(parse_memory_range("0xb8000,0x10,x")->from, 0xB8000u);
    EXPECT_EQ(parse_memory_range("0xb8000,0x10,x")->length, 16u);
    EXPECT_EQ(parse_memory_range("0040:0017,1,x")->from, 0x417u);
    EXPECT_EQ(parse_memory_range("B800h,1,x")->from, 0xB800u);
    for (const char* bad : {"", "B8000", "B8000,1", "B8000,1,", "B8000,0,x", "100000,1,x", "10000:0,1,x", "zz,1,x",
                            "0,-1,x", "0,99999999,x"})
        EXPECT_FALSE(parse_memory_range(bad)) << bad;
}

TEST(Values, HostFeatures) {
    EXPECT_EQ(parse_features_off("-bmi2"), HostFeatures{HostFeature::Bmi2});
    EXPECT_EQ(parse_features_off("-shift-a,-popcnt,-logic-a,-bmi2"), HostFeatures::all());
    for (const char* bad : {"", "-", "bmi2", "+bmi2", "-bmi", "-bmi2,", ",-bmi2", "-bmi2 -logic-a"})
        EXPECT_FALSE(parse_features_off(bad)) << bad;
}

TEST(Values, Counts) {
    EXPECT_EQ(parse_count("1000000"), 1'000'000u);
    for (const char* bad : {"", "0", "-1", "1.5", "1k", "99999999999999999999999"})
        EXPECT_FALSE(parse_count(bad)) << bad;
}

TEST(Values, Durations) {
    EXPECT_EQ(parse_seconds("30s"), 30);
    EXPECT_EQ(parse_seconds("2.5"), 2.5);
    EXPECT_EQ(parse_seconds("500ms"), 0.5);
    EXPECT_EQ(parse_seconds("2m"), 120);
    EXPECT_EQ(parse_seconds("1h"), 3600);
    for (const char* bad : {"", "s", "-1s", "1x", "1 s", "inf", "nan", "1e99"}) EXPECT_FALSE(parse_seconds(bad)) << bad;
}

TEST(Values, DosVersions) {
    EXPECT_EQ(parse_dos_version("3.30"), (DosVersion{3, 30}));
    EXPECT_EQ(parse_dos_version("3.3"), (DosVersion{3, 30}));
    EXPECT_EQ(parse_dos_version("5"), (DosVersion{5, 0}));
    EXPECT_EQ(parse_dos_version("4.01"), (DosVersion{4, 1}));
    for (const char* bad : {"", "1.1", "x", "5.", ".5", "5.000", "-3", "5.x", "300"})
        EXPECT_FALSE(parse_dos_version(bad)) << bad;
}

}  // namespace
}  // namespace dyn86::config
