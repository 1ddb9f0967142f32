#include "process/progress_line.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "text/thousands.hpp"

namespace timesheetd
{

namespace
{

constexpr std::size_t shortest_bar = 10;
constexpr std::size_t max_bar = 30;

std::size_t columns_of(const std::string& text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

std::string clock(double seconds)
{
    if (seconds > 359999)
        return "over 99 h";
    long s = std::lround(seconds);
    if (s >= 3600)
        return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
    return fmt::format("{}:{:02}", s / 60, s % 60);
}

} // namespace

std::string progress_line(const ProgressState& state, std::size_t columns)
{
    double share = std::clamp(state.share, 0.0, 1.0);
    std::vector<std::string> parts = {fmt::format("  {:2} %", static_cast<int>(share * 100)),
                                      "  " + thousands(static_cast<long long>(state.entries)) +
                                          " entries"};
    if (state.seconds > 0)
        parts.push_back(
            "  " +
            thousands(static_cast<long long>(static_cast<double>(state.entries) / state.seconds)) +
            "/s");
    if (share > 0)
        parts.push_back("  " + clock(state.seconds * (1 - share) / share) + " left");
    parts.push_back("  " + to_text(state.slice));

    // "what  [" and "]" with the shortest bar, then as many parts as fit.
    std::size_t used = columns_of(state.what) + 4 + shortest_bar;
    std::string right;
    for (const std::string& part : parts) {
        if (used + columns_of(part) > columns)
            break;
        used += columns_of(part);
        right += part;
    }
    if (right.empty())
        return fmt::format("{} %", static_cast<int>(share * 100)).substr(0, columns);
    std::size_t bar = std::min(max_bar, shortest_bar + columns - used);
    auto full = static_cast<std::size_t>(share * static_cast<double>(bar));
    return state.what + "  [" + std::string(full, '#') + std::string(bar - full, '-') + "]" + right;
}

} // namespace timesheetd
