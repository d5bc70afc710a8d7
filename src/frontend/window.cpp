#include "src/frontend/window.h"

#include "src/frontend/dump.h"
#include "src/frontend/keymap.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

namespace dyn86::frontend {
namespace {

// Until the guest says otherwise: 80 columns of 8 dots, 25 rows of 16 lines.
constexpr unsigned first_width = 640, first_height = 400;

/// SDL's wait polls in milliseconds; rounded up, so that a frame is not cut into busy pieces.
int to_ms(HostDuration time) {
    return int(std::chrono::ceil<std::chrono::milliseconds>(time).count());
}

}  // namespace

Result<std::unique_ptr<Window>> Window::open(const std::string& title) {
    const auto module = Module::open("dyn86-sdl");
    if (!module) return std::unexpected(module.error());
    const auto* api = static_cast<const WindowApi*>(module->symbol("dyn86_window_api"));
    if (!api || api->version != WindowApi::current_version) return fail("dyn86-sdl.so: of another version");
    std::array<char, 256> error = {};
    void* window = api->open(title.c_str(), first_width, first_height, error.data(), error.size());
    if (!window) return fail(fmt::format("no window: {}", error.data()));
    return std::unique_ptr<Window>(new Window(*module, *api, window));
}

Window::~Window() {
    if (window_) api_.close(window_);
}

void Window::show(const Screen& screen) {
    const auto age = std::chrono::steady_clock::now() - opened_;
    const i64 field = std::chrono::duration_cast<std::chrono::milliseconds>(age).count() * 60 / 1000;
    const auto lines = renderer_.update(screen, phase_at(field));
    if (lines.empty()) return;
    const Image& image = renderer_.image();
    api_.present(window_, image.pixels.data(), image.width, image.height, lines.top, lines.bottom);
}

Display::Input Window::wait(HostDuration timeout) {
    Input input;
    // The first wait may take its time, what else has come is taken along.
    buttons_changed_ = false;
    for (WindowEvent event = api_.wait(window_, to_ms(timeout)); event.kind != WindowEvent::Kind::None;
         event = api_.wait(window_, 0)) {
        take(event, input);
        if (buttons_changed_) break;
    }
    return input;
}

void Window::close(const Screen& last) {
    if (!window_) return;
    api_.close(window_);
    window_ = nullptr;
    // A program's output would vanish with its window. Nothing is lost if this cannot be written.
    if (::isatty(STDOUT_FILENO) != 0) [[maybe_unused]]
        const auto written = write_file("-", final_text(last));
}

void Window::take(const WindowEvent& event, Input& input) {
    switch (event.kind) {
        case WindowEvent::Kind::None: break;
        case WindowEvent::Kind::Key: take_key(event, input); break;
        case WindowEvent::Kind::Mouse: take_mouse(event.mouse, input); break;
        case WindowEvent::Kind::LostFocus: release_keys(input); break;
        case WindowEvent::Kind::Close: input.quit = true; break;
    }
}

void Window::take_key(const WindowEvent& event, Input& input) {
    if (event.usage == usage_host_key) {
        host_key_ = event.down;
        return;
    }
    if (host_key_ && event.down) {
        if (event.usage == usage_q) input.quit = true;
        return;
    }
    const auto code = code_for_usage(event.usage);
    if (!code) return;
    if (event.down) {
        held_.insert(*code);
        input.codes.push_back(*code);
    } else if (held_.erase(*code) != 0) {
        input.codes.push_back(*code | scan_break);
    }
}

/// Of motion only the last matters; each press and release is the guest's to see, so no more is taken after one.
void Window::take_mouse(const MouseInput& mouse, Input& input) {
    input.mouse = mouse;
    buttons_changed_ = buttons_ != mouse.buttons;
    buttons_ = mouse.buttons;
}

void Window::release_keys(Input& input) {
    for (const u8 code : held_) input.codes.push_back(code | scan_break);
    held_.clear();
    host_key_ = false;
}

}  // namespace dyn86::frontend
