#include "src/debug/condition.h"

#include <gtest/gtest.h>

namespace dyn86::debug {
namespace {

bool holds(std::string_view text) {
    CpuState state;
    state.words = {0x4B01, 2, 3, 4, 5, 6, 7, 8};
    state.segments = {0x10, 0x20, 0x30, 0x40};
    state.ip = 0x100;
    const auto condition = Condition::parse(text);
    EXPECT_TRUE(condition) << text;
    return condition && condition->holds(state);
}

}  // namespace

TEST(Condition, ComparesWhatItNames) {
    for (const auto* text : {"ah=4b", "AL=01", "ax=4B01", "ax!=0", "cx<3", "cx<=2", "di>7", "di>=8", "bl=4", "bh=0",
                             "es=10", "ds=40", "ip=100", "cs<ff"})
        EXPECT_TRUE(holds(text)) << text;
    for (const auto* text : {"ah=4a", "ax<4b01", "cx>2", "ss!=30", "ip>100"}) EXPECT_FALSE(holds(text)) << text;
}

TEST(Condition, RefusesWhatIsNone) {
    for (const auto* text : {"", "ax", "ax=", "=1", "ex=1", "ax==1", "ax=10000", "ax=1x", "ax =1", "axx=1"})
        EXPECT_FALSE(Condition::parse(text)) << text;
}

}  // namespace dyn86::debug
