// A window on the display server.
#pragma once

#include "src/frontend/display.h"
#include "src/frontend/module.h"
#include "src/frontend/render.h"
#include "src/frontend/window_api.h"

#include <memory>
#include <set>
#include <string>

namespace dyn86::frontend {

/// Draws the guest's video memory and turns the keys of the window into scan codes. Right Ctrl is the host key: with Q
/// it ends the run, and the guest sees none of it.
class Window final : public Display {
public:
    static Result<std::unique_ptr<Window>> open(const std::string& title);
    ~Window() override;

    void show(const Screen& screen) override;
    Input wait(HostDuration timeout) override;
    void close(const Screen& last) override;

private:
    Window(Module module, const WindowApi& api, void* window)
        : module_(module), api_(api), window_(window), renderer_(pc_font()) {}
    void take(const WindowEvent& event, Input& input);
    void take_key(const WindowEvent& event, Input& input);
    void take_mouse(const MouseInput& mouse, Input& input);
    void release_keys(Input& input);

    Module module_;
    const WindowApi& api_;
    void* window_;
    Renderer renderer_;
    u8 buttons_ = 0;
    bool buttons_changed_ = false;  // in the present wait()
    std::set<u8> held_;             // codes of keys that are down
    bool host_key_ = false;
    std::chrono::steady_clock::time_point opened_ = std::chrono::steady_clock::now();
};

}  // namespace dyn86::frontend
