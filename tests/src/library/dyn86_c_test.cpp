// The C API, as a program that links libdyn86 meets it.
#include "src/library/dyn86_c.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Destroy {
    void operator()(dyn86_machine* machine) const { dyn86_destroy(machine); }
};
using Machine = std::unique_ptr<dyn86_machine, Destroy>;

dyn86_config config(int engine = DYN86_JIT) {
    dyn86_config result;
    dyn86_config_init(&result);
    result.engine = engine;
    result.count_instructions = 1;
    return result;
}

Machine machine_with(const dyn86_config& settings) {
    std::array<char, 256> error{};
    Machine machine(dyn86_create(&settings, error.data(), error.size()));
    EXPECT_TRUE(machine) << error.data();
    return machine;
}

/// `code` at 1000:0100, about to run.
Machine machine_with(const std::vector<std::uint8_t>& code, int engine = DYN86_JIT) {
    Machine machine = machine_with(config(engine));
    EXPECT_EQ(dyn86_write(machine.get(), 0x10100, code.data(), code.size()), 0);
    dyn86_registers registers{};
    registers.cs = registers.ds = 0x1000;
    registers.ip = 0x100;
    registers.ss = 0x2000;
    registers.sp = 0xFFFE;
    dyn86_set_registers(machine.get(), &registers);
    return machine;
}

dyn86_registers registers_of(const Machine& machine) {
    dyn86_registers registers{};
    dyn86_get_registers(machine.get(), &registers);
    return registers;
}

std::string text_of(const Machine& machine) {
    std::string text(dyn86_screen_text(machine.get(), nullptr, 0), '\0');
    dyn86_screen_text(machine.get(), text.data(), text.size() + 1);
    return text;
}

constexpr std::uint64_t second = 1'000'000'000;

class Library : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Engines, Library, testing::Values(DYN86_JIT, DYN86_INTERPRETER));

}  // namespace

TEST_P(Library, RunsAProgramFromAFolder) {
    auto settings = config(GetParam());
    settings.folder = DYN86_GUESTS;
    const Machine machine = machine_with(settings);
    EXPECT_EQ(dyn86_errorlevel(machine.get()), -1);
    ASSERT_EQ(dyn86_start_program(machine.get(), "HELLO.COM", nullptr), 0) << dyn86_error(machine.get());
    EXPECT_EQ(dyn86_run(machine.get(), 10 * second), DYN86_ENDED);
    EXPECT_EQ(dyn86_errorlevel(machine.get()), 42);
    EXPECT_NE(text_of(machine).find("ello"), std::string::npos) << text_of(machine);
}

TEST_P(Library, CountsInstructionsAndSteps) {
    const Machine machine = machine_with({0x40, 0x40, 0x40, 0xEB, 0xFB}, GetParam());  // inc ax, three times, for ever
    const auto before = dyn86_instructions(machine.get());
    EXPECT_EQ(dyn86_step(machine.get()), DYN86_STOPPED);
    EXPECT_EQ(registers_of(machine).ax, 1);
    EXPECT_EQ(dyn86_run_instructions(machine.get(), 100), DYN86_COUNTED);
    EXPECT_EQ(dyn86_instructions(machine.get()) - before, 101u);
    EXPECT_EQ(registers_of(machine).ax, 76);  // 25 turns of 4, and one
}

TEST_P(Library, StopsAtBreakpointsAndWatches) {
    // mov [200h], al / inc ax / jmp back
    const Machine machine = machine_with({0xA2, 0x00, 0x02, 0x40, 0xEB, 0xFA}, GetParam());
    dyn86_stop stop{};
    EXPECT_EQ(dyn86_last_stop(machine.get(), &stop), -1);
    dyn86_break_at(machine.get(), 0x10103);
    ASSERT_EQ(dyn86_run(machine.get(), second), DYN86_STOPPED);
    ASSERT_EQ(dyn86_last_stop(machine.get(), &stop), 0);
    EXPECT_EQ(stop.kind, DYN86_AT_BREAKPOINT);
    EXPECT_EQ(stop.address, 0x10103u);
    dyn86_clear_stops(machine.get());
    dyn86_watch(machine.get(), DYN86_WRITES, 0x10200, 1);
    ASSERT_EQ(dyn86_run(machine.get(), second), DYN86_STOPPED);
    ASSERT_EQ(dyn86_last_stop(machine.get(), &stop), 0);
    EXPECT_EQ(stop.kind, DYN86_AT_WATCH);
    EXPECT_EQ(stop.address, 0x10200u);
}

TEST_P(Library, AsksHooksBeforeInterruptsAndPorts) {
    struct Seen {
        std::vector<int> interrupts, ports, values;
    } seen;
    // int 60h / mov al, 5 / out 80h, al / in al, 81h / jmp $; INT 60h has an IRET at 0000:0600
    const Machine machine = machine_with({0xCD, 0x60, 0xB0, 0x05, 0xE6, 0x80, 0xE4, 0x81, 0xEB, 0xFE}, GetParam());
    const std::array<std::uint8_t, 4> vector = {0x00, 0x06, 0x00, 0x00};
    dyn86_write(machine.get(), 0x60 * 4, vector.data(), 4);
    dyn86_write(machine.get(), 0x600, "\xCF", 1);
    dyn86_on_interrupt(
        machine.get(),
        [](dyn86_machine*, int number, void* user) {
            static_cast<Seen*>(user)->interrupts.push_back(number);
            return 0;
        },
        &seen);
    dyn86_on_port(
        machine.get(),
        [](dyn86_machine*, unsigned port, int value, void* user) {
            static_cast<Seen*>(user)->ports.push_back(int(port));
            static_cast<Seen*>(user)->values.push_back(value);
            return port == 0x81 ? 1 : 0;
        },
        &seen);
    EXPECT_EQ(dyn86_run(machine.get(), second), DYN86_STOPPED);
    EXPECT_EQ(seen.interrupts, std::vector<int>{0x60});
    EXPECT_EQ(seen.ports, (std::vector<int>{0x80, 0x81}));
    EXPECT_EQ(seen.values, (std::vector<int>{5, -1}));
    EXPECT_EQ(registers_of(machine).ip, 0x106);
    dyn86_stop stop{};
    ASSERT_EQ(dyn86_last_stop(machine.get(), &stop), 0);
    EXPECT_EQ(stop.kind, DYN86_AT_PORT);
    EXPECT_EQ(stop.address, 0x81u);
}

TEST_P(Library, GivesPortsToTheCaller) {
    std::vector<int> written;
    // mov dx, 300h / mov ax, 1234h / out dx, ax / in al, dx / jmp $
    const Machine machine = machine_with({0xBA, 0x00, 0x03, 0xB8, 0x34, 0x12, 0xEF, 0xEC, 0xEB, 0xFE}, GetParam());
    const dyn86_port_device device = {
        .in = [](void*, std::uint16_t port) { return std::uint8_t(port + 0x55); },
        .out = [](void* user, std::uint16_t,
                  std::uint8_t value) { static_cast<std::vector<int>*>(user)->push_back(value); },
        .user = &written};
    ASSERT_EQ(dyn86_attach_ports(machine.get(), 0x300, 2, &device), 0);
    EXPECT_EQ(dyn86_run_instructions(machine.get(), 4), DYN86_COUNTED);
    EXPECT_EQ(written, (std::vector<int>{0x34, 0x12}));
    EXPECT_EQ(registers_of(machine).ax, 0x1255);
    EXPECT_EQ(dyn86_attach_ports(machine.get(), 0xFFFF, 2, &device), -1);
    EXPECT_STRNE(dyn86_error(machine.get()), "");
}

TEST_P(Library, TypesWhileItRuns) {
    auto settings = config(GetParam());
    settings.folder = DYN86_GUESTS;
    const Machine machine = machine_with(settings);
    ASSERT_EQ(dyn86_start_program(machine.get(), "KEYS.COM", ""), 0) << dyn86_error(machine.get());
    EXPECT_EQ(dyn86_type(machine.get(), "<nonsense>"), -1);
    ASSERT_EQ(dyn86_type(machine.get(), "xyz"), 0) << dyn86_error(machine.get());
    const auto shows = [](dyn86_machine* running, void*) {
        std::array<char, 8192> text{};
        dyn86_screen_text(running, text.data(), text.size());
        return int(std::strstr(text.data(), "2D78 1579 2C7A") != nullptr);
    };
    EXPECT_EQ(dyn86_run_until(machine.get(), shows, nullptr, 10 * second), DYN86_MET) << text_of(machine);
    dyn86_screen screen{};
    dyn86_get_screen(machine.get(), &screen);
    EXPECT_EQ(screen.is_text, 1);
    EXPECT_EQ(screen.columns * screen.rows, 2000u);
}

TEST_P(Library, GoesOnFromAState) {
    using Bytes = std::vector<std::uint8_t>;
    const Bytes code = {0x40, 0xEB, 0xFD};  // inc ax, for ever
    const Machine machine = machine_with(code, GetParam());
    ASSERT_EQ(dyn86_run_instructions(machine.get(), 1000), DYN86_COUNTED);
    Bytes state;
    const auto keep = [](const void* bytes, size_t length, void* user) {
        const auto* const first = static_cast<const std::uint8_t*>(bytes);
        static_cast<Bytes*>(user)->assign(first, first + length);
    };
    ASSERT_EQ(dyn86_save_state(machine.get(), keep, &state), 0) << dyn86_error(machine.get());
    ASSERT_EQ(dyn86_run_instructions(machine.get(), 1000), DYN86_COUNTED);
    const auto later = registers_of(machine);
    const Machine other = machine_with(config(DYN86_INTERPRETER));
    ASSERT_EQ(dyn86_load_state(other.get(), state.data(), state.size()), 0) << dyn86_error(other.get());
    EXPECT_EQ(registers_of(other).ax, 500);
    ASSERT_EQ(dyn86_run_instructions(other.get(), 1000), DYN86_COUNTED);
    EXPECT_EQ(registers_of(other).ax, later.ax);
    EXPECT_EQ(dyn86_clocks(other.get()), dyn86_clocks(machine.get()));
    state.pop_back();
    EXPECT_EQ(dyn86_load_state(other.get(), state.data(), state.size()), -1);
    EXPECT_EQ(registers_of(other).ax, later.ax);
}

TEST(LibraryAlone, SaysWhatIsWrong) {
    auto settings = config();
    settings.bios = "/nowhere/at/all";
    std::array<char, 256> error{};
    EXPECT_EQ(dyn86_create(&settings, error.data(), error.size()), nullptr);
    EXPECT_NE(std::string(error.data()).find("/nowhere/at/all"), std::string::npos) << error.data();
    dyn86_config unknown{};
    EXPECT_EQ(dyn86_create(&unknown, error.data(), error.size()), nullptr);
    settings = config();
    settings.count_instructions = 0;
    const Machine machine = machine_with(settings);
    EXPECT_EQ(dyn86_run_instructions(machine.get(), 1), DYN86_FAILED);
    EXPECT_EQ(dyn86_write(machine.get(), 0xFFFF0, "\x90", 1), -1);  // ROM
    EXPECT_EQ(dyn86_start_program(machine.get(), "NOSUCH.COM", ""), -1);
}

TEST(LibraryAlone, RunsMachinesInThreads) {
    const auto count_up = [](std::uint16_t times, std::uint16_t& result) {
        // mov cx, times / inc ax / loop / jmp $
        const Machine machine =
            machine_with({0xB9, std::uint8_t(times), std::uint8_t(times >> 8), 0x40, 0xE2, 0xFD, 0xEB, 0xFE});
        EXPECT_EQ(dyn86_run(machine.get(), second), DYN86_TIME);
        result = registers_of(machine).ax;
    };
    std::uint16_t first = 0, other = 0;
    std::thread thread(count_up, std::uint16_t{5000}, std::ref(first));
    count_up(7000, other);
    thread.join();
    EXPECT_EQ(first, 5000);
    EXPECT_EQ(other, 7000);
}
