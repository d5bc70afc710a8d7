// CD, MD, RD, VOL.
#include "src/dos/code_page.h"
#include "src/dos/shell/commands.h"
#include "src/dos/shell/messages.h"

#include <fmt/format.h>

namespace dyn86::dos::shell {
namespace {

bool is_drive(std::string_view word) {
    return word.size() == 2 && word[1] == ':';
}

/// CD without a folder: where we are on that drive.
Task<> show_folder(Context& context, std::string word) {
    const u8 current = co_await context.dos.current_drive();
    const u8 drive = word.empty() ? current : u8(ascii_upper(u8(word[0])) - 'A');
    const auto folder = co_await context.dos.current_folder(u8(drive + 1));
    if (!folder) co_return co_await context.dos.complain(message::invalid_drive);
    co_await context.dos.print(fmt::format("{}:\\{}\r\n", char('A' + drive), *folder));
}

/// The folder that a command names; complains and is empty when there is none, or more than one.
Task<std::string> folder_argument(Context& context, std::string tail) {
    const Arguments arguments = Arguments::parse(tail);
    const bool good = co_await check_switches(context, arguments, "");
    if (!good) co_return std::string();
    if (arguments.words.empty()) {
        co_await context.dos.complain(message::parameter_missing);
        co_return std::string();
    }
    if (arguments.words.size() > 1) {
        co_await context.dos.complain("Too many parameters - " + arguments.words[1] + "\r\n");
        co_return std::string();
    }
    co_return arguments.words.front();
}

}  // namespace

Task<> change_folder(Context& context, std::string tail) {
    const std::string word = first_word(tail).word;
    if (word.empty() || is_drive(word)) co_return co_await show_folder(context, word);
    const auto changed = co_await context.dos.change_folder(word);
    if (!changed) co_await context.dos.complain(message::invalid_directory);
}

Task<> make_folder(Context& context, std::string tail) {
    const std::string folder = co_await folder_argument(context, std::move(tail));
    if (folder.empty()) co_return;
    const auto made = co_await context.dos.make_folder(folder);
    if (made) co_return;
    const auto there = co_await context.dos.attributes(folder);
    const bool exists = there && (*there & attribute::folder) != 0;
    co_await context.dos.complain(exists ? message::directory_exists : message::cannot_make_directory);
}

Task<> remove_folder(Context& context, std::string tail) {
    const std::string folder = co_await folder_argument(context, std::move(tail));
    if (folder.empty()) co_return;
    const auto removed = co_await context.dos.remove_folder(folder);
    if (removed) co_return;
    if (removed.error() == DosError::CurrentDirectory)
        co_return co_await context.dos.complain("Attempt to remove current directory - " + ascii_upper(folder) +
                                                "\r\n");
    co_await context.dos.complain(message::cannot_remove_directory);
}

/// The label is an entry of the root folder; the serial number comes with AX=6900h.
Task<> print_volume(Context& context, u8 drive) {
    const char letter = char('A' + drive);
    const auto label = co_await context.dos.find_first(fmt::format("{}:\\*.*", letter), attribute::label);
    std::string text = fmt::format(" Volume in drive {} has no label\r\n", letter);
    if (label) {
        std::string name = label->name;
        if (const auto dot = name.find('.'); dot != std::string::npos) name.erase(dot, 1);
        text = fmt::format(" Volume in drive {} is {}\r\n", letter, name);
    }
    const CallRegisters serial = co_await context.dos.int21(
        {.ax = 0x6900, .bx = u16(drive + 1), .dx = layout::buffer, .ds = context.state.segment()});
    if (!serial.carry) {
        const u32 number = context.state.guest().dword(context.state.at(layout::buffer + 2));
        text += fmt::format(" Volume Serial Number is {:04X}-{:04X}\r\n", number >> 16, number & 0xFFFF);
    }
    co_await context.dos.print(text);
}

Task<> volume(Context& context, std::string tail) {
    const std::string word = first_word(tail).word;
    u8 drive = co_await context.dos.current_drive();
    if (is_drive(word)) drive = u8(ascii_upper(u8(word[0])) - 'A');
    const auto folder = co_await context.dos.current_folder(u8(drive + 1));
    if (!folder || (!word.empty() && !is_drive(word))) co_return co_await context.dos.complain(message::invalid_drive);
    co_await context.dos.print("\r\n");
    co_await print_volume(context, drive);
}

}  // namespace dyn86::dos::shell
