#include "ingest/ingest.hpp"

#include <algorithm>
#include <optional>

#include "ingest/entry_deletions.hpp"
#include "process/log.hpp"
#include "process/signals.hpp"
#include "process/time_limit.hpp"
#include "text/joined.hpp"
#include "text/thousands.hpp"

namespace timesheetd
{

namespace
{

constexpr int max_problems_shown = 20;
// Stored for the reports in one step: a small part of what the time allows.
constexpr long max_marks_a_step = 2000;
constexpr double marks_each_second = 50;

} // namespace

IngestRun::IngestRun(IngestSession& session, const char* command, Window window,
                     const IngestOptions& options, const IngestRun* deriving_run)
    : session_(session), window_(window), options_(options),
      store_(session.database(), session.lock(), command, window,
             deriving_run ? &deriving_run->store_ : nullptr)
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
        store_.close_after(e);
        throw;
    }
}

void IngestRun::start_deriving(Database& deriver)
{
    try {
        // One transaction may be longer than a call; of several the finished ones count.
        while (has_time_limit() && store_.derive_step()) {
            if (options_.derived_step)
                options_.derived_step();
            check_stop();
        }
        store_.start_finishing(deriver, unproven_);
    } catch (const std::exception& e) {
        store_.close_after(e);
        throw;
    }
}

RunReport IngestRun::finish()
{
    try {
        report_.result = store_.finish();
    } catch (const std::exception& e) {
        store_.close_after(e);
        throw;
    }
    if (options_.once_read)
        options_.once_read();
    report_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    warn_of_problems();
    if (!unproven_.empty())
        throw ReadUnproven(unproven_);
    return report_;
}

void IngestRun::read_all()
{
    long long asked = session_.questions().asked();
    if (options_.dimensions == Dimensions::read)
        read_dimensions();
    read_entries();
    report_.pages += session_.questions().asked() - asked;
}

// The workspace shows the zones where time tracking does not, lists no person, or has only nulls;
// from then on, once time tracking refused. What the lists lack is asked for once all are read: a
// person is in two.
void IngestRun::read_dimensions()
{
    std::vector<ReadList> lists;
    ReadList tracked{}, people{};
    bool is_refused = false;
    for (const Resource& resource : dimension_resources()) {
        ReadList list{resource, {}};
        if (is_workspace_people(resource) && is_refused)
            list = read_people_fallback();
        else if (is_workspace_people(resource) && !tracked.names_values)
            list = read_people_with_zones(tracked);
        else if (std::optional<ReadList> read = read_list(resource))
            list = std::move(*read);
        else {
            is_refused = is_refused || resource.has_fallback;
            if (resource.has_fallback)
                tracked = list;
            continue;
        }
        session_.questions().set_listed(list.resource, list.seen);
        if (resource.has_fallback)
            tracked = list;
        if (is_workspace_people(resource))
            people = list;
        lists.push_back(std::move(list));
    }
    if (is_refused)
        session_.reader().give_up(tracked.resource);
    for (const ReadList& list : lists)
        if (is_looked_up(list.resource))
            unless_unproven([&] {
                session_.lookup().check(store_, list.resource, list.seen, options_.mass_deletion);
            });
    if (!tracked.seen.empty())
        look_up_zones(session_.questions(), store_, session_.zone_memory(), tracked.resource,
                      people.seen, tracked.seen, options_.known_zones);
}

std::optional<IngestRun::ReadList> IngestRun::read_list(const Resource& resource)
{
    ReadList list{resource, {}};
    bool was_read = read_resource(resource, [&](const Page& page, const ReadingProgress&) {
        list.seen.insert(list.seen.end(), page.guids.begin(), page.guids.end());
        list.names_values = list.names_values || (page.rows > 0 && page.names_values);
    });
    return was_read ? std::optional(std::move(list)) : std::nullopt;
}

IngestRun::ReadList IngestRun::read_people_fallback()
{
    if (std::optional<ReadList> list = read_list(people_with_zones()))
        return std::move(*list);
    throw Failure("neither time tracking nor the workspace shows the time zones of People; run "
                  "timesheetd probe to see how this account may be asked");
}

// Time tracking answers, but names no zone, and the workspace may name none either.
IngestRun::ReadList IngestRun::read_people_with_zones(const ReadList& tracked)
{
    const Resource plain = session_.lookup().list_of("People");
    if (session_.reader().is_given_up(people_with_zones()))
        return read_list(plain).value();
    try {
        return read_people_fallback();
    } catch (const RefusedByJibble&) {
        ReadList list = read_list(plain).value();
        if (!tracked.seen.empty()) {
            session_.reader().give_up(people_with_zones());
            log::warn("People: no list names a person's time zone; the organisation's is used");
            return list;
        }
        std::vector<PersonWithoutZones> people = store_.people_without_zones(list.seen, {});
        std::size_t unknown = static_cast<std::size_t>(
            std::count_if(people.begin(), people.end(),
                          [](const PersonWithoutZones& person) { return !person.has_zone; }));
        // At first contact no hours are counted by a guessed zone; later a new person does not keep
        // the hours of others from being counted.
        if (unknown > 0 && unknown == people.size())
            throw;
        if (!list.seen.empty())
            warn_once("nobody is listed",
                      "TimeTrackingPeople: no person is listed, and the workspace shows no time "
                      "zones; the zones known before are kept");
        if (unknown > 0)
            warn_once(fmt::format("no zone known of {}", unknown),
                      fmt::format("TimeTrackingPeople: of {} people no time zone is known from "
                                  "before either; their hours count by the organisation's, else by "
                                  "settings.default_time_zone. If they work in another zone, "
                                  "set it with timesheet.set_working_time()",
                                  unknown));
        return list;
    }
}

void IngestRun::warn_once(const std::string& cause, const std::string& text)
{
    bool is_first = session_.zone_memory().warns_first(cause);
    log::at(is_first ? log::Level::warn : log::Level::debug, "{}", text);
}

void IngestRun::read_entries()
{
    double share = 0;
    if (options_.progress)
        options_.progress(0, 0);
    EntryDeletions deletions(session_.questions(), session_.lookup(), store_,
                             options_.mass_deletion);
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
        deletions.set_listed(resource, seen);
    }
    for (const Resource& resource : entry_resources(window_))
        unless_unproven([&] { deletions.check(resource); });
}

bool IngestRun::read_resource(const Resource& resource, const PageProgress& progress)
{
    return session_.reader().read(resource, [&](Page& page, const ReadingProgress& reading) {
        store_.store_page(resource.stored_as, page);
        ++report_.pages;
        log::debug("{}: {} rows read", resource.stored_as, reading.rows);
        if (progress)
            progress(page, reading);
    });
}

void IngestRun::unless_unproven(const std::function<void()>& check)
{
    try {
        check();
    } catch (const Unproven& e) {
        log::warn("{}", e.what());
        append_item(unproven_, e.what());
    }
}

void IngestRun::warn_of_problems()
{
    if (report_.result.rejected == 0)
        return;
    RunProblems problems = store_.problems(max_problems_shown);
    for (const RunProblem& p : problems.first)
        log::warn("{} {} (raw event {}) was rejected: {}", p.resource,
                  p.jibble_id.empty() ? "without an id" : p.jibble_id, p.raw_event_id, p.problem);
    if (problems.more > 0)
        log::warn("and {} more were rejected; see timesheet.run_problems({})", problems.more,
                  report_.run);
}

RunReport ingest(IngestSession& session, const char* command, Window window,
                 const IngestOptions& options)
{
    IngestRun run(session, command, window, options);
    run.read();
    run.start_deriving(session.database());
    try {
        RunReport report = run.finish();
        look_up_unknown(session);
        return report;
    } catch (const ReadUnproven&) {
        look_up_unknown(session);
        refresh_reports(session.database());
        throw;
    }
}

void look_up_unknown(IngestSession& session)
{
    // An entry names a person, and the person a group.
    while (session.lookup().is_anything_unknown(unknown_objects(session.database()))) {
        RunStore store(session.database(), session.lock(), "lookup", std::nullopt, nullptr);
        try {
            session.lookup().look_up_unknown(store);
            store.wait_until_stored();
            store.seal();
            store.start_finishing(session.database(), "");
            store.finish();
        } catch (const std::exception& e) {
            store.close_after(e);
            throw;
        }
    }
}

void refresh_reports(Database& database)
{
    if (!has_time_limit()) {
        database.query("CALL timesheet.refresh_in_steps()");
        return;
    }
    std::string marks = std::to_string(step_size(marks_each_second, max_marks_a_step));
    for (std::string after = "0";;) {
        check_stop();
        Rows last = database.query(
            "SELECT s.last_mark FROM timesheet.refresh_step($1::bigint, $2::int) AS s",
            {after, marks});
        if (last.is_null(0, 0))
            return;
        after = last.text(0, 0);
    }
}

std::string to_text(const RunReport& report)
{
    const RunResult& r = report.result;
    return fmt::format("run {}, {} pages, {} rows, {} new, {} changed, {} deleted, {} rejected, "
                       "{:.1f} s",
                       report.run, thousands(report.pages), thousands(report.rows),
                       thousands(r.inserted), thousands(r.changed), thousands(r.deleted),
                       thousands(r.rejected), report.seconds);
}

} // namespace timesheetd
