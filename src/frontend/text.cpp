#include "src/frontend/text.h"

#include "src/frontend/code_page.h"

#include <fmt/format.h>

#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

namespace dyn86::frontend {
namespace {

constexpr bool is_blank(u8 character) {
    return character == 0 || character == ' ';
}

/// Columns of a row up to its last character that is not blank.
unsigned trimmed_columns(const Screen& screen, unsigned row) {
    unsigned columns = screen.columns;
    while (columns > 0 && is_blank(screen.character(row, columns - 1))) --columns;
    return columns;
}

std::string row_text(const Screen& screen, unsigned row, unsigned columns) {
    std::string text;
    for (unsigned column = 0; column < columns; ++column)
        append_utf8(text, to_unicode(screen.character(row, column), screen.code_page));
    return text;
}

/// Every attribute is set anew from reset, so that each change stands for itself.
std::string colour_sequence(const Look& look) {
    std::string codes = "\x1b[0";
    const auto add = [&](unsigned code) { fmt::format_to(std::back_inserter(codes), ";{}", code); };
    if (look.underlined) add(4);
    if (look.blinks) add(5);
    add((look.foreground & 8 ? 90u : 30u) + ansi_colour[look.foreground & 7]);
    add((look.background & 8 ? 100u : 40u) + ansi_colour[look.background & 7]);
    return codes + "m";
}

std::string quoted(std::string_view text) {
    std::string json = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') json += '\\';
        json += c;
    }
    return json + "\"";
}

/// Any rows times columns of numbers or strings as JSON: [[1,2],[3,4]].
template <typename Item>
std::string json_rows(const Screen& screen, Item item) {
    std::string json;
    for (unsigned row = 0; row < screen.rows; ++row) {
        json += row == 0 ? "[\n    [" : "],\n    [";
        for (unsigned column = 0; column < screen.columns; ++column)
            fmt::format_to(std::back_inserter(json), "{}{}", column == 0 ? "" : ",", item(row, column));
    }
    return json + "]]";
}

std::string json_cursor(const Screen& screen) {
    const auto position = screen.cursor_position();
    const std::string place =
        position ? fmt::format(R"("row": {}, "column": {}, )", position->row, position->column) : "";
    return fmt::format(R"({{"visible": {}, {}"top": {}, "bottom": {}}})", position.has_value(), place,
                       screen.cursor_top, screen.cursor_bottom);
}

std::string json_text(const Screen& screen) {
    std::string json;
    for (unsigned row = 0; row < screen.rows; ++row) {
        json += row == 0 ? "[\n    " : ",\n    ";
        json += quoted(row_text(screen, row, trimmed_columns(screen, row)));
    }
    return json + "]";
}

std::string_view mode_name(Screen::Mode mode) {
    switch (mode) {
        case Screen::Mode::Off: return "off";
        case Screen::Mode::Text: return "text";
        case Screen::Mode::Graphics320: return "graphics320";
        case Screen::Mode::Graphics640: return "graphics640";
        case Screen::Mode::Graphics720: return "graphics720";
    }
    return "off";
}

std::string_view adapter_name(Adapter adapter) {
    switch (adapter) {
        case Adapter::Mda: return "mda";
        case Adapter::Cga: return "cga";
        case Adapter::Hercules: return "hercules";
    }
    return "cga";
}

/// The 6845 board knows normal, bright, underlined and reverse, and black on black. [IBM O&A, "IBM
/// Monochrome Display and Printer Adapter", attributes]
Look mda_look(u8 attribute, bool blink) {
    const bool blinks = blink && (attribute & 0x80) != 0;
    const u8 bright = attribute & 8;
    const u8 shape = attribute & 0x77;
    if (shape == 0x00) return {.foreground = 0, .background = 0};
    if (shape == 0x70) return {.foreground = bright, .background = 7, .blinks = blinks};
    return {.foreground = u8(7 | bright), .background = 0, .blinks = blinks, .underlined = (attribute & 7) == 1};
}

}  // namespace

Look look_of(u8 attribute, const Screen& screen) {
    if (screen.is_monochrome()) return mda_look(attribute, screen.blink);
    const u8 background = attribute >> 4;
    if (!screen.blink) return {.foreground = u8(attribute & 15), .background = background};
    return {.foreground = u8(attribute & 15), .background = u8(background & 7), .blinks = background > 7};
}

std::string screen_characters(const Screen& screen) {
    std::string bytes;
    if (screen.is_graphics()) return bytes;
    bytes.reserve(std::size_t{screen.rows} * screen.columns);
    for (unsigned row = 0; row < screen.rows; ++row) {
        for (unsigned column = 0; column < screen.columns; ++column) {
            const u8 byte = screen.character(row, column);
            bytes.push_back(byte == 0 ? ' ' : char(byte));
        }
    }
    return bytes;
}

std::string screen_text(const Screen& screen) {
    std::string text;
    if (screen.is_graphics()) return text;
    for (unsigned row = 0; row < screen.rows; ++row) text += row_text(screen, row, trimmed_columns(screen, row)) + "\n";
    return text;
}

std::string final_text(const Screen& screen) {
    std::string text = screen_text(screen);
    const auto last = text.find_last_not_of('\n');
    if (last == std::string::npos) return "";
    text.resize(last + 2);
    return text;
}

std::string screen_ansi(const Screen& screen) {
    std::string text;
    if (screen.is_graphics()) return text;
    for (unsigned row = 0; row < screen.rows; ++row) {
        std::optional<Look> current;
        for (unsigned column = 0; column < screen.columns; ++column) {
            const Look look = look_of(screen.attribute(row, column), screen);
            if (current != look) text += colour_sequence(look);
            current = look;
            append_utf8(text, to_unicode(screen.character(row, column), screen.code_page));
        }
        text += "\x1b[0m\n";
    }
    return text;
}

std::string screen_json(const Screen& screen) {
    const bool graphics = screen.is_graphics();
    std::string json = fmt::format("{{\n  \"mode\": \"{}\",\n  \"adapter\": \"{}\",\n  \"code_page\": {},\n",
                                   mode_name(screen.mode), adapter_name(screen.adapter), screen.code_page);
    if (graphics) return json + fmt::format("  \"palette\": [{}]\n}}\n", fmt::join(screen.palette, ","));
    json += fmt::format("  \"columns\": {},\n  \"rows\": {},\n  \"glyph_height\": {},\n  \"blink\": {},\n",
                        screen.columns, screen.rows, screen.glyph_height, screen.blink);
    json += "  \"cursor\": " + json_cursor(screen) + ",\n  \"text\": " + json_text(screen);
    json += ",\n  \"cells\": " +
            json_rows(screen, [&](unsigned row, unsigned column) { return screen.character(row, column); });
    json += ",\n  \"attributes\": " +
            json_rows(screen, [&](unsigned row, unsigned column) { return screen.attribute(row, column); });
    return json + "\n}\n";
}

std::string screen_cells(const Screen& screen) {
    if (screen.is_graphics()) return {screen.memory.begin(), screen.memory.end()};
    std::string bytes;
    for (unsigned row = 0; row < screen.rows; ++row) {
        for (unsigned column = 0; column < screen.columns; ++column) {
            bytes.push_back(char(screen.character(row, column)));
            bytes.push_back(char(screen.attribute(row, column)));
        }
    }
    return bytes;
}

}  // namespace dyn86::frontend
