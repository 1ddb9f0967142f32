#include "utf8.hpp"

#include <algorithm>

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
    make_storable(text);
    auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    // A run of them, such as a line end and an indentation, becomes one blank.
    auto both_control = [&](char a, char b) { return is_control(a) && is_control(b); };
    text.erase(std::unique(text.begin(), text.end(), both_control), text.end());
    std::replace_if(text.begin(), text.end(), is_control, ' ');
    if (text.size() > most) {
        while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80)
            --most;
        text.resize(most);
    }
    return text;
}

} // namespace timesheetd
