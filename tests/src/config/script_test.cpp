#include "src/config/script.h"

#include <gtest/gtest.h>

namespace dyn86::config {
namespace {

TEST(Script, OneStepALine) {
    const auto steps =
        parse_script("# a comment\n\nwait  Ready \ntype  a#b \r\n\tpress F10\nswap A=\nuntil-text C:\\>", "s");
    ASSERT_TRUE(steps) << steps.error().message;
    const std::vector<Step> expected = {{"wait", "Ready", "s:3"}, {"type", " a#b ", "s:4"}, {"press", "F10", "s:5"},
                                        {"swap", "A=", "s:6"},    {"wait", "C:\\>", "s:7"}, {"quit", "", "s:7"}};
    EXPECT_EQ(*steps, expected);
}

TEST(Script, AMarkOfTheByteOrderIsNoText) {
    const auto steps = parse_script("\xEF\xBB\xBFquit\n", "s");
    ASSERT_TRUE(steps);
    EXPECT_EQ(*steps, (std::vector<Step>{{"quit", "", "s:1"}}));
}

TEST(Script, BadLinesAreNamed) {
    const std::vector<std::pair<std::string, std::string>> bad = {
        {"jump 3", "s:1: jump: no such step"},
        {"\nwait", "s:2: wait: it needs an argument"},
        {"type", "s:1: type: it needs an argument"},
        {"quit now", "s:1: quit: it has no argument"},
    };
    for (const auto& [text, message] : bad) {
        const auto steps = parse_script(text, "s");
        ASSERT_FALSE(steps) << text;
        EXPECT_EQ(steps.error().message, message);
        EXPECT_EQ(steps.error().kind, ErrorKind::Usage);
    }
    EXPECT_FALSE(parse_script("swap Q=x.img", "s"));
    EXPECT_EQ(read_script("/nonexistent/script").error().kind, ErrorKind::Usage);
    EXPECT_FALSE(read_script("/"));
}

}  // namespace
}  // namespace dyn86::config
