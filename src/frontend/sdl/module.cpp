// dyn86-sdl.so: the window by SDL2. Draws into the window's surface: pixels come ready, so a GPU would only cost start
// time.
#include "src/frontend/window_api.h"

#include <SDL.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string_view>

namespace dyn86::frontend {
namespace {

/// Where the picture lies in the window.
struct Placement {
    int scale = 1;  // 0: the window is too small, the picture is shrunk
    SDL_Rect where = {};
};

struct SurfaceDeleter {
    void operator()(SDL_Surface* surface) const { SDL_FreeSurface(surface); }
};

class SdlWindow {
public:
    explicit SdlWindow(SDL_Window* window) : window_(window) {}
    /// Hides the window and leaves its end to the process's. One run in ten was ended by the X library with BadWindow
    /// after SDL_DestroyWindow (2.26). assumed: SDL's wake-up event from its second connection came too late; a trace
    /// of the X protocol of such a run would settle it.
    ~SdlWindow() { SDL_HideWindow(window_); }
    SdlWindow(const SdlWindow&) = delete;
    SdlWindow& operator=(const SdlWindow&) = delete;

    void present(const u32* pixels, unsigned width, unsigned height, unsigned top, unsigned bottom);
    WindowEvent wait(int timeout_ms);

private:
    void take_picture(const u32* pixels, int width, int height);
    [[nodiscard]] Placement placement(const SDL_Surface& surface) const;
    void draw(int top, int bottom);
    void draw_everything();
    [[nodiscard]] WindowEvent translate(const SDL_Event& event);
    [[nodiscard]] WindowEvent mouse_now() const;

    SDL_Window* window_;
    std::unique_ptr<SDL_Surface, SurfaceDeleter> picture_;  // on the caller's pixels
};

void SdlWindow::take_picture(const u32* pixels, int width, int height) {
    // SDL does not write to the source of a blit.
    picture_.reset(SDL_CreateRGBSurfaceWithFormatFrom(const_cast<u32*>(pixels), width, height, 32, width * 4,
                                                      SDL_PIXELFORMAT_RGB888));
    if (picture_) SDL_SetSurfaceBlendMode(picture_.get(), SDL_BLENDMODE_NONE);
}

Placement SdlWindow::placement(const SDL_Surface& surface) const {
    const int scale = std::min(surface.w / picture_->w, surface.h / picture_->h);
    SDL_Rect where = {0, 0, picture_->w * scale, picture_->h * scale};
    if (scale == 0) {
        const double shrink = std::min(double(surface.w) / picture_->w, double(surface.h) / picture_->h);
        where.w = std::max(1, int(picture_->w * shrink));
        where.h = std::max(1, int(picture_->h * shrink));
    }
    where.x = (surface.w - where.w) / 2;
    where.y = (surface.h - where.h) / 2;
    return {scale, where};
}

void SdlWindow::present(const u32* pixels, unsigned width, unsigned height, unsigned top, unsigned bottom) {
    const bool same = picture_ && picture_->pixels == pixels && picture_->w == int(width) && picture_->h == int(height);
    if (same) return draw(int(top), int(bottom));
    const bool resized = picture_ && (picture_->w != int(width) || picture_->h != int(height));
    take_picture(pixels, int(width), int(height));
    if (resized) {
        // A picture of another shape: the window goes along, unless the person has chosen a size that holds it.
        int window_width = 0, window_height = 0;
        SDL_GetWindowSize(window_, &window_width, &window_height);
        if (window_width < int(width) || window_height < int(height))
            SDL_SetWindowSize(window_, std::max(window_width, int(width)), std::max(window_height, int(height)));
    }
    draw_everything();
}

/// Draws lines [top, bottom) of the picture.
void SdlWindow::draw(int top, int bottom) {
    SDL_Surface* surface = SDL_GetWindowSurface(window_);
    if (!surface || !picture_) return;
    const Placement placed = placement(*surface);
    if (placed.scale == 0) return draw_everything();
    SDL_Rect from = {0, top, picture_->w, bottom - top};
    SDL_Rect to = {placed.where.x, placed.where.y + top * placed.scale, placed.where.w, (bottom - top) * placed.scale};
    SDL_BlitScaled(picture_.get(), &from, surface, &to);
    SDL_UpdateWindowSurfaceRects(window_, &to, 1);
}

void SdlWindow::draw_everything() {
    SDL_Surface* surface = SDL_GetWindowSurface(window_);
    if (!surface || !picture_) return;
    SDL_FillRect(surface, nullptr, 0);
    SDL_Rect where = placement(*surface).where;
    SDL_BlitScaled(picture_.get(), nullptr, surface, &where);
    SDL_UpdateWindowSurface(window_);
}

WindowEvent SdlWindow::wait(int timeout_ms) {
    SDL_Event event;
    const Uint64 end = SDL_GetTicks64() + Uint64(timeout_ms);
    for (;;) {
        const Uint64 now = SDL_GetTicks64();
        if (SDL_WaitEventTimeout(&event, now < end ? int(end - now) : 0) == 0) return {};
        const WindowEvent translated = translate(event);
        if (translated.kind != WindowEvent::Kind::None) return translated;
    }
}

/// Where the pointer is within the picture; beside it, at its edge.
WindowEvent SdlWindow::mouse_now() const {
    SDL_Surface* surface = SDL_GetWindowSurface(window_);
    if (!surface || !picture_) return {};
    const SDL_Rect where = placement(*surface).where;
    int x = 0, y = 0;
    const Uint32 pressed = SDL_GetMouseState(&x, &y);
    const auto fraction = [](int at, int length) { return u16(std::clamp(at * 65536 / length, 0, 65535)); };
    const u8 left = (pressed & SDL_BUTTON_LMASK) != 0 ? 1 : 0, right = (pressed & SDL_BUTTON_RMASK) != 0 ? 2 : 0;
    return {.kind = WindowEvent::Kind::Mouse,
            .mouse = {fraction(x - where.x, where.w), fraction(y - where.y, where.h), u8(left | right)}};
}

WindowEvent SdlWindow::translate(const SDL_Event& event) {
    switch (event.type) {
        case SDL_QUIT: return {.kind = WindowEvent::Kind::Close};
        case SDL_KEYDOWN:
        case SDL_KEYUP:
            return {.kind = WindowEvent::Kind::Key,
                    .down = event.type == SDL_KEYDOWN,
                    .usage = u32(event.key.keysym.scancode)};  // SDL's scan codes are HID usages
        case SDL_MOUSEMOTION:
        case SDL_MOUSEBUTTONDOWN:
        case SDL_MOUSEBUTTONUP: return mouse_now();
        case SDL_WINDOWEVENT: break;
        default: return {};
    }
    switch (event.window.event) {
        case SDL_WINDOWEVENT_FOCUS_LOST: return {.kind = WindowEvent::Kind::LostFocus};
        case SDL_WINDOWEVENT_EXPOSED:
        case SDL_WINDOWEVENT_SIZE_CHANGED: draw_everything(); break;
        default: break;
    }
    return {};
}

/// The largest whole multiple of the picture that leaves a quarter of the desktop free.
int first_scale(int width, int height) {
    SDL_Rect desktop;
    if (SDL_GetDisplayUsableBounds(0, &desktop) != 0) return 1;
    return std::max(1, std::min(desktop.w * 3 / 4 / width, desktop.h * 3 / 4 / height));
}

void* open_window(const char* title, unsigned width, unsigned height, char* error, std::size_t error_size) {
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");  // signals are the session's
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
    // Left to itself SDL tries Wayland after X11, whose library then complains on stderr that it is not there.
    const char* wayland = SDL_getenv("WAYLAND_DISPLAY");
    if (!wayland || !*wayland) SDL_SetHint(SDL_HINT_VIDEODRIVER, "x11");
    const auto failed = [&]() -> void* {
        std::snprintf(error, error_size, "%s", SDL_GetError());
        return nullptr;
    };
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) return failed();
    const std::string_view driver = SDL_GetCurrentVideoDriver();
    if (driver != "x11" && driver != "wayland") {  // SDL's others show nothing, or take the whole machine
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
        SDL_SetError("the display server cannot be reached");
        return failed();
    }
    // X11 takes pixels by shared memory; a texture between would load a GL driver. Wayland has no way but a texture.
    if (driver == "x11") SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    const int scale = first_scale(int(width), int(height));
    SDL_Window* window = SDL_CreateWindow(title, SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED, int(width) * scale,
                                          int(height) * scale, SDL_WINDOW_RESIZABLE);
    if (!window) {
        failed();
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
        return nullptr;
    }
    SDL_SetWindowMinimumSize(window, 160, 100);
    return new SdlWindow(window);
}

SdlWindow& object(void* window) {
    return *static_cast<SdlWindow*>(window);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const WindowApi dyn86_window_api = {
    .version = WindowApi::current_version,
    .open = open_window,
    .close = [](void* window) { delete &object(window); },
    .present = [](void* window, const u32* pixels, unsigned width, unsigned height, unsigned top,
                  unsigned bottom) { object(window).present(pixels, width, height, top, bottom); },
    .wait = [](void* window, int timeout_ms) { return object(window).wait(timeout_ms); },
};

}  // namespace dyn86::frontend
