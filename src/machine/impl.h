// One PC, put together: memory, engine, chips, BIOS, DOS, and the loop that runs the engine from event to event.
#pragma once

#include "cpu/interpreter.h"
#include "cpu/memory.h"
#include "src/base/check.h"
#include "src/base/scheduler.h"
#include "src/bios/bios.h"
#include "src/bios/host_trap.h"
#include "src/dos/dos.h"
#include "src/dyn86.h"
#include "src/machine/board.h"
#include "src/machine/cpu_clock.h"
#include "src/machine/disk_drives.h"
#include "src/machine/idle_loop.h"
#include "src/machine/peripherals.h"
#include "src/machine/sentry_post.h"
#include "src/verify/verifying_engine.h"

#ifdef DYN86_HAVE_JIT
#include "jit/jit.h"
#include "jit/perf_map.h"
#endif

#include <atomic>

namespace dyn86 {

class StateFile;
struct StateField;

class Machine::Impl {
public:
    static Result<std::unique_ptr<Impl>> create(const MachineConfig& config);

    Result<> start_program(const std::string& guest_path, const std::string& arguments, char drive);
    Result<> start_shell(char drive, const std::vector<std::string>& commands);
    Result<> start_boot();
    Result<> start_demo();

    Pause run(Ticks until);
    [[nodiscard]] Ticks now() const { return clock_.now(); }
    void request_pause() { pause_requested_.store(true, std::memory_order_relaxed); }
    void set_cpu_hz(i64 hz);
    [[nodiscard]] i64 cpu_hz() const { return clock_.rate(); }
    [[nodiscard]] bool counts_instructions() const { return config_.count_instructions; }
    Result<> attach_ports(Port first, u32 count, PortHandler handler);
    void limit_instructions(u64 count) { instruction_limit_ = engine_->stats().instructions + count; }
    [[nodiscard]] bool halted() const { return core_.halted != 0; }
    [[nodiscard]] bool has_live_line() const { return peripherals_.has_live_line(); }
    void wait_for_line(Ticks spent) { peripherals_.wait_for_line(spent, halted()); }
    [[nodiscard]] bool waits_for_key() const { return halted() && bios_ && bios_->is_key_wait(core_.regs.cs_ip()); }
    [[nodiscard]] bool ended() const { return outcome_.has_value(); }
    [[nodiscard]] const Outcome& outcome() const { return *outcome_; }

    [[nodiscard]] Screen screen() const;
    void scan_code(u8 code) { board_.keyboard().press(code); }
    void mouse(const MouseInput& input);
    [[nodiscard]] bool keyboard_drained() const;
    [[nodiscard]] Peripherals& peripherals() { return peripherals_; }
    [[nodiscard]] SpeakerTrace speaker_trace(Ticks from, Ticks to, std::size_t limit) const;
    void forget_sound_before(Ticks when) { board_.speaker().forget_before(when); }

    Result<> change_disk(const ImageDrive& drive);
    Result<> close_disks(OverlayEnd end) { return drives_->close(end); }

    Result<std::vector<u8>> save_state();
    Result<> load_state(std::span<const u8> bytes);

    void peek(Linear from, std::span<u8> to) const;
    bool poke(Linear to, std::span<const u8> from);
    [[nodiscard]] CpuState cpu() const;
    void set_cpu(const CpuState& state);
    Pause step();
    void set_stops(Stops stops);
    [[nodiscard]] const std::optional<StopEvent>& stop_event() const { return sentry_.event(); }
    [[nodiscard]] std::vector<MemoryRegion> memory_regions() const;
    [[nodiscard]] InstructionText disassemble(SegOff at) const;
    [[nodiscard]] MachineStats stats() const;
    [[nodiscard]] std::vector<TranslatedBlock> blocks() const;
    [[nodiscard]] EngineKind engine_kind() const { return engine_kind_; }
    [[nodiscard]] const std::string& engine_note() const { return engine_note_; }

private:
    /// DOS's bulk output, while nobody has hooked the way to the screen.
    class Console final : public dos::ConsoleOutput {
    public:
        explicit Console(Impl& impl) : impl_(impl) {}
        void write(const u8* text, std::size_t length) override;

    private:
        Impl& impl_;
    };

    Impl(const MachineConfig& config, std::unique_ptr<Memory> memory);
    /// Our BIOS or the user's, and what lies in the drives.
    Result<> equip();
    void watch_beam();
    Result<> choose_engine();
    void add_translation(MachineStats& stats) const;
    Result<> make_recompiler(jit::Observer* observer);
    /// The recompiler under the interpreter's eyes.
    Result<> make_verifier();
    /// Cold boot up to the BIOS's INT 19h, where what was asked for takes over.
    Result<> power_on(Bios::Boot boot, std::function<void(Registers&)> loader = {});
    [[nodiscard]] dos::Setup dos_setup(dos::CodePage page);
    /// Boots as far as DOS; `begin` then loads what it is to run.
    Result<> start_dos(const std::function<Result<>()>& begin);

    [[nodiscard]] Result<std::unique_ptr<dos::Dos>> make_dos();
    /// dos_'s services, at the ROM's traps.
    void connect_dos();
    void set_up_bios(Bios::Boot boot, std::function<void(Registers&)> loader);

    // --- save states
    struct Trait;
    struct Incoming;
    [[nodiscard]] std::vector<Trait> traits() const;
    [[nodiscard]] Result<> compare_traits(const StateField& fields) const;
    /// Everything but memory and DOS, in the order in which it is restored.
    [[nodiscard]] std::vector<StatePart> parts();
    [[nodiscard]] Result<Incoming> look_at(const StateFile& file);
    [[nodiscard]] Result<> look_at_dos(const StateFile& file, Incoming& incoming);
    void take_over(Incoming incoming);

    Pause run_to(Ticks until);
    Pause step_once();
    Pause wake();
    /// What every way back to the caller ends with.
    Pause settle(Pause pause);
    /// What a failed DYN86_CHECK says.
    static void print_registers(const void* core);
    /// One stretch of execution, to the next event or `until` at most.
    void run_slice(Ticks until);
    void set_deadline(Ticks until);
    void pass_idle_time();
    void halt();
    void end(Reason reason, u8 errorlevel, std::string message = {});

    MachineConfig config_;
    std::unique_ptr<Memory> memory_;
    Core& core_;
    CpuClock clock_;
    Scheduler scheduler_;
    PortBus ports_;
    Board board_;
    Peripherals peripherals_;
    std::unique_ptr<verify::Recorder> recorder_;  // while engines are compared
    Interpreter interpreter_;
#ifdef DYN86_HAVE_JIT
    std::unique_ptr<jit::PerfMap> perf_map_;
    std::unique_ptr<jit::Jit> recompiler_;  // null: the interpreter alone
#endif
    std::unique_ptr<verify::VerifyingEngine> verifier_;  // while engines are compared; works on recompiler_
    Engine* engine_ = &interpreter_;
    EngineKind engine_kind_ = EngineKind::Interpreter;
    std::string engine_note_;
    SentryPost sentry_;

    bool is_debugged_ = false;  // there have been stops: every instruction is executed where they are looked for
    IdleLoop idle_loop_{*memory_, ports_, interpreter_};
    static constexpr Cycles least_idle_patience = 2'000'000, longest_idle_patience = 100'000'000;
    Cycles idle_search_at_ = longest_idle_patience;  // when an idle loop is looked for next,
    Cycles idle_patience_ = least_idle_patience;     // and how long after a search in vain
    u64 idle_instructions_ = 0;                      // that were not executed, but as good as

    std::vector<std::unique_ptr<PortDevice>> callers_devices_;
    HostTrap trap_;
    std::optional<Bios> bios_;  // none with a foreign BIOS
    std::optional<DiskDrives> drives_;
    Console console_{*this};
    std::unique_ptr<dos::Dos> dos_;

    std::atomic<bool> pause_requested_ = false;
    Ticks until_ = Ticks::never();  // that run_slice() was asked for
    std::optional<u64> instruction_limit_;
    u64 base_instructions_ = 0;  // of POST, before a program starts: not the program's
    std::optional<Outcome> outcome_;
};

}  // namespace dyn86
