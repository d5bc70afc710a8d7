#include "tests/dos/support/dos_machine.h"

#include "cpu/interpreter.h"
#include "cpu/memory.h"
#include "src/bios/host_trap.h"
#include "src/dos/dos.h"
#include "src/storage/disk_image.h"
#ifdef DYN86_HAVE_JIT
#include "jit/jit.h"
#endif

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace dyn86::test {
namespace {

namespace fs = std::filesystem;

constexpr Cycles patience = 400'000'000;  // clocks; a run that takes longer hangs
constexpr Linear rom_start = 0xF0000, rom_end = 0x100000;

std::string slurp(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class NoInterrupts final : public InterruptAcknowledge {
public:
    u8 acknowledge() override { return 0xFF; }
};

class ScreenText final : public dos::ConsoleOutput {
public:
    void write(const u8* text, std::size_t length) override {
        shown.append(reinterpret_cast<const char*>(text), length);
    }
    std::string shown;
};

/// A file in memory as one of the guest's streams.
class StreamFile {
public:
    explicit StreamFile(const std::string& content) : fd_(memfd_create("stream", MFD_CLOEXEC)) {
        EXPECT_EQ(write(fd_, content.data(), content.size()), ssize_t(content.size()));
        lseek(fd_, 0, SEEK_SET);
    }
    ~StreamFile() { close(fd_); }
    StreamFile(const StreamFile&) = delete;
    StreamFile& operator=(const StreamFile&) = delete;
    [[nodiscard]] int fd() const { return fd_; }
    /// From the present position on.
    [[nodiscard]] std::string rest() const { return from(lseek(fd_, 0, SEEK_CUR)); }
    [[nodiscard]] std::string all() const { return from(0); }

private:
    [[nodiscard]] std::string from(off_t start) const {
        std::string text(std::size_t(lseek(fd_, 0, SEEK_END) - start), '\0');
        EXPECT_EQ(pread(fd_, text.data(), text.size(), start), ssize_t(text.size()));
        return text;
    }
    int fd_;
};

/// The write end of a pipe that nobody reads.
int broken_pipe() {
    std::signal(SIGPIPE, SIG_IGN);
    int ends[2] = {-1, -1};
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    close(ends[0]);
    return ends[1];
}

class Bench {
public:
    Bench(const Launch& given, EngineUnderTest engine, const fs::path& folder)
        : run_(given), in_(given.input), out_(""), err_(""), closed_(given.out_is_closed ? broken_pipe() : -1) {
        auto memory = Memory::create();
        EXPECT_TRUE(memory.has_value());
        memory_ = std::move(*memory);
        interpreter_ = std::make_unique<Interpreter>(*memory_, ports_, pic_);
        choose(engine);
        trap_ = std::make_unique<HostTrap>(*memory_, rom_start, rom_end);
        ports_.map(HostTrap::port, 1, *trap_);
        load_rom();
        create_dos(folder);
    }
    ~Bench() {
        if (closed_ >= 0) close(closed_);
    }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    Ran go() {
        if (!dos_) return result_;
        const bool is_program = !run_.shell && run_.commands.empty();
        if (auto started = is_program ? dos_->start("C:\\" + run_.program, run_.tail, run_.drive)
                                      : dos_->start_shell(run_.drive, run_.commands);
            !started) {
            result_.error = started.error();
            return result_;
        }
        result_.started = true;
        execute();
        result_.flushed = dos_->flush().has_value();
        result_.out = out_.all();
        result_.err = err_.all();
        result_.screen = screen_.shown;
        result_.input_left = in_.rest();
        result_.missing = dos_->missing_calls();
        return result_;
    }

private:
    void choose([[maybe_unused]] EngineUnderTest engine) {
        engine_ = interpreter_.get();
#ifdef DYN86_HAVE_JIT
        if (engine != EngineUnderTest::Jit) return;
        auto jit = jit::create(*memory_, *interpreter_, {.threshold = 0});
        EXPECT_TRUE(jit.has_value());
        jit_ = std::move(*jit);
        engine_ = jit_.get();
#endif
    }

    void load_rom() {
        const std::string rom = slurp(fs::path(DYN86_DOS_GUESTS) / "rom.bin");
        EXPECT_EQ(rom.size(), 0x10000u);
        memory_->load_rom(rom_start, {reinterpret_cast<const u8*>(rom.data()), rom.size()});
        const auto word = [&](std::size_t at) { return u16(u8(rom[at]) | u8(rom[at + 1]) << 8); };
        for (std::size_t at = 0; word(at) != 0; at += 4) {
            memory_->write16(Linear(word(at) * 4), word(at + 2));
            memory_->write16(Linear(word(at) * 4 + 2), 0xF000);
        }
        memory_->write16(0x413, 640);
        memory_->write16(0x41A, 0x1E);
        memory_->write16(0x41C, 0x1E);
        trap_->on(0x10, [this](Registers& regs) {
            if (regs.get(Reg8::Ah) == 0x0E) screen_.shown += char(regs.get(Reg8::Al));
        });
    }

    void create_dos(const fs::path& folder) {
        dos::Setup setup;
        setup.drives = {{.letter = 'C',
                         .path = folder,
                         .read_only = run_.read_only,
                         .label = "TESTDISK",
                         .current = run_.folder_now}};
        setup.drives.insert(setup.drives.end(), run_.more_drives.begin(), run_.more_drives.end());
        if (!run_.disk.empty()) add_disk(setup);
        setup.streams = {.console = run_.console,
                         .in = in_.fd(),
                         .out = closed_ >= 0 ? closed_ : out_.fd(),
                         .err = err_.fd(),
                         .out_utf8 = run_.out_utf8};
        setup.date = run_.date;
        setup.environment = run_.environment;
        for (const dos::DriverSpec& driver : run_.drivers)
            setup.drivers.push_back({(folder / driver.path).string(), driver.arguments});
        setup.on_failure = [this](const Error& error) {
            result_.error = error;
            result_.ended = true;
            memory_->core().stop = 1;
        };
        setup.on_end = [this](dos::End end, u8 errorlevel) {
            result_.ended = true;
            result_.end = end;
            result_.errorlevel = errorlevel;
            memory_->core().stop = 1;
        };
        auto created = dos::Dos::create(*memory_, clock_, screen_, std::move(setup));
        if (!created) {
            result_.error = created.error();
            return;
        }
        dos_ = std::move(*created);
        dos_->connect([this](u8 number, dos::Dos::Service service) { trap_->on(number, std::move(service)); });
    }

    void add_disk(dos::Setup& setup) {
        auto image = DiskImage::open(run_.disk, {});
        ASSERT_TRUE(image.has_value()) << image.error().message;
        disk_ = std::move(*image);
        setup.disks = {{.letter = 'D', .drive = [this] { return dos::DiskInDrive{disk_.get(), 1}; }}};
    }

    void execute() {
        Core& core = memory_->core();
        core.set_deadline(core.now() + patience);
        while (!result_.ended) {
            if (engine_->run() != Exit::Halted) return;
            if (!press_next()) return;
            core.halted = 0;
        }
    }

    /// Puts the next key into the BIOS's buffer.
    bool press_next() {
        if (next_key_ >= run_.keys.size()) return false;
        const u16 tail = memory_->read16(0x41C);
        memory_->write16(0x400u + tail, run_.keys[next_key_++]);
        memory_->write16(0x41C, tail + 2 == 0x3E ? 0x1E : u16(tail + 2));
        return true;
    }

    Launch run_;
    StreamFile in_, out_, err_;
    int closed_;
    Ran result_;
    ManualClock clock_;
    ScreenText screen_;
    NoInterrupts pic_;
    PortBus ports_;
    std::unique_ptr<Memory> memory_;
    std::unique_ptr<DiskImage> disk_;
    std::unique_ptr<HostTrap> trap_;
    std::unique_ptr<Interpreter> interpreter_;
    std::unique_ptr<Engine> jit_;
    Engine* engine_ = nullptr;
    std::unique_ptr<dos::Dos> dos_;
    std::size_t next_key_ = 0;
};

}  // namespace

std::vector<EngineUnderTest> engines() {
#ifdef DYN86_HAVE_JIT
    return {EngineUnderTest::Interpreter, EngineUnderTest::Jit};
#else
    return {EngineUnderTest::Interpreter};
#endif
}

std::string name_of(const testing::TestParamInfo<EngineUnderTest>& info) {
    return info.param == EngineUnderTest::Jit ? "Jit" : "Interpreter";
}

DosTest::DosTest() {
    std::string name = (fs::temp_directory_path() / "dyn86-dos-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
}

DosTest::~DosTest() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void DosTest::install(const std::string& program) {
    fs::copy_file(fs::path(DYN86_DOS_GUESTS) / program, folder_ / program);
}

void DosTest::write_file(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name, std::ios::binary) << content;
}

std::string DosTest::read_file(const std::string& name) const {
    return slurp(folder_ / name);
}

Ran DosTest::run(const Launch& given) const {
    return Bench(given, GetParam(), folder_).go();
}

Ran DosTest::check_guest(const std::string& name, Launch given) {
    install(name + ".com");
    given.program = name + ".com";
    const Ran ran = run(given);
    EXPECT_TRUE(ran.started) << ran.error.message;
    EXPECT_TRUE(ran.ended) << "hangs";
    EXPECT_EQ(ran.errorlevel, 0) << name << ".asm: " << ran.err << ran.screen;
    return ran;
}

}  // namespace dyn86::test
