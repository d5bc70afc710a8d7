#include "src/base/archive.h"

#include "tests/support/memory_archive.h"

#include <gtest/gtest.h>

namespace dyn86 {
namespace {

struct Part {
    u8 value = 0;
    void serialize(Archive& ar) { ar("value", value); }
};

struct Whole {
    Part one;
    std::array<Part, 2> two;
    std::vector<u8> bytes;
    Ticks at;
    bool flag = false;
    void serialize(Archive& ar) {
        ar("one", one);
        ar("two", two);
        ar("bytes", bytes);
        ar("at", at);
        ar("flag", flag);
    }
};

}  // namespace

TEST(Archive, PartsWithTheirOwnSerializeNest) {
    Whole from{{1}, {{{2}, {3}}}, {4, 5}, Ticks{6}, true};
    Whole to;
    test::load(to, test::save(from));
    EXPECT_EQ(to.one.value, 1);
    EXPECT_EQ(to.two[0].value, 2);
    EXPECT_EQ(to.two[1].value, 3);
    EXPECT_EQ(to.bytes, (std::vector<u8>{4, 5}));
    EXPECT_EQ(to.at, Ticks{6});
    EXPECT_TRUE(to.flag);
}

}  // namespace dyn86
