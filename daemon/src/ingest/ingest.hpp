// One run: a window of days read from Jibble, stored page by page, then derived.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ingest/ingest_session.hpp"
#include "ingest/mass_deletion.hpp"
#include "ingest/run_store.hpp"
#include "ingest/zone_lookup.hpp"
#include "jibble/resource_reader.hpp"
#include "postgres/database.hpp"
#include "process/failure.hpp"

namespace timesheetd
{

// Everything was read and counts, but something could not be proven deleted: the run is closed as
// failed.
struct ReadUnproven : Failure {
    using Failure::Failure;
};

struct RunReport {
    std::string run;
    long long pages = 0;
    long long rows = 0;
    std::uint64_t entries = 0; // of the rows, the time and hour entries
    RunResult result;
    double seconds = 0;
};

// Called before the first and after each page of entries: how many came so far, and which share of
// the window that is.
using EntryProgress = std::function<void(std::uint64_t entries, double share)>;

// Whether organisation, groups, people and the rest are read too.
enum class Dimensions { read, leave };

struct IngestOptions {
    Dimensions dimensions = Dimensions::read;
    MassDeletion mass_deletion = MassDeletion::held_back;
    KnownZones known_zones = KnownZones::leave;
    EntryProgress progress = {};
    // Called after each step of deriving that counts, whatever comes after it.
    std::function<void()> derived_step = {};
    // Called once the run is closed and what it read counts, whatever comes after it.
    std::function<void()> once_read = {};
};

// A run in its two halves, so that the next one can be read while this one is derived. Whichever
// cannot be finished closes the run as failed, or as cut for a Cut, derives nothing, and throws the
// reason.
class IngestRun
{
  public:
    // Opens the run; `deriving_run` is one that is still being derived, or null.
    IngestRun(IngestSession& session, const char* command, Window window,
              const IngestOptions& options = {}, const IngestRun* deriving_run = nullptr);

    const std::string& number() const { return report_.run; } // in the run log
    Window window() const { return window_; }
    std::uint64_t entries() const { return report_.entries; } // read so far

    // Reads the window whole and stores what came.
    void read();
    // Lets the server derive on this connection, while the caller goes on.
    void start_deriving(Database& deriver);
    // Waits for that, and warns of what was rejected. Throws ReadUnproven where something
    // could not be proven deleted: what was read is derived all the same.
    RunReport finish();
    // Closes as failed a run that was read but will not be derived.
    void give_up(const std::string& reason) noexcept { store_.fail(reason); }

  private:
    using PageProgress = std::function<void(const Page&, const ReadingProgress&)>;

    // A list that was read whole, and the people or objects in it.
    struct ReadList {
        Resource resource;
        std::vector<Guid> seen;
        bool names_values = false; // of its members; true also where none are named
    };

    void read_all();
    void read_dimensions();
    // Nothing where it is optional, or has a fallback, and is refused.
    std::optional<ReadList> read_list(const Resource& resource);
    // People with their zones, as the workspace shows them. Throws Failure if it does not.
    ReadList read_people_fallback();
    ReadList read_people_with_zones(const ReadList& tracked);
    void warn_once(const std::string& cause, const std::string& text);
    void read_entries();
    bool read_resource(const Resource& resource, const PageProgress& progress);
    // What cannot be proven deleted keeps nothing else out, but fails the run in the end.
    void unless_unproven(const std::function<void()>& check);
    void warn_of_problems();

    IngestSession& session_;
    Window window_;
    IngestOptions options_;
    RunStore store_;
    RunReport report_;
    std::string unproven_; // why the run fails though it was read
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

// Both halves, one after the other, and then look_up_unknown(), also before it throws ReadUnproven.
RunReport ingest(IngestSession& session, const char* command, Window window,
                 const IngestOptions& options = {});

// Asks for what entries or people name and no list shows, in a run of its own; none where there is
// nothing of that kind.
void look_up_unknown(IngestSession& session);

// Stores what runs have changed for the reports. They are exact without it; with it they are quick
// at once, not only after the next job. In steps, of which the finished ones count; at once where
// another refresh is at work.
void refresh_reports(Database& database);

// "run 12, 8 pages, 5,120 rows, 3 new, …, 0.8 s"
std::string to_text(const RunReport& report);

} // namespace timesheetd
