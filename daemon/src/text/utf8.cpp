#include "text/utf8.hpp"

#include <algorithm>
#include <iterator>

namespace timesheetd
{

namespace
{

constexpr const char* replacement = "\xEF\xBF\xBD";

struct Sequence {
    std::size_t length;
    bool valid;
};

// The sequence at `at`; an invalid one is as long as what could still have become valid (Unicode,
// table 3-7), at least one byte.
Sequence sequence_at(const std::string& text, std::size_t at)
{
    auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    unsigned lead = byte(at);
    if (lead < 0x80)
        return {1, lead != 0};
    std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                         : (lead & 0xF0) == 0xE0        ? 3
                         : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                        : 0;
    if (length == 0)
        return {1, false};
    // The second byte's range excludes overlong forms, surrogates and what lies above U+10FFFF.
    unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    for (std::size_t i = 1; i < length; ++i, low = 0x80, high = 0xBF)
        if (byte(at + i) < low || byte(at + i) > high)
            return {i, false};
    return {length, true};
}

struct Range {
    char32_t first, last;
};

constexpr Range format_characters[] = {
    {0x7F, 0x9F},       // DEL and C1
    {0xAD, 0xAD},       // soft hyphen
    {0x61C, 0x61C},     // Arabic letter mark
    {0x180E, 0x180E},   // Mongolian vowel separator
    {0x200B, 0x200F},   // zero widths, direction marks
    {0x2028, 0x202E},   // line and paragraph separator, embeddings, overrides
    {0x2060, 0x206F},   // word joiner, invisible operators, isolates, deprecated ones
    {0xFEFF, 0xFEFF},   // byte order mark
    {0xFFF9, 0xFFFB},   // annotations
    {0x1BCA0, 0x1BCA3}, // shorthand
    {0x1D173, 0x1D17A}, // music
    {0xE0000, 0xE007F}, // tags
};

// Of a sequence that is valid.
char32_t code_point(const std::string& text, std::size_t at, std::size_t length)
{
    auto lead = static_cast<unsigned char>(text[at]);
    char32_t code = length == 1 ? lead : lead & (0xFFu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i)
        code = code << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
    return code;
}

bool is_format(char32_t code)
{
    return std::any_of(std::begin(format_characters), std::end(format_characters),
                       [&](Range r) { return code >= r.first && code <= r.last; });
}

// A run of what is not shown, such as a line end and an indentation, becomes one blank.
template <class IsShown>
std::string without(std::string text, IsShown is_shown)
{
    make_storable(text);
    std::string shown;
    bool in_run = false;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t length = sequence_at(text, at).length;
        bool shows = is_shown(code_point(text, at, length));
        if (shows)
            shown.append(text, at, length);
        else if (!in_run)
            shown += ' ';
        in_run = !shows;
        at += length;
    }
    return shown;
}

} // namespace

std::size_t make_storable(std::string& text)
{
    std::string repaired;
    std::size_t replaced = 0;
    std::size_t copied = 0;
    for (std::size_t at = 0; at < text.size();) {
        Sequence sequence = sequence_at(text, at);
        if (!sequence.valid) {
            repaired.append(text, copied, at - copied).append(replacement);
            copied = at + sequence.length;
            ++replaced;
        }
        at += sequence.length;
    }
    if (replaced > 0) {
        repaired.append(text, copied);
        text.swap(repaired);
    }
    return replaced;
}

std::string one_line(std::string text, std::size_t most)
{
    text = without(std::move(text), [](char32_t code) { return code >= 0x20 && !is_format(code); });
    if (text.size() > most) {
        while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80)
            --most;
        text.resize(most);
    }
    return text;
}

std::string visible_lines(std::string text)
{
    return without(std::move(text), [](char32_t code) {
        return code == '\n' || code == '\t' || (code >= 0x20 && !is_format(code));
    });
}

std::string visible_in_json(std::string text)
{
    return without(std::move(text), [](char32_t code) { return !is_format(code); });
}

} // namespace timesheetd
