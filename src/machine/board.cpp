#include "src/machine/board.h"

#include <algorithm>

namespace dyn86 {

SystemSwitches Board::switches(const Options& options) {
    using enum SystemSwitches::Display;
    // All three BIOSes of the PC take a bank of its board for 16 KiB and SW2 for what lies above 64 KiB, on the later
    // board too. [IBM PC, BIOS, "Determine memory size"]
    const u32 bank_kib = options.model == BoardModel::Pc ? 16 : 64, most_banks = 4;
    const u32 banks = std::min(options.memory_kib / bank_kib, most_banks);
    return {.board = options.model == BoardModel::Pc ? SystemSwitches::Board::Pc : SystemSwitches::Board::Xt,
            .display = options.adapter == Adapter::Cga ? Color80 : Monochrome,
            .floppy_drives = options.floppy_drives,
            .memory_banks = u8(banks),
            .expansion_kb = u16(options.memory_kib - banks * bank_kib)};
}

Board::Board(Memory& memory, PortBus& ports, Scheduler& scheduler, const Options& options)
    : memory_(memory),
      ports_(ports),
      clock_(scheduler.clock()),
      options_(options),
      intr_(memory.core()),
      nmi_(memory.core()),
      pic_(intr_),
      pit_(scheduler, {&pic_.line(0), nullptr, nullptr}),
      keyboard_(scheduler, pic_.line(1)),
      speaker_(scheduler.clock(), pit_),
      ppi_(keyboard_, pit_, speaker_, switches(options)),
      nmi_mask_(nmi_),
      dma_(scheduler.clock(), memory, dma_pages_),
      fdc_(scheduler, pic_.line(6), dma_.request(2),
           options.model == BoardModel::Pc ? Fdc::Adapter::Pc : Fdc::Adapter::HighDensity),
      rtc_(scheduler.clock()),
      second_page_(memory) {
    pit_.allow_late_falls(0, [this] { return pic_.is_deaf_to_fall(0); });
    const auto served = [this] {
        pit_.reconsider(0);
        if (timer_served_) timer_served_();
    };
    pic_.attach(0, {.served = served, .needed = [this] { pit_.catch_up(0); }});
    dma_.refresh_from(pit_);
    dma_.connect(2, fdc_);
    fdc_.set_drive_count(options.floppy_drives);
    rtc_.set_time(options.local_seconds);
    map_ports();
}

void Board::map_ports() {
    ports_.map(Pic::first_port, Pic::port_count, pic_);
    ports_.map(Pit::first_port, Pit::port_count, pit_);
    ports_.map(Ppi::first_port, Ppi::port_count, ppi_);
    ports_.map(Rtc::first_port, Rtc::port_count, rtc_);  // in the place of two of the PPI's repetitions
    ports_.map(NmiMask::first_port, NmiMask::port_count, nmi_mask_);
    ports_.map(Dma::first_port, Dma::port_count, dma_);
    ports_.map(DmaPages::first_port, DmaPages::port_count, dma_pages_);
    ports_.map(Fdc::first_port, Fdc::port_count, fdc_);
    map_adapter();
}

void Board::map_adapter() {
    switch (options_.adapter) {
        case Adapter::Mda: ports_.map(Mda::first_port, Mda::port_count, mda_.emplace(clock_, memory_)); break;
        case Adapter::Cga: ports_.map(Cga::first_port, Cga::port_count, cga_.emplace(clock_)); break;
        case Adapter::Hercules:
            ports_.map(Hercules::first_port, Hercules::port_count, hercules_.emplace(clock_, memory_, second_page_));
            ports_.map(Hercules::switch_port, 1, *hercules_);
            break;
    }
}

void Board::place_no_slot_clock(Linear start) {
    const std::span<const u8> rom(memory_.view() + start, NoSlotClock::size);
    memory_.overlay_mmio(start, NoSlotClock::size, no_slot_clock_.emplace(clock_, start, rom, options_.local_seconds));
}

void Board::attach_hard_disk(std::size_t drive, HardDiskMedium& medium) {
    if (!xtide_) ports_.map(XtIde::first_port, XtIde::port_count, xtide_.emplace());
    xtide_->attach(drive, &medium);
}

Result<> Board::map_memory() {
    const u32 ram_end = options_.memory_kib * 1024;
    memory_.unmap(ram_end, address_space - ram_end);
    if (hercules_) {
        memory_.map_ram(Hercules::memory, Hercules::page_size);
        return {};
    }
    const Linear start = mda_ ? Mda::memory : Cga::memory;
    const u32 size = mda_ ? Mda::memory_size : Cga::memory_size;
    memory_.map_ram(start, size);
    return memory_.repeat(start, size, 0x8000);
}

void SecondPage::set_level(bool high) {
    if (high == answers_) return;
    answers_ = high;
    if (high) {
        memory_.map_ram(Hercules::second_memory, Hercules::page_size);
        memory_.copy_in(Hercules::second_memory, content_);
    } else {
        memory_.copy_out(Hercules::second_memory, content_);
        memory_.unmap(Hercules::second_memory, Hercules::page_size);
    }
}

std::optional<Board::SyncBit> Board::sync_bit() const {
    if (cga_) return SyncBit{Cga::first_port + 0x0A, 0x08};
    if (hercules_) return SyncBit{Hercules::first_port + 0x0A, 0x80};
    return std::nullopt;
}

const Crtc& Board::crtc() const {
    if (mda_) return mda_->crtc();
    return hercules_ ? hercules_->crtc() : cga_->crtc();
}

void SecondPage::serialize(Archive& ar) {
    ar("content", content_);
    content_.resize(Hercules::page_size);
}

/// The keyboard before the PIC would raise lines of the old state; counters before the speaker, which observes one.
void Board::add_parts(std::vector<StatePart>& parts) {
    add_part(parts, "nmi", nmi_);
    add_part(parts, "nmi mask", nmi_mask_);
    add_part(parts, "keyboard", keyboard_);
    add_part(parts, "pit", pit_);
    add_part(parts, "ppi", ppi_);
    add_part(parts, "speaker", speaker_);
    add_part(parts, "dma pages", dma_pages_);
    add_part(parts, "dma", dma_);
    add_part(parts, "fdc", fdc_);
    add_part(parts, "rtc", rtc_);
    if (no_slot_clock_) add_part(parts, "no-slot clock", *no_slot_clock_);
    if (xtide_) add_part(parts, "xtide", *xtide_);
    if (mda_) add_part(parts, "mda", *mda_);
    if (cga_) add_part(parts, "cga", *cga_);
    if (hercules_) {
        add_part(parts, "hercules", *hercules_);
        add_part(parts, "hercules page", second_page_);
    }
    add_part(parts, "pic", pic_);
}

const DisplayAdapter& Board::adapter() const {
    if (mda_) return *mda_;
    if (hercules_) return *hercules_;
    return *cga_;
}

namespace {
Screen::Mode mode_of(const Picture& picture, Adapter adapter) {
    using enum Screen::Mode;
    switch (picture.kind) {
        case Picture::Kind::Off: return Off;
        case Picture::Kind::Text: return Text;
        case Picture::Kind::Graphics: break;
    }
    if (adapter == Adapter::Hercules) return Graphics720;
    return picture.bits_per_pixel == 1 ? Graphics640 : Graphics320;
}
}  // namespace

Screen Board::screen() const {
    const Picture picture = adapter().picture();
    Screen screen;
    screen.mode = mode_of(picture, options_.adapter);
    screen.banks = picture.banks;
    screen.adapter = options_.adapter;
    screen.memory = {memory_.view() + picture.memory, picture.memory_size};
    screen.address = picture.memory;
    screen.frame = crtc().beam().frame;
    screen.columns = picture.columns;
    screen.rows = picture.rows;
    screen.glyph_height = picture.cell_height;
    screen.start = picture.start;
    screen.cursor = u16(picture.start + picture.cursor.row * picture.columns + picture.cursor.column);
    screen.cursor_top = picture.cursor.first;
    screen.cursor_bottom = picture.cursor.last;
    screen.cursor_visible = picture.cursor.visible;
    screen.blink = picture.attributes_blink;
    screen.border = picture.border;
    screen.palette = picture.palette;
    return screen;
}

std::optional<Screen::Position> Screen::cursor_position() const {
    if (!cursor_visible || mode != Mode::Text || columns == 0) return std::nullopt;
    const u16 offset = u16(cursor - start);
    if (offset >= columns * rows) return std::nullopt;
    return Position{u16(offset / columns), u16(offset % columns)};
}

}  // namespace dyn86
