// R11: weeks of seven workdays, beginning on the client group's day.
#pragma once

#include "entry.hpp"

namespace timesheet
{

// The first day of the week that holds day; starts_on is ISO, 1 Monday to 7 Sunday.
inline Day week_start(Day day, int starts_on)
{
    // Day 2, 2000-01-03, was a Monday.
    const int past_monday = ((day - 2) % 7 + 7) % 7;
    return day - (past_monday - (starts_on - 1) + 7) % 7;
}

} // namespace timesheet
