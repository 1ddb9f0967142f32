// Where a pass goes on that its time limit has cut, as the database keeps it.
#pragma once

#include <string>

#include "jibble/calendar.hpp"
#include "postgres/database.hpp"

namespace timesheetd
{

struct UnfinishedPass {
    std::string command;
    Date since{};            // its first day, which may be earlier than that of this call
    Date next_day{};         // the first that was not read yet
    long slice_days = 0;     // of the next slice; 0: no call has been cut yet
    int idle_calls = 0;      // in a row, that did not read a whole slice
    bool lists_read = false; // by the last call, which then had no time for a slice
    std::string unproven;    // of the slices that were read; "" if nothing
    std::string began_at;
};

class UnfinishedPasses
{
  public:
    explicit UnfinishedPasses(Database& database) : database_(database) {}

    // The pass over the window as the call before left it, else a new one.
    UnfinishedPass resume(const char* command, Window window);
    // Also after the time is up.
    void keep(const UnfinishedPass& pass);
    // That all days through this one were read.
    void end(const UnfinishedPass& pass, Date through);

  private:
    Database& database_;
};

} // namespace timesheetd
