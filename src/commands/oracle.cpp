// dyn86 oracle: questions in, answers out.
#include "src/verify/oracle.h"

#include "src/commands/commands.h"
#include "src/commands/engine_choice.h"
#include "src/commands/line_reader.h"
#include "src/config/subcommands.h"
#include "src/frontend/dump.h"

#include <fmt/format.h>

#include <unistd.h>

namespace dyn86::commands {
namespace {

constexpr std::size_t enough_to_write = std::size_t{1} << 16;

class Conversation {
public:
    explicit Conversation(verify::Oracle& oracle) : oracle_(oracle) {}

    Result<> hold() {
        LineReader lines(STDIN_FILENO, [this] { return flush(); });
        for (u64 number = 1;; ++number) {
            const auto line = lines.next();
            if (!line) return std::unexpected(line.error());
            if (line->is_end) return flush();
            if (auto answered = answer(*line); !answered)
                verify::format_error(fmt::format("line {}, {}", number, answered.error().message), output_);
            if (output_.size() < enough_to_write) continue;
            if (auto flushed = flush(); !flushed) return flushed;
        }
    }

private:
    Result<> answer(const LineReader::Line& line) {
        if (line.is_too_long) return fail(fmt::format("column 1: longer than {} bytes", LineReader::longest_line));
        if (auto parsed = verify::parse_question(line.text, question_); !parsed) return parsed;
        verify::format_answer(oracle_.ask(question_), output_);
        return {};
    }

    Result<> flush() {
        const std::string text = std::move(output_);
        output_.clear();
        return text.empty() ? Result<>{} : frontend::write_file("-", text);
    }

    verify::Oracle& oracle_;
    verify::Question question_;
    std::string output_;
};

}  // namespace

Result<int> oracle(std::span<const char* const> arguments) {
    const auto parsed = config::parse_oracle(arguments);
    if (!parsed) return std::unexpected(parsed.error());
    if (!parsed->help.empty()) return status_after(frontend::write_file("-", parsed->help));
    const config::OracleOptions& options = parsed->options;
    auto oracle = verify::Oracle::create(engine_choice(options.engine), options.count, options.clocks);
    if (!oracle) return std::unexpected(oracle.error());
    return status_after(Conversation(**oracle).hold());
}

}  // namespace dyn86::commands
