// The window under Xvfb and the terminal under tmux, driven and looked at from outside. Needs xvfb, xdotool and tmux;
// what is missing is skipped with a word.
#include "tests/cli/process.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <zlib.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace dyn86::cli {
namespace {

bool has_command(const std::string& name) {
    return run_command({"sh", "-c", "command -v " + name}).status == 0;
}

/// Tries `condition` until it holds; false when it does not within 20 seconds.
template <typename Condition>
bool eventually(Condition condition) {
    for (int i = 0; i < 400; ++i) {
        if (condition()) return true;
        ::usleep(50'000);
    }
    return false;
}

struct Picture {
    unsigned width = 0, height = 0;
    std::vector<unsigned> pixels;  // 00RRGGBBh
    friend bool operator==(const Picture&, const Picture&) = default;
};

unsigned big_endian(const std::string& bytes, std::size_t at) {
    unsigned value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

/// Reads the indexed, unfiltered PNGs that dyn86 writes.
Picture decode_png(const std::string& file) {
    Picture picture;
    std::string palette, data;
    for (std::size_t at = 8; at + 12 <= file.size(); at += 12 + big_endian(file, at)) {
        const std::string type = file.substr(at + 4, 4), body = file.substr(at + 8, big_endian(file, at));
        if (type == "IHDR") picture = {big_endian(body, 0), big_endian(body, 4), {}};
        if (type == "PLTE") palette = body;
        if (type == "IDAT") data = body;
    }
    std::string lines(std::size_t{picture.height} * (picture.width + 1), '\0');
    uLongf size = lines.size();
    EXPECT_EQ(uncompress(reinterpret_cast<Bytef*>(lines.data()), &size, reinterpret_cast<const Bytef*>(data.data()),
                         data.size()),
              Z_OK);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i % (picture.width + 1) == 0) continue;  // the filter's byte
        const std::size_t colour = std::size_t{static_cast<unsigned char>(lines[i])} * 3;
        unsigned pixel = 0;
        for (std::size_t channel = 0; channel < 3; ++channel)
            pixel = pixel << 8 | static_cast<unsigned char>(palette[colour + channel]);
        picture.pixels.push_back(pixel);
    }
    return picture;
}

/// An X server of the test's own.
class Server {
public:
    Server() : process_({"sh", "-c", "exec Xvfb -displayfd 1 -screen 0 1600x1200x24 -nolisten tcp 2>/dev/null"}) {
        if (!process_.read_until("\n")) return;
        name_ = ":";
        name_ += process_.output.substr(0, process_.output.find('\n'));
        display_ = XOpenDisplay(name_.c_str());
    }
    ~Server() {
        if (display_) XCloseDisplay(display_);
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] bool runs() const { return display_ != nullptr; }
    [[nodiscard]] std::string environment() const { return "DISPLAY=" + name_; }

    /// The window whose title begins with `title`, 0 when there is none yet.
    [[nodiscard]] Window window(const std::string& title) const {
        Window root = 0, parent = 0, *children = nullptr;
        unsigned count = 0;
        XQueryTree(display_, DefaultRootWindow(display_), &root, &parent, &children, &count);
        Window found = 0;
        for (unsigned i = 0; i < count; ++i) {
            char* name = nullptr;
            if (XFetchName(display_, children[i], &name) != 0 && std::string(name).starts_with(title))
                found = children[i];
            if (name) XFree(name);
        }
        if (children) XFree(children);
        return found;
    }
    [[nodiscard]] Picture screenshot(Window window) const {
        XWindowAttributes attributes;
        XGetWindowAttributes(display_, window, &attributes);
        Picture picture{unsigned(attributes.width), unsigned(attributes.height), {}};
        XImage* image = XGetImage(display_, window, 0, 0, picture.width, picture.height, AllPlanes, ZPixmap);
        for (int y = 0; y < attributes.height; ++y)
            for (int x = 0; x < attributes.width; ++x)
                picture.pixels.push_back(unsigned(XGetPixel(image, x, y)) & 0xFFFFFF);
        XDestroyImage(image);
        return picture;
    }
    void resize(Window window, unsigned width, unsigned height) const {
        XMoveResizeWindow(display_, window, 0, 0, width, height);
        XSync(display_, False);
    }
    void key(const std::string& name) const {
        EXPECT_EQ(run_command({"xdotool", "key", name}, "", {environment()}).status, 0);
    }

private:
    Process process_;
    std::string name_;
    Display* display_ = nullptr;
};

/// `picture` in whole multiples, centred on black.
Picture scaled(const Picture& picture, unsigned scale, unsigned width, unsigned height) {
    Picture result{width, height, std::vector<unsigned>(std::size_t{width} * height)};
    const unsigned left = (width - picture.width * scale) / 2, top = (height - picture.height * scale) / 2;
    for (unsigned y = 0; y < picture.height * scale; ++y)
        for (unsigned x = 0; x < picture.width * scale; ++x)
            result.pixels[std::size_t{top + y} * width + left + x] =
                picture.pixels[std::size_t{y / scale} * picture.width + x / scale];
    return result;
}

class WindowTest : public ::testing::Test {
protected:
    void SetUp() override {
        if (!has_command("Xvfb") || !has_command("xdotool")) GTEST_SKIP() << "Xvfb and xdotool are not installed";
        server = std::make_unique<Server>();
        ASSERT_TRUE(server->runs());
    }
    std::unique_ptr<Process> start(Arguments arguments) {
        arguments.insert(arguments.begin(), "--display=window");
        return std::make_unique<Process>(dyn86_command(std::move(arguments)), Arguments{server->environment()});
    }
    Window wait_for_window(const std::string& title) const {
        Window window = 0;
        EXPECT_TRUE(eventually([&] { return (window = server->window(title)) != 0; }));
        return window;
    }

    std::unique_ptr<Server> server;
    Folder folder;
};

TEST_F(WindowTest, AScreenshotEqualsTheDump) {
    auto process = start({"--wait=ABC", "--snap", folder / "s.png", guest("SCREEN")});
    const Window window = wait_for_window("SCREEN.COM - dyn86");
    ASSERT_TRUE(eventually([&] { return folder.read("s.png").ends_with("IEND\xAE\x42\x60\x82"); }));
    const Picture dump = decode_png(folder.read("s.png"));
    EXPECT_EQ(dump.width, 640u);
    EXPECT_EQ(dump.height, 400u);
    EXPECT_TRUE(eventually([&] { return server->screenshot(window) == dump; }));
    server->resize(window, 1'290, 805);
    EXPECT_TRUE(eventually([&] { return server->screenshot(window) == scaled(dump, 2, 1'290, 805); }));
    server->key("a");
    process->read_all();
    EXPECT_EQ(process->wait(), 0);
}

TEST_F(WindowTest, KeysReachTheGuestByPlace) {
    auto process = start({"--dump-screen=-", guest("KEYS")});
    wait_for_window("KEYS.COM");
    ASSERT_TRUE(process->read_until("Ready"));
    for (const char* key : {"a", "shift+b", "F10", "Up", "ctrl+c", "alt+x", "Escape"}) server->key(key);
    process->read_all();
    EXPECT_EQ(process->wait(), 7);
    EXPECT_TRUE(process->output.starts_with("Ready\r\n1E61 3042 4400 4800 2E03 2D00 011B ")) << process->output;
}

TEST_F(WindowTest, TheHostKeyQuits) {
    auto process = start({"--status-file", folder / "s.json", guest("KEYS")});
    wait_for_window("KEYS.COM");
    ASSERT_TRUE(process->read_until("Ready"));
    server->key("Control_R+q");
    process->read_all();
    EXPECT_EQ(process->wait(), 0);
    EXPECT_TRUE(folder.read("s.json").starts_with("{\"reason\": \"quit\""));
}

/// Clock ticks of processor time that a process has taken.
long ticks_of(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string word;
    std::vector<std::string> words;
    while (file >> word) words.push_back(word);
    return words.size() > 14 ? std::stol(words[13]) + std::stol(words[14]) : -1;
}

/// Of a core, over ten seconds.
double load_of(pid_t pid) {
    const long before = ticks_of(pid);
    ::sleep(10);
    return double(ticks_of(pid) - before) / double(::sysconf(_SC_CLK_TCK)) / 10;
}

TEST_F(WindowTest, AtAPromptTheHostSleeps) {
    auto window = start({guest("KEYS")});
    wait_for_window("KEYS.COM");
    ASSERT_TRUE(window->read_until("Ready"));
    Process lines(dyn86_command({"--display=lines", guest("KEYS")}));
    ASSERT_TRUE(lines.read_until("Ready"));
    EXPECT_LT(load_of(window->pid()), 0.01);
    EXPECT_LT(load_of(lines.pid()), 0.01);
}

TEST_F(WindowTest, AnUnreachableServerIsAnError) {
    const auto run = run_command(dyn86_command({"--display=window", guest("HELLO")}), "", {"DISPLAY=:9999"});
    EXPECT_EQ(run.status, 125);
    EXPECT_NE(run.errors.find("dyn86: no window: "), std::string::npos) << run.errors;
}

/// dyn86 in a tmux of the test's own.
class TerminalTest : public ::testing::Test {
protected:
    void SetUp() override {
        if (!has_command("tmux")) GTEST_SKIP() << "tmux is not installed";
        tmux({"new-session", "-d", "-x", "100", "-y", "30", "env", "-u", "DISPLAY", "LC_ALL=C.UTF-8", "PS1=$ ", "sh"});
    }
    void TearDown() override { tmux({"kill-server"}); }

    std::string tmux(Arguments arguments) const {
        arguments.insert(arguments.begin(), {"tmux", "-u", "-S", folder / "socket", "-f", "/dev/null"});
        return run_command(arguments).output;
    }
    void type(const std::string& keys) const { tmux({"send-keys", keys}); }
    void enter(const std::string& line) const { tmux({"send-keys", line, "Enter"}); }
    [[nodiscard]] std::string screen() const { return tmux({"capture-pane", "-p"}); }
    bool shows(const std::string& text) const {
        return eventually([&] { return screen().find(text) != std::string::npos; });
    }

    Folder folder;
};

TEST_F(TerminalTest, ShowsWhatTheDumpHolds) {
    enter(std::string(DYN86_BINARY) + " --wait=ABC --snap " + (folder / "s.txt") + " " + guest("SCREEN"));
    ASSERT_TRUE(shows("ABC"));
    ASSERT_TRUE(eventually([&] { return std::ranges::count(folder.read("s.txt"), '\n') == 25; }));
    const std::string dump = folder.read("s.txt");
    EXPECT_TRUE(eventually([&] { return screen().starts_with(dump); })) << screen() << dump;
    type("a");
    EXPECT_TRUE(shows("$ "));
}

TEST_F(TerminalTest, KeysReachTheGuestAndTheLastScreenStays) {
    enter(std::string(DYN86_BINARY) + " " + guest("KEYS") + "; echo status $?");
    ASSERT_TRUE(shows("Ready"));
    for (const char* key : {"a", "B", "F10", "Up", "C-c", "M-x", "ß"}) type(key);
    ASSERT_TRUE(shows("00E1"));
    type("Escape");
    ASSERT_TRUE(shows("status 7"));
    EXPECT_NE(screen().find("1E61 3042 4400 4800 2E03 2D00 00E1 011B"), std::string::npos) << screen();
}

TEST_F(TerminalTest, AWatcherSeesWhatASnapHolds) {
    const std::string runtime = "XDG_RUNTIME_DIR=" + (folder / "");
    Process machine(dyn86_command({"--display=none", "--share=box", guest("KEYS")}), {runtime});
    const auto ask = [&](const Arguments& arguments) { return run_command(arguments, "", {runtime}); };
    ASSERT_TRUE(eventually([&] { return ask({DYN86_BINARY, "send", "box", "a"}).status == 0; }));
    enter("env " + runtime + " " + DYN86_BINARY + " watch box; echo status $?");
    ASSERT_TRUE(shows("1E61"));
    EXPECT_EQ(ask({DYN86_BINARY, "send", "box", "b"}).status, 0);
    EXPECT_EQ(ask({DYN86_BINARY, "snap", "box", folder / "s.txt"}).status, 0);
    const std::string dump = folder.read("s.txt");
    EXPECT_NE(dump.find("1E61 3062"), std::string::npos);
    EXPECT_TRUE(eventually([&] { return screen().starts_with(dump); })) << screen() << dump;
    type("q");
    ASSERT_TRUE(shows("status 0"));
    EXPECT_EQ(ask({DYN86_BINARY, "stop", "box"}).status, 0);
    EXPECT_EQ(machine.wait(), 0);
}

TEST_F(TerminalTest, GivesTheTerminalToTheShellAndComesBack) {
    enter("set -m; " + std::string(DYN86_BINARY) + " " + guest("KEYS"));
    ASSERT_TRUE(shows("Ready"));
    type("C-]");
    type("z");
    ASSERT_TRUE(shows("Stopped"));
    enter("echo back in the shell");
    ASSERT_TRUE(shows("back in the shell"));
    enter("fg");
    ASSERT_TRUE(eventually([&] { return screen().starts_with("Ready"); }));
    type("a");
    ASSERT_TRUE(shows("1E61"));
    type("Escape");
    EXPECT_TRUE(shows("$ "));
}

TEST_F(TerminalTest, GivesTheTerminalBackAfterASignal) {
    enter("stty -a > " + (folder / "before") + "; sh -c 'echo $$ > " + (folder / "pid") + "; exec " + DYN86_BINARY +
          " " + guest("KEYS") + "'; echo status $?; stty -a > " + (folder / "after"));
    ASSERT_TRUE(shows("Ready"));
    ::kill(pid_t(std::stol(folder.read("pid"))), SIGTERM);
    ASSERT_TRUE(shows("status 143"));
    ASSERT_TRUE(eventually([&] { return !folder.read("after").empty(); }));
    EXPECT_EQ(folder.read("after"), folder.read("before"));
}

}  // namespace
}  // namespace dyn86::cli
