#include "process/progress_bar.hpp"

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace timesheetd
{

namespace
{

constexpr std::chrono::milliseconds shortest_pause{200};
constexpr const char* erase_line = "\r\x1b[K";

// One less than the terminal has: a full last column may wrap.
std::size_t usable_columns()
{
    winsize size = {};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2)
        return 79;
    return size.ws_col - 1u;
}

} // namespace

bool stderr_is_terminal()
{
    const char* terminal = std::getenv("TERM");
    return isatty(STDERR_FILENO) && terminal && std::string_view(terminal) != "dumb";
}

ProgressBar::ProgressBar()
{
    keep_below_log(this);
}

ProgressBar::~ProgressBar()
{
    keep_below_log(nullptr);
    hide();
}

void ProgressBar::update(const ProgressState& state)
{
    state_ = state;
    is_known_ = true;
    auto now = std::chrono::steady_clock::now();
    if (now < next_draw_)
        return;
    next_draw_ = now + shortest_pause;
    show();
}

void ProgressBar::hide()
{
    std::fputs(erase_line, stderr);
    std::fflush(stderr);
}

void ProgressBar::show()
{
    if (!is_known_)
        return;
    std::string line = erase_line + progress_line(state_, usable_columns());
    std::fwrite(line.data(), 1, line.size(), stderr);
    std::fflush(stderr);
}

} // namespace timesheetd
