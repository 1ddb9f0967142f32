// One run: a window of days read from Jibble, stored page by page, then derived.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "database.hpp"
#include "resource_reader.hpp"
#include "run_store.hpp"

namespace timesheetd
{

struct RunReport {
    std::string run;
    long long pages = 0;
    long long rows = 0;
    std::uint64_t entries = 0; // of the rows, the time and hour entries
    RunResult result;
    double seconds = 0;
};

// Called after each page of entries: how many came so far, and which share of the window that is.
using EntryProgress = std::function<void(std::uint64_t entries, double share)>;

// Whether organisation, groups, people and the rest are read too.
enum class Dimensions { read, leave };

// Whether entries are deleted even if most of a window's are shown no more.
enum class Disappearances { doubted, believed };

struct IngestOptions {
    Dimensions dimensions = Dimensions::read;
    Disappearances disappearances = Disappearances::doubted;
    EntryProgress progress = {};
    // What the caller does while the server derives; it must not use the database.
    std::function<void()> meanwhile = {};
};

// If it cannot be finished, the run is closed as failed, nothing is derived, and the reason thrown.
RunReport ingest(Database& database, ResourceReader& reader, const char* command, Window window,
                 const IngestOptions& options = {});

// Stores what runs have changed for the reports. They are exact without it; with it they are quick at
// once, not only after the next job.
void refresh_reports(Database& database);

// "run 12, 8 pages, 5,120 rows, 3 new, …, 0.8 s"
std::string to_text(const RunReport& report);

} // namespace timesheetd
