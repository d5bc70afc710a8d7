// The drives A: to Z:, their current folders, and how a program's path becomes a host file's. INT 21h functions on
// drives and folders.
#pragma once

#include "src/dos/functions.h"
#include "src/dos/host_folder.h"
#include "src/dos/image_volume.h"
#include "src/dos/layout.h"
#include "src/dos/setup.h"

#include <array>
#include <memory>

namespace dyn86::dos {

/// Current drive and current folders lie in guest memory (swappable data area, current directory structures), where
/// programs look for them; the drives themselves are fixed at start.
class Drives final : public PathContext {
public:
    Drives(Guest& guest, CodePage page) : guest_(guest), page_(page) {}
    [[nodiscard]] CodePage code_page() const override { return page_; }

    Result<> add(const FolderSpec& spec);
    /// A drive with whatever disk is in it.
    Result<> add(const DiskSpec& spec, std::function<FileStamp()> now);
    /// A read-only drive with one file of ours; nothing when the letter is taken.
    Result<> add_built_in(char letter, std::string name, std::string_view content);
    /// Writes the guest's tables; once DOS's data segment is there.
    Result<> initialise(const std::vector<FolderSpec>& specs);
    void install(Functions& functions);

    [[nodiscard]] u8 current_drive() const override { return guest_.byte(in_dos_segment(sda::drive)); }
    /// "C:\LONGNA~1.COM" for "C:\long name.com": the DOS spelling of a path whose parts are the host's. What is not
    /// found so stays as it is.
    [[nodiscard]] std::string dos_spelling(const std::string& path) const;

    [[nodiscard]] bool has_driver(std::string_view name) const override;
    [[nodiscard]] bool has_drive(u8 drive) const override {
        return drive < drives_.size() && drives_[drive] != nullptr;
    }
    [[nodiscard]] std::vector<std::string> current_folder(u8 drive) const override;
    void set_current_drive(u8 drive);

    /// A drive, or null. Numbers count from 0 = A:.
    [[nodiscard]] const Volume* drive(u8 number) const { return has_drive(number) ? drives_[number].get() : nullptr; }
    /// From a DOS drive argument: 0 = current, 1 = A:.
    [[nodiscard]] DosResult<u8> drive_argument(u8 number) const;
    [[nodiscard]] static SegOff cds_entry(u8 drive);

    /// A program's path, looked up on its drive. Paths of devices have no place.
    struct Target {
        DosPath path;
        const Volume* volume = nullptr;
        Place place;
    };
    [[nodiscard]] DosResult<Target> find(std::string_view path) const;
    [[nodiscard]] DosResult<Target> find(SegOff path) const { return find(guest_.asciiz(path)); }
    /// The same for something that is to be changed: an error on a read-only drive, and for devices.
    [[nodiscard]] DosResult<Target> find_for_writing(std::string_view path) const;

private:
    [[nodiscard]] std::string current_folder_text(u8 drive) const;
    void set_current_folder(u8 drive, const std::vector<std::string>& parts);

    void select_drive(Caller& caller);
    [[nodiscard]] Result<u8> letter_number(char letter) const;
    void allocation(Caller& caller, u8 drive_number);
    void free_space(Caller& caller);
    void current_directory(Caller& caller);
    DosResult<> make(SegOff path);
    DosResult<> remove(SegOff path);
    DosResult<> change(SegOff path);
    void true_name(Caller& caller);

    Guest& guest_;
    CodePage page_;
    std::array<std::unique_ptr<Volume>, 26> drives_;
    std::array<const HostFolder*, 26> folders_{};  // those of them that are folders of the host
};

}  // namespace dyn86::dos
