#include "src/dos/process.h"

#include "src/dos/code_page.h"
#include "src/dos/fcb_name.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace dyn86::dos {
namespace {

constexpr u16 start_flags = 0xF202;  // interrupts on
constexpr u16 root_stack = 0x100, root_size = 0x200;
/// Bytes that the first program finds for its environment: a command interpreter's variables have to grow there.
constexpr std::size_t first_environment_room = 1024;
constexpr u16 frame_bytes = (Frame::locals + 12) * 2;

enum ExecMode : u8 { LoadAndRun = 0, LoadOnly = 1, Overlay = 3, ExecutionState = 5 };

std::unexpected<LoadError> refuse_load(DosError code) {
    return std::unexpected(LoadError{code, {}});
}

/// What the user reads when the first program does not start.
Error explain(const std::string& path, const LoadError& error) {
    const auto say = [&](const char* text, ErrorKind kind) { return Error{path + ": " + text, kind}; };
    if (!error.message.empty()) return {path + ": not a DOS program: " + error.message, ErrorKind::NotAProgram};
    switch (error.code) {
        case DosError::FileNotFound:
        case DosError::PathNotFound: return say("no such program", ErrorKind::NotFound);
        case DosError::NotEnoughMemory: return say("needs more memory than DOS has free", ErrorKind::NotAProgram);
        case DosError::AccessDenied: return say("cannot be read as a program", ErrorKind::NotAProgram);
        default: return say("not a DOS program", ErrorKind::NotAProgram);
    }
}

}  // namespace

DosResult<> Process::create_root(const ProcessEntries& entries, std::vector<std::string> environment) {
    entries_ = entries;
    const auto segment = arena_.allocate(root_size / 16, 0xFFFF);
    if (!segment) return std::unexpected(segment.error());
    arena_.set_owner(*segment, *segment);
    arena_.set_name(*segment, "DYN86");
    guest_.set_vector(0x22, entries.root_exit);
    Psp root(guest_, *segment);
    root.initialise(*segment, u16(*segment + root_size / 16), version_);
    const auto handles = files_.first_handles();
    guest_.write({*segment, psp::jft}, handles);
    // The frame on which terminate() lands when the first program ends.
    const SegOff stack{*segment, root_size - frame_bytes};
    Frame frame;
    frame.caller.cs = entries.root_exit.segment;
    frame.caller.ip = entries.root_exit.offset;
    store_frame(frame, stack, guest_);
    root.set_pointer(psp::stack, stack);
    set_current(*segment);
    const auto block = allocate_environment(environment, {});
    if (!block) return std::unexpected(block.error());
    root.set_word(psp::environment, *block);
    return {};
}

// --- loading

LoadResult<Process::ProgramFile> Process::open_program(std::string_view path) const {
    auto target = drives_.find(path);
    if (!target) return refuse_load(target.error());
    if (target->path.device != Device::None) return refuse_load(DosError::AccessDenied);
    auto file = target->volume->open(target->place, OpenMode{0});
    if (!file) return refuse_load(file.error());
    auto kind = examine_program(**file);
    if (!kind) return std::unexpected(kind.error());
    return ProgramFile{.file = std::move(*file), .kind = *kind, .path = std::move(target->path)};
}

DosResult<u16> Process::allocate_environment(const std::vector<std::string>& environment, const DosPath& program,
                                             std::size_t room) {
    const std::string bytes = environment_block(environment, program.text());
    const auto block = arena_.allocate(u16((std::max(bytes.size(), room) + 15) / 16), current());
    if (block) guest_.write({*block, 0}, bytes);
    return block;
}

DosResult<u16> Process::allocate_program(const Footprint& footprint) {
    const auto largest = arena_.largest();
    if (!largest) return largest;
    if (*largest < footprint.needed) return refuse(DosError::NotEnoughMemory);
    return arena_.allocate(std::min(*largest, footprint.wanted), current());
}

void Process::build_psp(u16 segment, u16 environment, const DosPath& program) {
    const u16 parent = current();
    Psp child(guest_, segment);
    child.initialise(parent, u16(segment + arena_.size(segment)), version_);
    child.inherit_handles(files_, parent);
    child.set_word(psp::environment, environment);
    arena_.set_owner(segment, segment);
    arena_.set_owner(environment, segment);
    const std::string& name = program.parts.back();
    arena_.set_name(segment, name.substr(0, name.find('.')));
}

LoadResult<Process::Loaded> Process::load(const ProgramFile& program, const std::vector<std::string>& environment,
                                          SegOff back, std::size_t environment_room) {
    const auto variables = allocate_environment(environment, program.path, environment_room);
    if (!variables) return refuse_load(variables.error());
    const auto block = allocate_program(footprint(program.kind));
    if (!block) {
        (void)arena_.release(*variables);
        return refuse_load(block.error());
    }
    const bool is_first = back == entries_.root_exit;
    const Ground ground{.psp = *block, .paragraphs = arena_.size(*block), .is_new = is_first};
    const auto entry = load_image(*program.file, program.kind, guest_, ground);
    if (!entry) {
        (void)arena_.release(*variables);
        (void)arena_.release(*block);
        return refuse_load(entry.error());
    }
    guest_.set_vector(0x22, back);
    build_psp(*block, *variables, program.path);
    set_current(*block);
    guest_.set_pointer(in_dos_segment(sda::dta), {*block, psp::tail});
    return Loaded{.psp = *block, .entry = *entry};
}

// --- arguments

void Process::parse_arguments(u16 segment, std::string_view tail) {
    Psp(guest_, segment).set_tail(tail);
    for (const u16 fcb : {psp::fcb1, psp::fcb2}) {
        const ParsedFcb parsed = parse_fcb_name(tail, Leading::Separators, drives_);
        guest_.set_byte({segment, fcb}, parsed.drive);
        guest_.write({segment, u16(fcb + 1)}, std::string_view(parsed.name.data(), parsed.name.size()));
        tail.remove_prefix(parsed.length);
    }
}

void Process::give_arguments(u16 segment, const Parameters& parameters) {
    constexpr u16 none = 0xFFFF;
    const auto copy = [&](SegOff from, u16 to, std::size_t count) {
        if (from.offset == none) return;
        std::vector<u8> bytes(count);
        guest_.read(from, bytes);
        guest_.write({segment, to}, bytes);
    };
    copy(parameters.fcb1, psp::fcb1, 16);
    copy(parameters.fcb2, psp::fcb2, 16);
    copy(parameters.tail, psp::tail, 128);
}

/// AX of a new process: FFh for each FCB whose drive does not exist. [RBIL 21/AH=4Bh]
u16 Process::drive_validity(u16 segment) const {
    const auto validity = [&](u16 fcb) {
        const u8 drive = guest_.byte({segment, fcb});
        return drive == 0 || drives_.has_drive(u8(drive - 1)) ? 0x00 : 0xFF;
    };
    return u16(validity(psp::fcb1) | validity(psp::fcb2) << 8);
}

void Process::set_registers(const Loaded& loaded) {
    Registers& r = regs();
    r = Registers{};
    r.set(Reg16::Ax, drive_validity(loaded.psp));
    r.set(Reg16::Cx, 0x00FF);
    r.set(Reg16::Dx, loaded.psp);
    r.set(Reg16::Si, loaded.entry.start.offset);
    r.set(Reg16::Di, loaded.entry.stack.offset);
    r.set(Reg16::Bp, 0x091C);  // what DOS 5 leaves there
    r.set(Reg16::Sp, loaded.entry.stack.offset);
    r.set(Sreg::Ss, loaded.entry.stack.segment);
    r.set(Sreg::Cs, loaded.entry.start.segment);
    r.set(Sreg::Ds, loaded.psp);
    r.set(Sreg::Es, loaded.psp);
    r.ip = loaded.entry.start.offset;
    r.flags = start_flags;
    guest_.set_byte(in_dos_segment(sda::in_dos), 0);
}

Result<> Process::check(const std::string& path) const {
    const auto program = open_program(path);
    if (!program) return std::unexpected(explain(path, program.error()));
    return {};
}

Result<> Process::start(const std::string& path, const std::string& tail) {
    const std::string text = tail.empty() ? tail : ' ' + tail;
    if (text.size() > Psp::longest_tail)
        return fail(fmt::format("the command line has {} characters; DOS takes {}", text.size(), Psp::longest_tail),
                    ErrorKind::Usage);
    const auto environment = read_environment(guest_, Psp(guest_, current()).word(psp::environment));
    if (!environment) return fail("the environment has no end");
    const auto program = open_program(path);
    if (!program) return std::unexpected(explain(path, program.error()));
    const auto loaded = load(*program, *environment, entries_.root_exit, first_environment_room);
    if (!loaded) return std::unexpected(explain(path, loaded.error()));
    parse_arguments(loaded->psp, text);
    set_registers(*loaded);
    return {};
}

// --- EXEC

LoadResult<Process::Loaded> Process::load_child(const Caller& caller) {
    const SegOff block = caller.es_bx();
    const Parameters parameters{.environment = guest_.word(block),
                                .tail = guest_.pointer(block + 2),
                                .fcb1 = guest_.pointer(block + 6),
                                .fcb2 = guest_.pointer(block + 10)};
    const auto program = open_program(guest_.asciiz(caller.ds_dx()));
    if (!program) return std::unexpected(program.error());
    const u16 inherited = Psp(guest_, current()).word(psp::environment);
    const u16 segment = parameters.environment != 0 ? parameters.environment : inherited;
    auto environment = segment == 0 ? std::vector<std::string>{} : read_environment(guest_, segment);
    if (!environment) return refuse_load(environment.error());
    const auto loaded = load(*program, *environment, {caller.cs, caller.ip});
    if (loaded) give_arguments(loaded->psp, parameters);
    return loaded;
}

LoadResult<> Process::load_overlay(const Caller& caller) {
    const u16 segment = guest_.word(caller.es_bx()), factor = guest_.word(caller.es_bx() + 2);
    const auto program = open_program(guest_.asciiz(caller.ds_dx()));
    if (!program) return std::unexpected(program.error());
    OpenFile& file = *program->file;
    const auto* const exe = std::get_if<ExeHeader>(&program->kind);
    const auto done = exe != nullptr ? place_exe(file, *exe, guest_, segment, factor)
                                     : read_into_guest(file, 0, guest_, SegOff{segment, 0}.linear(),
                                                       std::get<ComFile>(program->kind).file_size);
    if (!done) return refuse_load(done.error());
    return {};
}

/// AL=01h: the child is current, but its parent runs it: SS:SP and CS:IP go into the parameter block, AX onto its
/// stack.
void Process::describe_child(const Caller& caller, const Loaded& loaded) {
    const SegOff stack{loaded.entry.stack.segment, u16(loaded.entry.stack.offset - 2)};
    guest_.set_word(stack, drive_validity(loaded.psp));
    guest_.set_pointer(caller.es_bx() + 0x0E, stack);
    guest_.set_pointer(caller.es_bx() + 0x12, loaded.entry.start);
}

/// AL=05h: a program that loads others itself has loaded one. The version that DOS says it is stands in the prefix.
void Process::set_execution_state(Caller& caller) {
    constexpr u16 psp_field = 8;  // [RBIL 21/AX=4B05h]
    Psp(guest_, guest_.word(caller.ds_dx() + psp_field)).set_word(psp::version, version_);
    caller.succeed();
}

Action Process::exec_step(Frame& frame) {
    Caller& caller = frame.caller;
    const u8 mode = caller.al();
    if (mode == ExecutionState) {
        set_execution_state(caller);
        return Action::Finish;
    }
    if (mode == Overlay) {
        const auto done = load_overlay(caller);
        done ? caller.succeed() : caller.fail(done.error().code);
        return Action::Finish;
    }
    if (mode != LoadAndRun && mode != LoadOnly) {
        caller.fail(DosError::InvalidFunction);
        return Action::Finish;
    }
    // Where the parent goes on: the frame that lies on top of its stack now.
    Psp parent(guest_, current());
    const SegOff old_stack = parent.pointer(psp::stack);
    parent.set_pointer(psp::stack, {regs().get(Sreg::Ss), regs().get(Reg16::Sp)});
    const auto loaded = load_child(caller);
    if (!loaded) {
        parent.set_pointer(psp::stack, old_stack);
        caller.fail(loaded.error().code);
        return Action::Finish;
    }
    if (mode == LoadOnly) {
        describe_child(caller, *loaded);
        caller.succeed();
        return Action::Finish;
    }
    set_registers(*loaded);
    return Action::Leave;
}

// --- the end

void Process::close_handles(u16 segment) {
    const Psp process(guest_, segment);
    const SegOff table = process.pointer(psp::jft_pointer);
    const u16 count = process.word(psp::jft_size);
    for (u16 handle = 0; handle < count; ++handle) {
        const u8 entry = guest_.byte(table + handle);
        if (entry >= sft::count || files_.entry(entry).references() == 0) continue;
        (void)files_.release(entry);
        guest_.set_byte(table + handle, FileTable::no_entry);
    }
}

void Process::terminate(Ending ending, u8 code) {
    const u16 segment = current();
    const Psp process(guest_, segment);
    const u16 parent = process.word(psp::parent);
    const SegOff back = process.pointer(psp::int22);
    guest_.set_word(in_dos_segment(sda::return_code), u16(code | u16(ending) << 8));
    guest_.set_byte(in_dos_segment(sda::in_dos), 0);
    guest_.set_byte(in_dos_segment(sda::error_mode), 0);
    guest_.set_vector(0x22, back);
    guest_.set_vector(0x23, process.pointer(psp::int23));
    guest_.set_vector(0x24, process.pointer(psp::int24));
    if (ending != Ending::Resident && parent != segment) {
        close_handles(segment);
        (void)arena_.release_all(segment);
    }
    set_current(parent);
    guest_.set_pointer(in_dos_segment(sda::dta), {parent, psp::tail});
    return_to(parent, back);
}

/// The parent's EXEC returns: its frame is where its PSP says, its address what INT 22h says. A parent that only loaded
/// the program (AL=01h) and ran it itself has used that stack since: there is no frame, and its own routine is gone to.
void Process::return_to(u16 parent, SegOff back) {
    const SegOff stack = Psp(guest_, parent).pointer(psp::stack);
    Frame frame = load_frame(stack, guest_);
    regs().set(Sreg::Ss, stack.segment);
    if (frame.caller.cs == back.segment && frame.caller.ip == back.offset) {
        frame.caller.flags = u16((frame.caller.flags | start_flags) & ~flag::c);
        store_frame(frame, stack, guest_);
        regs().set(Reg16::Sp, stack.offset);
        return go_to(entries_.finish);
    }
    regs().set(Reg16::Sp, u16(stack.offset + frame_bytes));
    regs().flags = start_flags;
    go_to(back);
}

void Process::go_to(SegOff address) {
    regs().set(Sreg::Cs, address.segment);
    regs().ip = address.offset;
}

void Process::terminate_named(u16 code_segment) {
    if (code_segment == current() || !is_psp(code_segment)) return terminate(Ending::Normal, 0);
    const Psp named(guest_, code_segment);
    const SegOff back = named.pointer(psp::int22);
    guest_.set_word(in_dos_segment(sda::return_code), 0);
    guest_.set_byte(in_dos_segment(sda::in_dos), 0);
    guest_.set_vector(0x22, back);
    guest_.set_vector(0x23, named.pointer(psp::int23));
    guest_.set_vector(0x24, named.pointer(psp::int24));
    regs().flags = start_flags;
    go_to(back);
}

void Process::stay_resident(u16 paragraphs, u8 code) {
    constexpr u16 least = 6;
    (void)arena_.resize(current(), std::max(paragraphs, least));
    terminate(Ending::Resident, code);
}

void Process::create_child_psp(const Caller& caller) {
    const u16 parent = current();
    Psp child(guest_, caller.dx);
    child.initialise(parent, caller.si, version_);
    child.inherit_handles(files_, parent);
    child.set_word(psp::environment, Psp(guest_, parent).word(psp::environment));
    set_current(caller.dx);
}

void Process::install(Functions& functions) {
    const auto waits = [](Caller& c) { c.waits = true; };
    functions.on(0x00, [this](Caller& c) {
        terminate_named(c.cs);
        c.leaves = true;
    });
    functions.on(0x26, [this](Caller& c) {
        const u16 from = is_psp(c.cs) ? c.cs : current();
        Psp(guest_, c.dx).copy_from(from, Psp(guest_, from).word(psp::top));
    });
    functions.on(0x31, [this](Caller& c) {
        stay_resident(c.dx, c.al());
        c.leaves = true;
    });
    functions.on(0x4B, waits, [this](Frame& f) { return exec_step(f); });
    functions.on(0x4C, [this](Caller& c) {
        terminate(Ending::Normal, c.al());
        c.leaves = true;
    });
    functions.on(0x4D, [this](Caller& c) {
        c.succeed(guest_.word(in_dos_segment(sda::return_code)));
        guest_.set_word(in_dos_segment(sda::return_code), 0);
    });
    functions.on(0x50, [this](Caller& c) { set_current(c.bx); });
    functions.on(0x51, [this](Caller& c) { c.bx = current(); });
    functions.on(0x55, [this](Caller& c) { create_child_psp(c); });
    functions.on(0x62, [this](Caller& c) { c.bx = current(); });
}

}  // namespace dyn86::dos
