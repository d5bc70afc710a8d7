#include "src/dos/shell/state.h"

#include "src/dos/code_page.h"
#include "src/dos/environment.h"
#include "src/dos/layout.h"

#include <algorithm>

namespace dyn86::dos::shell {
namespace {

constexpr std::string_view signature = "dy86";
constexpr std::size_t longest_rest = 160;

}  // namespace

void State::initialise() {
    guest_->fill(at(layout::signature), layout::size - layout::signature - 0x100, 0);
    guest_->write(at(layout::signature), signature);
    set_word(layout::saved_in, 0xFFFF);
    set_word(layout::saved_out, 0xFFFF);
    set(ShellFlag::Echo, true);
}

bool State::is_shell() const {
    return guest_->asciiz(at(layout::signature), signature.size()) == signature;
}

std::string State::rest() const {
    std::string text(byte(layout::rest_length), '\0');
    guest_->read(at(layout::rest), {reinterpret_cast<u8*>(text.data()), text.size()});
    return text;
}

void State::set_rest(std::string_view text) {
    text = text.substr(0, longest_rest);
    guest_->write(at(layout::rest), text);
    set_byte(layout::rest_length, u8(text.size()));
}

u16 State::environment_segment() const {
    return word(psp::environment);
}

std::vector<std::string> State::environment() const {
    const u16 block = environment_segment();
    return block == 0 ? std::vector<std::string>{}
                      : read_environment(*guest_, block).value_or(std::vector<std::string>{});
}

std::optional<std::string> State::variable(std::string_view name) const {
    const std::string start = ascii_upper(std::string(name)) + '=';
    for (const std::string& line : environment())
        if (line.starts_with(start)) return line.substr(start.size());
    return std::nullopt;
}

bool State::set_variable(std::string_view name, std::string_view value) {
    std::vector<std::string> lines = environment();
    dos::set_variable(lines, ascii_upper(std::string(name)) + '=' + std::string(value));
    const std::string block = environment_block(lines, guest_->asciiz({environment_segment(), 0}, 0));
    if (block.size() > word(layout::environment_room)) return false;
    guest_->write({environment_segment(), 0}, block);
    return true;
}

}  // namespace dyn86::dos::shell
