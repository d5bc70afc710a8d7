// The shell's command lines as text: parser, COPY's and DIR's arguments, names.
#include "src/dos/shell/copy_plan.h"
#include "src/dos/shell/dir_options.h"
#include "src/dos/shell/parser.h"
#include "src/dos/shell/paths.h"

#include <gtest/gtest.h>

namespace dyn86::dos::shell {
namespace {

TEST(ShellText, PipesAndRedirectionsAreTakenOut) {
    const Stages stages = split_pipe("dir \"a|b\" | sort | more");
    EXPECT_EQ(stages.first, "dir \"a|b\" ");
    EXPECT_EQ(stages.rest, " sort | more");
    EXPECT_FALSE(split_pipe("dir").rest);

    const Redirected one = take_redirections("sort <in.txt /r >>out.txt x");
    EXPECT_EQ(one.command, "sort  /r  x");
    EXPECT_EQ(one.in, "in.txt");
    EXPECT_EQ(one.out, "out.txt");
    EXPECT_TRUE(one.appends);
    EXPECT_FALSE(take_redirections("echo a>b").appends);
    EXPECT_EQ(take_redirections("echo a>b").command, "echo a");
    EXPECT_TRUE(take_redirections("echo >").is_bad);
    EXPECT_TRUE(take_redirections("echo \"a>b\"").out.empty());
}

TEST(ShellText, CommandNamesEndWhereDosEndsThem) {
    EXPECT_EQ(split_command("prog/x y").name, "prog");
    EXPECT_EQ(split_command("prog/x y").tail, "/x y");
    EXPECT_EQ(split_command("c:\\dos\\prog.exe a").name, "c:\\dos\\prog.exe");
    const auto known = [](std::string_view name) { return name == "CD" || name == "ECHO" || name == "DIR"; };
    const auto name_and_tail = [&](std::string_view text) {
        const auto word = split_internal(text, known);
        return word ? word->name + '|' + word->tail : "-";
    };
    EXPECT_EQ(name_and_tail("cd.."), "CD|..");
    EXPECT_EQ(name_and_tail("cd\\x"), "CD|\\x");
    EXPECT_EQ(name_and_tail("Dir/w"), "DIR|/w");
    EXPECT_EQ(name_and_tail("echo.text"), "ECHO|.text");
    EXPECT_EQ(name_and_tail("echo."), "ECHO|.");
    EXPECT_EQ(name_and_tail("dir.exe"), "-");
    EXPECT_EQ(name_and_tail("echoes"), "-");
    EXPECT_EQ(name_and_tail("dir:x"), "-");
}

TEST(ShellText, PercentSignsOfBatchFiles) {
    const auto variable = [](std::string_view name) {
        return name == "PATH" ? std::optional<std::string>("C:\\;D:\\") : std::nullopt;
    };
    const std::vector<std::string> arguments = {"me", "one", "two"};
    const auto expand = [&](std::string_view line) { return expand_batch_line(line, arguments, variable); };
    EXPECT_EQ(expand("%0 %1%2 %3."), "me onetwo .");
    EXPECT_EQ(expand("[%PATH%] [%NONE%]"), "[C:\\;D:\\] []");
    EXPECT_EQ(expand("100%% %%f"), "100% %f");
    EXPECT_EQ(expand("a % b"), "a  b");
    EXPECT_EQ(expand_variables("%PATH% %NONE% %f 100%", variable), "C:\\;D:\\ %NONE% %f 100%");
}

TEST(ShellText, ForIsParsedAndSubstituted) {
    const auto loop = parse_for(" %f IN (a.c *.h;x,y) DO echo %f %g");
    ASSERT_TRUE(loop);
    EXPECT_EQ(loop->variable, 'f');
    EXPECT_EQ(loop->set, (std::vector<std::string>{"a.c", "*.h", "x", "y"}));
    EXPECT_EQ(substitute(loop->command, 'f', "1"), "echo 1 %g");
    EXPECT_TRUE(parse_for("%a in(x)do echo"));
    for (const char* bad : {"", "f IN (a) DO b", "%f (a) DO b", "%f IN a DO b", "%f IN (a) b", "%f IN (a) DO"})
        EXPECT_FALSE(parse_for(bad)) << bad;
}

TEST(ShellText, ArgumentsAndSwitches) {
    const Arguments arguments = Arguments::parse(" a.txt,/p/w c:\\x=b /o:n");
    EXPECT_EQ(arguments.words, (std::vector<std::string>{"a.txt", "c:\\x", "b"}));
    EXPECT_EQ(arguments.switches, (std::vector<std::string>{"P", "W", "O:N"}));
    EXPECT_EQ(arguments.unknown("PWO"), std::nullopt);
    EXPECT_EQ(arguments.unknown("PO"), "/W");
}

TEST(ShellText, NamesAreFilledFromWildcards) {
    EXPECT_EQ(fill_wildcards("*.BAK", "A.TXT"), "A.BAK");
    EXPECT_EQ(fill_wildcards("*.*", "A.TXT"), "A.TXT");
    EXPECT_EQ(fill_wildcards("X?Z*.*", "ABCDE"), "XBZDE");
    EXPECT_EQ(fill_wildcards("NEW.C", "OLD.H"), "NEW.C");
    EXPECT_EQ(split_path("C:\\A\\B.C").folder, "C:\\A\\");
    EXPECT_EQ(split_path("C:B.C").name, "B.C");
    EXPECT_EQ(join("C:\\A", "B"), "C:\\A\\B");
    EXPECT_EQ(join("C:\\", "B"), "C:\\B");
    EXPECT_EQ(extension_of("A.B\\C"), "");
}

TEST(ShellText, CopyKnowsSourcesAndTarget) {
    const CopyPlan plan = parse_copy(" a/b + b.txt /a+c d /b /v");
    ASSERT_EQ(plan.sources.size(), 3u);
    EXPECT_EQ(plan.sources[0].path, "a");
    EXPECT_EQ(plan.sources[0].mode, CopyFile::Mode::Binary);
    EXPECT_EQ(plan.sources[1].mode, CopyFile::Mode::Text);
    EXPECT_EQ(plan.sources[2].path, "c");
    ASSERT_TRUE(plan.target);
    EXPECT_EQ(plan.target->path, "d");
    EXPECT_EQ(plan.target->mode, CopyFile::Mode::Binary);
    EXPECT_FALSE(parse_copy("a b c").wrong.empty());
    EXPECT_FALSE(parse_copy("").wrong.empty());
    EXPECT_EQ(parse_copy("a b /q").wrong, "Invalid switch - /Q\r\n");
}

TEST(ShellText, DirShowsLikeDos) {
    // 2026-11-25 14:07
    const Entry file{.name = "README.TXT",
                     .attribute = 0x20,
                     .time = 14 << 11 | 7 << 5,
                     .date = 46 << 9 | 11 << 5 | 25,
                     .size = 1234};
    EXPECT_EQ(dir_line(file), "README   TXT      1234 11-25-26   2:07p");
    const Entry folder{.name = "..", .attribute = 0x10, .time = 0, .date = 46 << 9 | 1 << 5 | 2, .size = 0};
    EXPECT_EQ(dir_line(folder), "..           <DIR>     01-02-26  12:00a");
    EXPECT_EQ(wide_cell(folder), "[..]            ");
}

TEST(ShellText, DirSwitchesAddUpAndGoBack) {
    const DirOptions options = parse_dir("/W/O:N", "*.c /-w /a:d-h /s/b");
    EXPECT_EQ(options.pattern, "*.c");
    EXPECT_FALSE(options.wide);
    EXPECT_TRUE(options.recurses && options.bare);
    EXPECT_EQ(options.order, "N");
    EXPECT_EQ(options.required, attribute::folder);
    EXPECT_EQ(options.excluded, attribute::hidden);
    EXPECT_EQ(parse_dir("", "/a").excluded, 0);
    EXPECT_EQ(parse_dir("", "/q").wrong, "Invalid switch - /Q\r\n");
    EXPECT_EQ(parse_dir("", "/o:x").wrong, "Invalid switch - /O:X\r\n");
}

TEST(ShellText, DirSortsByItsLetters) {
    std::vector<Entry> entries = {
        {.name = "B.C", .size = 1}, {.name = "A.D", .size = 3}, {.name = "Z", .attribute = 0x10}};
    const auto order = [&](std::string_view letters) {
        sort_entries(entries, letters);
        return entries[0].name + ' ' + entries[1].name + ' ' + entries[2].name;
    };
    EXPECT_EQ(order("N"), "A.D B.C Z");
    EXPECT_EQ(order("-N"), "Z B.C A.D");
    EXPECT_EQ(order("GN"), "Z A.D B.C");
    EXPECT_EQ(order("G-S"), "Z A.D B.C");
    EXPECT_EQ(order("-GE"), "B.C A.D Z");
}

}  // namespace
}  // namespace dyn86::dos::shell
