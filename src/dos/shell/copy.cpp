// COPY: files one by one, or joined.
#include "src/dos/code_page.h"
#include "src/dos/shell/commands.h"
#include "src/dos/shell/copy_plan.h"
#include "src/dos/shell/messages.h"
#include "src/dos/shell/paths.h"

#include <fmt/format.h>

#include <algorithm>

namespace dyn86::dos::shell {
namespace {

using Mode = CopyFile::Mode;
constexpr char end_of_file = 0x1A;
constexpr u16 is_device = 0x80;

/// Memory that data goes through: a block of its own while there is one to be had, else the shell's buffer.
struct Buffer {
    SegOff at;
    u16 size = layout::buffer_size;
    u16 block = 0;
};
Task<Buffer> make_buffer(Context& context) {
    constexpr u16 paragraphs = 0xF00;
    const auto block = co_await context.dos.allocate(paragraphs);
    if (!block) co_return Buffer{.at = context.state.at(layout::buffer)};
    co_return Buffer{.at = {*block, 0}, .size = paragraphs * 16, .block = *block};
}

/// One target and what goes into it.
struct Job {
    std::string target;
    Mode target_mode = Mode::Default;
    std::vector<CopyFile> sources;
    bool keeps_date = false;  // of the one source
    bool appends = false;     // the first source is the target
};

class Copier {
public:
    Copier(Context& context, const CopyPlan& plan) : context_(context), dos_(context.dos), plan_(plan) {}
    Task<> run();

private:
    enum class Outcome { Copied, Missing, Failed };

    Task<std::string> target_pattern();
    Task<std::vector<std::string>> matches(std::string path);
    Task<> touch_all();
    Task<> copy_each(std::string pattern);
    Task<> join_all(std::string pattern);
    Task<Outcome> copy_job(Job job);
    Task<Outcome> fill(u16 target, const Job& job);
    Task<bool> append_file(u16 target, u16 source, bool is_text);
    Task<bool> are_same(std::string a, std::string b);
    Task<bool> write(u16 target, u16 count);
    [[nodiscard]] bool is_joining() const { return plan_.sources.size() > 1; }

    Context& context_;
    Calls& dos_;
    const CopyPlan& plan_;
    Buffer buffer_;
    unsigned copied_ = 0;
};

Task<bool> Copier::are_same(std::string a, std::string b) {
    const auto first = co_await dos_.true_name(a), second = co_await dos_.true_name(b);
    co_return first&& second&&* first == *second;
}

/// The target with a name in it: "*.*" where it is a folder, a drive, or not given.
Task<std::string> Copier::target_pattern() {
    if (!plan_.target) co_return is_joining() ? plan_.sources.front().path : std::string("*.*");
    const std::string& path = plan_.target->path;
    if (path.ends_with(':') || path.ends_with('\\')) co_return path + "*.*";
    if (has_wildcards(path)) co_return path;
    const auto attributes = co_await dos_.attributes(path);
    const bool is_folder = attributes && (*attributes & attribute::folder) != 0;
    co_return is_folder ? path + "\\*.*" : path;
}

/// The files that a source names, with its folder; a name without wildcards stands for itself, there or not.
Task<std::vector<std::string>> Copier::matches(std::string path) {
    std::vector<std::string> names;
    DosResult<u16> attributes = u16{0};
    if (!has_wildcards(path)) attributes = co_await dos_.attributes(path);
    if (attributes && (*attributes & attribute::folder) != 0) path += "\\*.*";
    if (!has_wildcards(path)) {
        names.push_back(path);
        co_return names;
    }
    const auto found = co_await dos_.find_all(path, 0);
    if (!found) co_return names;
    for (const Entry& entry : *found) names.push_back(split_path(path).folder + entry.name);
    co_return names;
}

/// What is there gets the date and time of now.
Task<> Copier::touch_all() {
    const CopyFile& source = plan_.sources.front();
    const std::vector<std::string> files = co_await matches(source.path);
    const DateAndTime now = co_await dos_.now();
    const u32 date = u32((now.year - 1980) << 9 | now.month << 5 | now.day);
    const u32 time = u32(now.hour << 11 | now.minute << 5 | now.second / 2);
    for (const std::string& file : files) {
        const auto handle = co_await dos_.open(file, OpenFor::Both);
        if (!handle) co_return co_await complain_of(context_, handle.error(), ascii_upper(file));
        co_await dos_.set_file_time(*handle, date << 16 | time);
        (void)co_await dos_.close(*handle);
        ++copied_;
    }
    if (files.empty()) co_await complain_of(context_, DosError::FileNotFound, ascii_upper(source.path));
}

Task<> Copier::run() {
    if (plan_.touches) {
        co_await touch_all();
        co_return co_await dos_.print(fmt::format("{:9} file(s) copied\r\n", copied_));
    }
    buffer_ = co_await make_buffer(context_);
    const std::string pattern = co_await target_pattern();
    const bool each = has_wildcards(pattern) || (!is_joining() && !has_wildcards(plan_.sources.front().path));
    if (each)
        co_await copy_each(pattern);
    else
        co_await join_all(pattern);
    if (buffer_.block != 0) co_await dos_.release(buffer_.block);
    co_await dos_.print(fmt::format("{:9} file(s) copied\r\n", copied_));
}

/// A target for each file that the first source names; the others are joined to it, their wildcards filled from it.
Task<> Copier::copy_each(std::string pattern) {
    const CopyFile& first = plan_.sources.front();
    const std::vector<std::string> files = co_await matches(first.path);
    if (files.empty()) co_return co_await complain_of(context_, DosError::FileNotFound, ascii_upper(first.path));
    const SplitPath target = split_path(pattern);
    for (const std::string& file : files) {
        const std::string name = split_path(file).name;
        if (files.size() > 1 || has_wildcards(first.path)) co_await dos_.print(file + "\r\n");
        Job job{.target = target.folder + fill_wildcards(target.name, name),
                .target_mode = plan_.target ? plan_.target->mode : first.mode,
                .sources = {{first.mode, file}},
                .keeps_date = !is_joining()};
        for (std::size_t i = 1; i < plan_.sources.size(); ++i)
            job.sources.push_back({plan_.sources[i].mode, fill_wildcards(plan_.sources[i].path, name)});
        const bool same = co_await are_same(file, job.target);
        if (same && !is_joining()) co_return co_await dos_.complain(message::onto_itself);
        job.appends = same;
        const Outcome outcome = co_await copy_job(job);
        if (outcome == Outcome::Failed) co_return;
        if (outcome == Outcome::Copied) ++copied_;
    }
}

/// Everything into one target.
Task<> Copier::join_all(std::string pattern) {
    Job job{.target = pattern, .target_mode = plan_.target ? plan_.target->mode : Mode::Default, .sources = {}};
    for (const CopyFile& source : plan_.sources) {
        const std::vector<std::string> files = co_await matches(source.path);
        for (const std::string& file : files) {
            const bool same = co_await are_same(file, job.target);
            if (same && job.sources.empty() && !has_wildcards(source.path)) {
                job.appends = true;
            } else if (same) {  // the result of the last time, found by the wildcards
                co_await dos_.complain(message::content_lost);
                continue;
            }
            const Mode mode = source.mode == Mode::Default ? Mode::Text : source.mode;
            job.sources.push_back({mode, file});
        }
    }
    if (job.sources.empty())
        co_return co_await complain_of(context_, DosError::FileNotFound, ascii_upper(plan_.sources.front().path));
    if (job.target_mode == Mode::Default) job.target_mode = job.sources.front().mode;
    const Outcome outcome = co_await copy_job(job);
    if (outcome == Outcome::Copied) copied_ = 1;
}

Task<Copier::Outcome> Copier::copy_job(Job job) {
    // The source first: without one there must be no new target.
    const auto probe = co_await dos_.open(job.sources.front().path, OpenFor::Reading);
    if (!probe) {
        co_await complain_of(context_, probe.error(), ascii_upper(job.sources.front().path));
        co_return Outcome::Missing;
    }
    (void)co_await dos_.close(*probe);
    DosResult<u16> target = refuse(DosError::FileNotFound);
    if (job.appends)
        target = co_await dos_.open(job.target, OpenFor::Both);
    else
        target = co_await dos_.create(job.target);
    if (!target) {
        const bool denied = target.error() == DosError::AccessDenied || target.error() == DosError::WriteProtected;
        co_await dos_.complain(denied ? message::access_denied : message::file_creation_error);
        co_return Outcome::Failed;
    }
    if (job.appends) (void)co_await dos_.seek(*target, 0, 2);
    const Outcome outcome = co_await fill(*target, job);
    (void)co_await dos_.close(*target);
    if (outcome == Outcome::Failed && !job.appends) (void)co_await dos_.remove(job.target);
    co_return outcome;
}

Task<Copier::Outcome> Copier::fill(u16 target, const Job& job) {
    const auto information = co_await dos_.device_information(target);
    const bool to_device = information && (*information & is_device) != 0;
    for (std::size_t i = job.appends ? 1 : 0; i < job.sources.size(); ++i) {
        const CopyFile& source = job.sources[i];
        if (is_joining() || job.sources.size() > 1) co_await dos_.print(source.path + "\r\n");
        const auto handle = co_await dos_.open(source.path, OpenFor::Reading);
        if (!handle) continue;  // of joined files those that are there
        const auto from = co_await dos_.device_information(*handle);
        const bool from_device = from && (*from & is_device) != 0;
        const bool is_text = source.mode == Mode::Text || (source.mode == Mode::Default && from_device);
        const bool done = co_await append_file(target, *handle, is_text);
        const auto stamp = co_await dos_.file_time(*handle);
        (void)co_await dos_.close(*handle);
        if (!done) co_return Outcome::Failed;
        if (job.keeps_date && stamp && !to_device && !from_device) co_await dos_.set_file_time(target, *stamp);
    }
    if (job.target_mode != Mode::Text || to_device) co_return Outcome::Copied;
    context_.state.guest().set_byte(buffer_.at, u8(end_of_file));
    const bool written = co_await write(target, 1);
    co_return written ? Outcome::Copied : Outcome::Failed;
}

/// The bytes of one source; of text those up to ^Z.
Task<bool> Copier::append_file(u16 target, u16 source, bool is_text) {
    for (;;) {
        const auto count = co_await dos_.read(source, buffer_.at, buffer_.size);
        if (!count) {
            co_await dos_.complain(message::read_error);
            co_return false;
        }
        if (*count == 0) co_return true;
        u16 wanted = *count;
        if (is_text) {
            std::vector<u8> bytes(wanted);
            context_.state.guest().read(buffer_.at, bytes);
            wanted = u16(std::ranges::find(bytes, u8(end_of_file)) - bytes.begin());
        }
        if (wanted > 0) {
            const bool written = co_await write(target, wanted);
            if (!written) co_return false;
        }
        if (wanted < *count) co_return true;
    }
}

Task<bool> Copier::write(u16 target, u16 count) {
    const auto written = co_await dos_.write(target, buffer_.at, count);
    if (written && *written == count) co_return true;
    co_await dos_.complain(written ? message::disk_full : message::write_error);
    co_return false;
}

}  // namespace

Task<> copy(Context& context, std::string tail) {
    const CopyPlan plan = parse_copy(tail);
    if (!plan.wrong.empty()) co_return co_await context.dos.complain(plan.wrong);
    Copier copier(context, plan);
    co_await copier.run();
}

}  // namespace dyn86::dos::shell
