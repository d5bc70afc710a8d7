// native16 FILE.COM runs an 8086 program's own bytes at the host processor's speed: what every emulator is measured
// against.
//
// A Linux process may have 16-bit segments of its own through the local descriptor table (modify_ldt). A real-mode
// segment value that is 7 modulo 8 is, read as a selector, LDT, ring 3, index value/8; give that descriptor the base
// that the value means in real mode and programs of the .COM kind cannot tell the difference. Descriptors are made when
// a value is first loaded (the load faults). B800h is no such value: the immediate it was loaded from is patched to
// B807h once. INT 21h faults as well and is served here: AH = 02h, 09h, 4Ch.
//
// The program's segment lies at linear address 0 where the host allows that (root, or vm.mmap_min_addr = 0): AMD's Zen
// 4 takes some 20 clocks for every taken branch when the base of CS is not 0, Intel's cores don't care. --probe says
// what this host does: nanoseconds for one turn of `dec cx; jnz` in the 16-bit segment and in ordinary 64-bit code.
//
// Limits: CS and DS are different values of the same base (`push cs; pop ds` is no way to a writable segment), and a
// load of a segment register goes through a descriptor, which costs more than in real mode.
#include <asm/ldt.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string_view>

namespace {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;

constexpr u16 data_selector = 0x1007;  // DS, ES, SS
constexpr u16 code_selector = 0x100F;  // CS: the same base
constexpr std::size_t memory_size = 0x10'0000;
constexpr int status_fault = 124, status_host = 125;

constexpr u32 probe_turns = 0x200 * 0x10000;

/// Where the segment `data_selector` begins in this process: 0, or where 0 is forbidden, high_base.
constexpr std::uintptr_t high_base = 0x2000'0000;

/// What the signal handler needs. One guest per process.
struct Guest {
    std::uintptr_t base = 0;
    std::array<char, 4096> output{};
    std::size_t output_length = 0;
    double probe_start = 0, host_turn_ns = 0;  // --probe
};
Guest guest;

/// CPU time of this process in seconds.
double cpu_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return double(time.tv_sec) + double(time.tv_nsec) / 1e9;
}

[[noreturn]] void finish(int status) {
    if (guest.probe_start > 0) {
        dprintf(STDOUT_FILENO, "{\"cs_base\": %lu, \"turn_ns\": %.3f, \"host_turn_ns\": %.3f}\n",
                static_cast<unsigned long>(guest.base), (cpu_seconds() - guest.probe_start) * 1e9 / probe_turns,
                guest.host_turn_ns);
    }
    if (write(STDOUT_FILENO, guest.output.data(), guest.output_length) < 0) status = status_host;
    _exit(status);
}

void put(char c) {
    if (guest.output_length < guest.output.size()) guest.output[guest.output_length++] = c;
}

std::uintptr_t base_of(u16 selector) {
    if (selector == code_selector) return guest.base;
    return guest.base + (std::uintptr_t{selector} - data_selector) * 16;
}

u8* at(u16 selector, u16 offset) {
    return reinterpret_cast<u8*>(base_of(selector) + offset);
}

bool describe(u16 selector) {
    if (selector < data_selector || base_of(selector) + 0x10000 > guest.base + memory_size) return false;
    user_desc segment{};
    segment.entry_number = selector / 8u;
    segment.base_addr = u32(base_of(selector));
    segment.limit = 0xFFFF;
    segment.contents = selector == code_selector ? MODIFY_LDT_CONTENTS_CODE : MODIFY_LDT_CONTENTS_DATA;
    segment.useable = 1;
    return syscall(SYS_modify_ldt, 1, &segment, sizeof segment) == 0;
}

u16 register_16(const greg_t* registers, int name) {
    return u16(registers[name]);
}

void dos_call(greg_t* registers) {
    const u16 ax = register_16(registers, REG_RAX);
    const u16 dx = register_16(registers, REG_RDX);
    u16 ds = 0;
    asm("mov %%ds, %0" : "=r"(ds));
    switch (ax >> 8) {
        case 0x02: put(char(dx)); break;
        case 0x09:
            for (u16 i = dx; *at(ds, i) != '$'; ++i) put(char(*at(ds, i)));
            break;
        case 0x4C: finish(ax & 0xFF);
        default: dprintf(STDERR_FILENO, "native16: INT 21h AH=%02Xh is not served\n", ax >> 8u); finish(status_host);
    }
    registers[REG_RIP] += 2;
}

/// The instruction at `ip` is `mov sreg,r16` with a value that no LDT selector has, loaded by a `mov r16,imm16` just
/// before: then that immediate and the register become the selector that stands for it.
bool patch_immediate(greg_t* registers, u16 ip) {
    constexpr std::array names = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI};
    constexpr u16 reach = 16;
    const u8* code = at(code_selector, ip);
    if (code[0] != 0x8E || code[1] < 0xC0 || ip < reach) return false;
    const unsigned number = code[1] & 7u;
    greg_t& source = registers[names[number]];
    for (u8* p = at(code_selector, u16(ip - 3)); p > code - reach; --p) {
        u16 immediate = 0;
        std::memcpy(&immediate, p + 1, sizeof immediate);
        if (*p != 0xB8 + number || immediate != u16(source)) continue;
        immediate |= 7;
        std::memcpy(p + 1, &immediate, sizeof immediate);
        source |= 7;
        return describe(immediate);
    }
    return false;
}

[[noreturn]] void give_up(int signal, const greg_t* r) {
    const u16 ip = register_16(r, REG_RIP);
    const u8* code = at(code_selector, ip);
    dprintf(STDERR_FILENO,
            "native16: signal %d at %04X, code %02X %02X %02X %02X, AX=%04X BX=%04X CX=%04X DX=%04X SI=%04X DI=%04X\n",
            signal, ip, code[0], code[1], code[2], code[3], register_16(r, REG_RAX), register_16(r, REG_RBX),
            register_16(r, REG_RCX), register_16(r, REG_RDX), register_16(r, REG_RSI), register_16(r, REG_RDI));
    finish(status_fault);
}

/// A #GP's error code names the selector that could not be loaded, or (bit 1) the interrupt that may not be called.
/// [Intel SDM volume 3A, 6.13]
void on_fault(int signal, siginfo_t* /*info*/, void* context) {
    constexpr greg_t general_protection = 13;
    greg_t* registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    const auto code = u32(registers[REG_ERR]);
    if (signal == SIGSEGV && registers[REG_TRAPNO] == general_protection) {
        if (code & 2u) {
            if (code >> 3u == 0x21) return dos_call(registers);
            if (code >> 3u == 0x20) finish(0);
        } else if (code & 4u) {
            if (describe(u16(code | 7u))) return;
        } else if (code != 0 && patch_immediate(registers, register_16(registers, REG_RIP))) {
            return;
        }
    }
    give_up(signal, registers);
}

bool make_memory() {
    constexpr int everything = PROT_READ | PROT_WRITE | PROT_EXEC;  // as an 8086's memory is
    constexpr int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
    for (const std::uintptr_t base : {std::uintptr_t{0}, high_base}) {
        void* const wanted = reinterpret_cast<void*>(base);
        if (mmap(wanted, memory_size, everything, flags, -1, 0) != wanted) continue;
        guest.base = base;
        return describe(data_selector) && describe(code_selector);
    }
    return false;
}

void catch_faults() {
    static std::array<u8, 65536> stack;
    stack_t alternative{};
    alternative.ss_sp = stack.data();
    alternative.ss_size = stack.size();
    sigaltstack(&alternative, nullptr);
    struct sigaction action {};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP}) sigaction(signal, &action, nullptr);
}

/// Goes to CS:0100 with the registers of a fresh .COM. Comes back never: the guest ends in finish().
[[noreturn]] void enter() {
    struct [[gnu::packed]] {
        u32 offset = 0x100;
        u16 selector = code_selector;
    } static const entry;
    asm volatile(
        "mov %w0, %%ds\n\t"
        "mov %w0, %%es\n\t"
        "mov %w0, %%ss\n\t"
        "mov $0xFFFE, %%esp\n\t"
        "xor %%eax, %%eax\n\t"
        "xor %%ebx, %%ebx\n\t"
        "xor %%ecx, %%ecx\n\t"
        "xor %%edx, %%edx\n\t"
        "xor %%ebp, %%ebp\n\t"
        "mov $0x100, %%esi\n\t"
        "ljmpl *(%1)"
        :
        : "r"(u32{data_selector}), "D"(&entry)
        : "memory");
    std::abort();
}

/// The .COM into memory; INT 20h where the return address of its first stack word leads.
bool load(const char* path) {
    std::FILE* file = std::fopen(path, "rb");
    if (!file) return false;
    const std::size_t length = std::fread(at(data_selector, 0x100), 1, 0xFE00, file);
    std::fclose(file);
    std::memcpy(at(data_selector, 0), "\xCD\x20", 2);
    return length > 0;
}

/// Nanoseconds of one turn of a two-instruction loop in 64-bit code.
double host_turn_ns() {
    u32 turns = probe_turns;
    const double start = cpu_seconds();
    asm volatile("1: dec %0\n\tjnz 1b" : "+r"(turns));
    return (cpu_seconds() - start) * 1e9 / probe_turns;
}

/// The same loop in the 16-bit segment: mov bx,200h; dec cx; jnz; dec bx; jnz; INT 20h.
[[noreturn]] void probe() {
    constexpr std::array<u8, 11> program = {0xBB, 0x00, 0x02, 0x49, 0x75, 0xFD, 0x4B, 0x75, 0xFA, 0xCD, 0x20};
    std::memcpy(at(data_selector, 0x100), program.data(), program.size());
    guest.host_turn_ns = host_turn_ns();
    guest.probe_start = cpu_seconds();
    enter();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: native16 FILE.COM | --probe\n", stderr);
        return 2;
    }
    if (!make_memory()) {
        std::perror("native16: this host has no 16-bit segments");
        return status_host;
    }
    catch_faults();
    if (std::string_view(argv[1]) == "--probe") probe();
    if (!load(argv[1])) {
        std::fprintf(stderr, "native16: %s: cannot be read\n", argv[1]);
        return 127;
    }
    enter();
}
