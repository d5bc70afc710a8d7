#include "src/verify/metadata.h"

#include <gtest/gtest.h>

namespace dyn86::verify {

TEST(Metadata, KnowsTheMaskOfAFormAndOfAGroupMember) {
    const auto data = Metadata::parse(R"({"opcodes": {
        "00": {"status": "normal"},
        "08": {"status": "normal", "flags": ".....a..", "flags-mask": 65519},
        "F7": {"reg": {"6": {"status": "normal", "flags-mask": 63274}}}}})",
                                      "m");
    ASSERT_TRUE(data) << data.error().message;
    EXPECT_EQ(data->defined_flags("00"), 0xFFFF);
    EXPECT_EQ(data->defined_flags("08"), 0xFFEF);
    EXPECT_EQ(data->defined_flags("F7.6"), 0xF72A);
    EXPECT_EQ(data->defined_flags("absent"), 0xFFFF);
    EXPECT_EQ(data->forms().at("F7.6").status, "normal");
}

TEST(Metadata, ForeignTextIsAnErrorThatNamesTheFile) {
    for (const char* text : {"", "{", "[]", "{}", R"({"opcodes": 3})", R"({"opcodes": {"00": 3}})"}) {
        const auto data = Metadata::parse(text, "m.json");
        ASSERT_FALSE(data) << text;
        EXPECT_TRUE(data.error().message.starts_with("m.json: "));
    }
    // Oddly typed members are as good as absent ones.
    const auto odd = Metadata::parse(R"({"opcodes": {"00": {"status": 1, "flags-mask": "x"}}})", "m.json");
    ASSERT_TRUE(odd);
    EXPECT_EQ(odd->defined_flags("00"), 0xFFFF);
}

TEST(Metadata, AbsentFileMasksNothing) {
    const auto data = Metadata::read("/nonexistent/metadata.json");
    ASSERT_TRUE(data);
    EXPECT_EQ(data->defined_flags("08"), 0xFFFF);
}

}  // namespace dyn86::verify
