// The oracle's lines: what is a question, and what is said of what is none.
#include "src/verify/question.h"

#include <gtest/gtest.h>

namespace dyn86::verify {
namespace {

std::string problem_of(std::string_view line) {
    Question question;
    const auto parsed = parse_question(line, question);
    return parsed ? "" : parsed.error().message;
}

TEST(Question, TakesRegistersAndMemory) {
    Question question;
    ASSERT_TRUE(parse_question(R"( {"name":"x\u00e9\"","bytes":[1,-2.5e3,{"a":[true,false,null]}],"initial":)"
                               R"({"queue":[],"ram":[[1048575,255],[0,1]],"regs":{"ax":65535,"flags":65535}}} )",
                               question));
    EXPECT_EQ(question.regs.get(Reg16::Ax), 0xFFFF);
    EXPECT_EQ(question.regs.get(Reg16::Bx), 0);
    EXPECT_EQ(question.regs.flags, flag::changeable | flag::always_one);
    EXPECT_EQ(question.ram, (std::vector<RamByte>{{0xFFFFF, 255}, {0, 1}}));
    EXPECT_EQ(question.queued, 0);
    ASSERT_TRUE(parse_question(R"({"initial":{"regs":{},"queue":[1,2,3]}})", question));
    EXPECT_EQ(question.queued, 3);
    ASSERT_TRUE(parse_question(R"({"initial":{"regs":{}}})", question));
    EXPECT_FALSE(question.queued);
}

TEST(Question, SaysWhatIsWrongAndWhere) {
    EXPECT_EQ(problem_of(""), "column 1: the line is not an object");
    EXPECT_EQ(problem_of("[]"), "column 1: the line is not an object");
    EXPECT_EQ(problem_of("{}"), "column 1: no \"initial\"");
    EXPECT_EQ(problem_of(R"({"initial":{}})"), "column 1: no \"regs\" in \"initial\"");
    EXPECT_EQ(problem_of(R"({"initial":{"regs":{"ax":65536}}})"), "column 26: ax 65536 is not in 0 to 65535");
    EXPECT_EQ(problem_of(R"({"initial":{"regs":{"ax":-1}}})"), "column 26: ax -1 is not in 0 to 65535");
    EXPECT_EQ(problem_of(R"({"initial":{"regs":{"ax":1.5}}})"), "column 26: ax 1.5 is not a whole number");
    EXPECT_EQ(problem_of(R"({"initial":{"regs":{"ax":"1"}}})"), "column 26: ax is not a number");
    EXPECT_EQ(problem_of(R"({"initial":{"regs":{"eax":1}}})"), "column 21: an 8086 has no register eax");
    EXPECT_EQ(problem_of(R"({"initial":{"regs":{},"ram":[[1048576,0]]}})"),
              "column 31: address 1048576 is not in 0 to 1048575");
    EXPECT_EQ(problem_of(R"({"initial":{"regs":{},"ram":[[0,256]]}})"), "column 33: value 256 is not in 0 to 255");
    EXPECT_EQ(problem_of(R"({"initial":{"regs":{},"queue":[256]}})"),
              "column 32: a byte of the queue 256 is not in 0 to 255");
    EXPECT_EQ(problem_of(R"({"initial":{"regs":{},"queue":[1,2,3,4,5,6,7]}})"),
              "column 45: a queue holds six bytes at most");
    EXPECT_EQ(problem_of(R"({"initial":{"regs":{}}} x)"), "column 25: more behind the object");
}

TEST(Question, RefusesWhatIsNotJson) {
    for (const char* line : {"{", "{\"", "{\"a", "{\"a\":}", "{\"a\":01}", "{\"a\":1.}", "{\"a\":1e}", "{\"a\":tru}",
                             "{\"a\":[1,]}", "{\"a\":\"\\q\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":1,}", "{\"a\" 1}",
                             "{\"initial\":{\"regs\":{},\"ram\":[[1]]}}", "{\"initial\":{\"regs\":{},\"ram\":[1]}}",
                             "{\"initial\":[]}", "{\"initial\":{\"regs\":[]}}"})
        EXPECT_NE(problem_of(line), "") << line;
    EXPECT_NE(problem_of("{\"a\":" + std::string(100'000, '[')).find("nested too deeply"), std::string::npos);
}

TEST(Question, ErrorsAreJsonWhateverTheLineHeld) {
    std::string text;
    format_error(problem_of("{\"initial\":{\"regs\":{\"\\\"\xFF\":1}}}"), text);
    EXPECT_EQ(text, "{\"error\":\"column 21: an 8086 has no register \"}\n");
    text.clear();
    format_error("a \"b\" \\", text);
    EXPECT_EQ(text, "{\"error\":\"a \\\"b\\\" \\\\\"}\n");
}

TEST(Question, AnswersNameAllRegisters) {
    Answer answer{.regs = {}, .ram = {{0, 1}, {0xFFFFF, 255}}, .cycles = 12};
    answer.regs.set(Reg16::Di, 7);
    std::string text;
    format_answer(answer, text);
    EXPECT_EQ(text, R"({"final":{"regs":{"ax":0,"bx":0,"cx":0,"dx":0,"cs":0,"ss":0,"ds":0,"es":0,"sp":0,"bp":0,)"
                    R"("si":0,"di":7,"ip":0,"flags":61442},"ram":[[0,1],[1048575,255]]},"cycles":12})"
                    "\n");
}

}  // namespace
}  // namespace dyn86::verify
