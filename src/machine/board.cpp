#include "src/machine/board.h"

namespace dyn86 {

SystemSwitches Board::switches(const Options& options) {
    using enum SystemSwitches::Display;
    return {.board = SystemSwitches::Board::Xt,
            .display = options.adapter == Adapter::Mda ? Monochrome : Color80,
            .floppy_drives = options.floppy_drives};
}

Board::Board(Memory& memory, PortBus& ports, Scheduler& scheduler, const Options& options)
    : memory_(memory),
      ports_(ports),
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
      fdc_(scheduler, pic_.line(6), dma_.request(2)) {
    dma_.refresh_from(pit_);
    dma_.connect(2, fdc_);
    fdc_.set_drive_count(options.floppy_drives);
    ports.map(Pic::first_port, Pic::port_count, pic_);
    ports.map(Pit::first_port, Pit::port_count, pit_);
    ports.map(Ppi::first_port, Ppi::port_count, ppi_);
    ports.map(NmiMask::first_port, NmiMask::port_count, nmi_mask_);
    ports.map(Dma::first_port, Dma::port_count, dma_);
    ports.map(DmaPages::first_port, DmaPages::port_count, dma_pages_);
    ports.map(Fdc::first_port, Fdc::port_count, fdc_);
    if (options.adapter == Adapter::Mda) {
        mda_.emplace(scheduler.clock(), memory);
        ports.map(Mda::first_port, Mda::port_count, *mda_);
    } else {
        cga_.emplace(scheduler.clock());
        ports.map(Cga::first_port, Cga::port_count, *cga_);
    }
}

void Board::attach_hard_disk(std::size_t drive, HardDiskMedium& medium) {
    if (!xtide_) ports_.map(XtIde::first_port, XtIde::port_count, xtide_.emplace());
    xtide_->attach(drive, &medium);
}

Result<> Board::map_memory() {
    const u32 ram_end = options_.memory_kib * 1024;
    memory_.unmap(ram_end, address_space - ram_end);
    if (mda_) {
        memory_.map_ram(Mda::memory, Mda::memory_size);
        return memory_.repeat(Mda::memory, Mda::memory_size, 0x8000);
    }
    memory_.map_ram(Cga::memory, Cga::memory_size);
    return memory_.repeat(Cga::memory, Cga::memory_size, 0x8000);
}

Screen Board::screen() const {
    const Picture picture = mda_ ? mda_->picture() : cga_->picture();
    Screen screen;
    if (picture.kind == Picture::Kind::Text) screen.mode = Screen::Mode::Text;
    if (picture.kind == Picture::Kind::Graphics)
        screen.mode = picture.bits_per_pixel == 1 ? Screen::Mode::Graphics640 : Screen::Mode::Graphics320;
    screen.adapter = options_.adapter;
    screen.memory = {memory_.view() + picture.memory, picture.memory_size};
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
