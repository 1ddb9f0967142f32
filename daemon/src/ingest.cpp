#include "ingest.hpp"

#include <algorithm>
#include <optional>

#include <spdlog/spdlog.h>

#include "stop.hpp"
#include "thousands.hpp"

namespace timesheetd
{

namespace
{

constexpr int most_problems_shown = 20;
constexpr std::size_t tombstones_at_once = 100;
// So many at once, and more than half of what is held, are not believed.
constexpr std::size_t suspicious_count = 100;

} // namespace

IngestRun::IngestRun(IngestSession& session, const char* command, Window window,
                     const IngestOptions& options, const IngestRun* beside)
    : reader_(session.reader()), window_(window), options_(options),
      store_(session.database(), session.lock(), command, window,
             beside ? &beside->store_ : nullptr)
{
    report_.run = store_.run();
}

void IngestRun::read()
{
    try {
        read_all();
        check_stop();
        report_.rows = store_.wait_until_stored();
        store_.seal();
    } catch (const std::exception& e) {
        store_.fail(e.what());
        throw;
    }
}

void IngestRun::start_deriving(Database& deriver)
{
    try {
        store_.start_finishing(deriver);
    } catch (const std::exception& e) {
        store_.fail(e.what());
        throw;
    }
}

RunReport IngestRun::finish()
{
    try {
        report_.result = store_.finish();
    } catch (const std::exception& e) {
        store_.fail(e.what());
        throw;
    }
    report_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    warn_of_problems();
    return report_;
}

void IngestRun::read_all()
{
    if (options_.dimensions == Dimensions::read)
        read_dimensions();
    double share = 0;
    for (const Resource& resource : entry_resources(window_)) {
        std::uint64_t before = report_.entries;
        std::vector<Guid> seen;
        read_resource(resource, [&](const Page& page, const ReadingProgress& reading) {
            seen.insert(seen.end(), page.guids.begin(), page.guids.end());
            // Time entries come first and are nearly all; hour entries do not move the share.
            if (reading.count && *reading.count > 0)
                share = std::max(share, static_cast<double>(reading.rows) /
                                            static_cast<double>(*reading.count));
            report_.entries = before + reading.rows;
            if (options_.progress)
                options_.progress(report_.entries, std::min(share, 1.0));
        });
        ask_for_unseen(resource, seen);
    }
}

// The workspace tells the zones where time tracking does not; and from then on, once it did.
void IngestRun::read_dimensions()
{
    std::optional<Resource> without;
    for (const Resource& resource : dimension_resources()) {
        if (without && is_workspace_people(resource)) {
            read_resource(people_with_zones(), {});
            reader_.give_up(*without);
        } else if (!read_resource(resource, {}) && resource.has_stand_in) {
            without = resource;
        }
    }
}

bool IngestRun::read_resource(const Resource& resource, const PageProgress& progress)
{
    return reader_.read(resource, [&](Page& page, const ReadingProgress& reading) {
        store_.store_page(resource.stored_as, page.ids, page.payloads);
        ++report_.pages;
        spdlog::debug("{}: {} rows read", resource.stored_as, reading.rows);
        if (progress)
            progress(page, reading);
    });
}

// The window was read whole: what we hold of it and did not come is asked for by itself. It may
// have moved to another day; what is nowhere is gone.
void IngestRun::ask_for_unseen(const Resource& resource, const std::vector<Guid>& seen)
{
    std::vector<Guid> unseen = store_.unseen(resource.stored_as, seen);
    if (unseen.empty())
        return;
    demand_plausible(resource, unseen.size());
    spdlog::info("{}: {} of {} are not shown any more; asking for each", resource.stored_as,
                 unseen.size(), to_text(window_));
    std::vector<Guid> gone;
    try {
        for (const Guid& id : unseen) {
            check_stop();
            if (!is_there(resource, id))
                gone.push_back(id);
            if (gone.size() == tombstones_at_once)
                store_tombstones(resource, gone);
        }
    } catch (const RefusedByJibble& e) {
        if (e.status != 400)
            throw;
        // A question that Jibble does not understand must not keep everything else out.
        spdlog::warn("{}; what it no longer shows stays as it is", e.fact);
    }
    store_tombstones(resource, gone);
}

// A key whose role was narrowed, or an outage, shows an empty collection and answers every
// question with nothing.
void IngestRun::demand_plausible(const Resource& resource, std::size_t unseen)
{
    if (options_.disappearances == Disappearances::believed || unseen < suspicious_count)
        return;
    std::size_t held = store_.held(resource.stored_as);
    if (2 * unseen <= held)
        return;
    throw Failure(fmt::format(
        "{}: Jibble shows {} of the {} entries of {} no more; if its key may still read "
        "everybody's entries and they were deleted, run timesheetd sync --since {} --until {} "
        "--allow-mass-deletion",
        resource.stored_as, unseen, held, to_text(window_), to_text(window_.since),
        to_text(window_.until)));
}

void IngestRun::store_tombstones(const Resource& resource, std::vector<Guid>& gone)
{
    if (!gone.empty())
        store_.store_tombstones(resource.stored_as, gone);
    gone.clear();
}

// Asks for one entry by its id, and stores what comes.
bool IngestRun::is_there(const Resource& resource, const Guid& id)
{
    Page page = reader_.ask(only(resource, id));
    ++report_.pages;
    if (page.rows > 0)
        store_.store_page(resource.stored_as, page.ids, page.payloads);
    return std::find(page.guids.begin(), page.guids.end(), id) != page.guids.end();
}

void IngestRun::warn_of_problems()
{
    if (report_.result.not_understood == 0)
        return;
    RunProblems problems = store_.problems(most_problems_shown);
    for (const RunProblem& p : problems.first)
        spdlog::warn("{} {} (raw event {}) was not understood: {}", p.resource,
                     p.jibble_id.empty() ? "without an id" : p.jibble_id, p.raw_event_id,
                     p.problem);
    if (problems.more > 0)
        spdlog::warn("and {} more not understood; see timesheet.run_problems({})", problems.more,
                     report_.run);
}

RunReport ingest(IngestSession& session, const char* command, Window window,
                 const IngestOptions& options)
{
    IngestRun run(session, command, window, options);
    run.read();
    run.start_deriving(session.database());
    return run.finish();
}

void refresh_reports(Database& database)
{
    database.query("SELECT timesheet.refresh()");
}

std::string to_text(const RunReport& report)
{
    const RunResult& r = report.result;
    return fmt::format("run {}, {} pages, {} rows, {} new, {} changed, {} deleted, {} not "
                       "understood, {:.1f} s",
                       report.run, thousands(report.pages), thousands(report.rows),
                       thousands(r.fresh), thousands(r.changed), thousands(r.deleted),
                       thousands(r.not_understood), report.seconds);
}

} // namespace timesheetd
