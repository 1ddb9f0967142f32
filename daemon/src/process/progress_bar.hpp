// A progress bar on stderr, where that is a terminal; log lines appear above it.
#pragma once

#include <chrono>

#include "process/log.hpp"
#include "process/progress_line.hpp"

namespace timesheetd
{

bool stderr_is_terminal();

class ProgressBar : public StatusLine
{
  public:
    ProgressBar();
    ~ProgressBar() override;
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    // Draws it, at most five times a second.
    void update(const ProgressState& state);
    void hide() override;
    void show() override;

  private:
    ProgressState state_;
    bool is_known_ = false;
    std::chrono::steady_clock::time_point next_draw_{};
};

} // namespace timesheetd
