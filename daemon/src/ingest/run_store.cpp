#include "ingest/run_store.hpp"

#include "postgres/text_array.hpp"
#include "process/log.hpp"
#include "process/scrubber.hpp"
#include "process/signals.hpp"
#include "process/time_limit.hpp"
#include "process/version.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

namespace
{

constexpr std::size_t max_error = 500;
// Derived in one step: a small part of what the time allows.
constexpr long max_entries_a_step = 5000;
constexpr double entries_each_second = 100;

TextArray array_of(const std::vector<Guid>& guids)
{
    TextArray array;
    for (const Guid& guid : guids)
        array.add(to_text(guid));
    return array;
}

std::optional<std::string> text_of(const std::optional<Guid>& guid)
{
    return guid ? std::optional(to_text(*guid)) : std::nullopt;
}

std::vector<Guid> guids_of(const Rows& rows)
{
    std::vector<Guid> guids;
    for (int row = 0; row < rows.count(); ++row)
        guids.push_back(parse_guid(rows.text(row, 0)).value());
    return guids;
}

} // namespace

std::vector<UnknownObject> unknown_objects(Database& database)
{
    Rows rows =
        database.query("SELECT u.resource, u.jibble_id FROM timesheet.unknown_objects() AS u");
    std::vector<UnknownObject> unknown;
    for (int row = 0; row < rows.count(); ++row)
        unknown.push_back({rows.text(row, 0), parse_guid(rows.text(row, 1)).value()});
    return unknown;
}

RunStore::RunStore(Database& database, PassLock& lock, const char* command,
                   std::optional<Window> window, const RunStore* deriving_run)
    : database_(database), lock_(lock), window_(window)
{
    check_stop();
    lock_.require_held();
    std::string since = window ? to_text(window->since) : "";
    std::string until = window ? to_text(window->until) : "";
    Uncancellable until_opened(database); // else it is not known which run to close
    run_ = database_
               .query("SELECT timesheet.begin_run($1, nullif($2, '')::date, nullif($3, '')::date, "
                      "$4, $5::bigint)",
                      {command, since, until, version,
                       deriving_run ? deriving_run->run_.c_str() : nullptr})
               .text(0, 0);
}

void RunStore::store_page(const char* resource, const Page& page)
{
    TextArray ids, payloads;
    for (std::size_t row = 0; row < page.texts.size(); ++row) {
        ids.add(text_of(page.texts.id(row)));
        payloads.add(page.texts.text(row));
    }
    wait_until_stored();
    lock_.require_held();
    database_.send("SELECT rows FROM timesheet.store_page($1::bigint, $2, $3::text[], $4::text[])",
                   {run_, resource, ids, payloads});
    is_storing_ = true;
}

std::vector<MissingEntry> RunStore::missing_entries(const char* resource,
                                                    const std::vector<Guid>& seen)
{
    wait_until_stored();
    TextArray ids = array_of(seen);
    Rows rows = database_.query("SELECT m.jibble_id, m.person_id, m.is_dated, m.is_held FROM "
                                "timesheet.missing_entries($1, $2::date, $3::date, "
                                "$4::text[]::uuid[]) AS m",
                                {resource, to_text(window_->since), to_text(window_->until), ids});
    std::vector<MissingEntry> missing;
    for (int row = 0; row < rows.count(); ++row)
        missing.push_back({parse_guid(rows.text(row, 0)).value(), parse_guid(rows.text(row, 1)),
                           rows.boolean(row, 2), rows.boolean(row, 3)});
    return missing;
}

std::size_t RunStore::count_people_shown(const std::vector<Guid>& seen)
{
    wait_until_stored();
    TextArray seen_ids = array_of(seen);
    Rows rows = database_.query(
        "SELECT count(*) FROM timesheet.people_shown($1::text[]::uuid[], NULL)", {seen_ids});
    return static_cast<std::size_t>(rows.number(0, 0));
}

std::vector<Guid> RunStore::people_shown(const std::vector<Guid>& seen,
                                         const std::vector<Guid>& people)
{
    wait_until_stored();
    TextArray seen_ids = array_of(seen);
    TextArray ids = array_of(people);
    return guids_of(database_.query("SELECT p.id FROM timesheet.people_shown($1::text[]::uuid[], "
                                    "$2::text[]::uuid[]) AS p (id)",
                                    {seen_ids, ids}));
}

std::vector<HeldPerson> RunStore::people_held()
{
    wait_until_stored();
    Rows rows =
        database_.query("SELECT h.person_id, h.is_not_shown FROM timesheet.people_held() AS h");
    std::vector<HeldPerson> people;
    for (int row = 0; row < rows.count(); ++row)
        people.push_back({parse_guid(rows.text(row, 0)).value(), rows.boolean(row, 1)});
    return people;
}

std::vector<Guid> RunStore::witness_entries(const char* resource, const std::optional<Guid>& person)
{
    wait_until_stored();
    return guids_of(database_.query(
        "SELECT w.id FROM timesheet.witness_entries($1, $2::date, $3::date, nullif($4, "
        "'')::uuid) AS w (id)",
        {resource, to_text(window_->since), to_text(window_->until),
         person ? to_text(*person) : ""}));
}

std::vector<MissingObject> RunStore::missing_objects(const char* resource,
                                                     const std::vector<Guid>& seen)
{
    wait_until_stored();
    TextArray ids = array_of(seen);
    Rows rows = database_.query("SELECT m.jibble_id, m.is_described FROM "
                                "timesheet.missing_objects($1, $2::text[]::uuid[]) AS m",
                                {resource, ids});
    std::vector<MissingObject> missing;
    for (int row = 0; row < rows.count(); ++row)
        missing.push_back({parse_guid(rows.text(row, 0)).value(), rows.boolean(row, 1)});
    return missing;
}

std::vector<PersonWithoutZones> RunStore::people_without_zones(const std::vector<Guid>& listed,
                                                               const std::vector<Guid>& with_zones)
{
    wait_until_stored();
    TextArray all = array_of(listed);
    TextArray some = array_of(with_zones);
    Rows rows = database_.query("SELECT p.jibble_id, p.has_zone FROM "
                                "timesheet.people_without_zones($1::text[]::uuid[], "
                                "$2::text[]::uuid[]) AS p",
                                {all, some});
    std::vector<PersonWithoutZones> people;
    for (int row = 0; row < rows.count(); ++row)
        people.push_back({parse_guid(rows.text(row, 0)).value(), rows.boolean(row, 1)});
    return people;
}

std::vector<UnknownObject> RunStore::unknown_objects()
{
    wait_until_stored();
    return timesheetd::unknown_objects(database_);
}

std::size_t RunStore::hold_deletions(const char* resource, const std::vector<HeldDeletion>& held)
{
    wait_until_stored();
    lock_.require_held();
    TextArray ids, people, reasons;
    for (const HeldDeletion& one : held) {
        ids.add(to_text(one.id));
        people.add(text_of(one.person));
        reasons.add(one.reason);
    }
    std::string since = window_ ? to_text(window_->since) : "";
    std::string until = window_ ? to_text(window_->until) : "";
    return static_cast<std::size_t>(
        database_
            .query("SELECT timesheet.hold_deletions($1::bigint, $2, nullif($3, '')::date, "
                   "nullif($4, '')::date, $5::text[]::uuid[], $6::text[]::uuid[], $7::text[])",
                   {run_, resource, since, until, ids, people, reasons})
            .number(0, 0));
}

void RunStore::store_tombstones(const char* resource, const std::vector<Guid>& deleted)
{
    wait_until_stored();
    lock_.require_held();
    TextArray ids = array_of(deleted);
    database_.query("SELECT timesheet.store_tombstones($1::bigint, $2, $3::text[]::uuid[])",
                    {run_, resource, ids});
}

long long RunStore::wait_until_stored()
{
    if (is_storing_) {
        is_storing_ = false;
        rows_ += database_.receive().number(0, 0);
    }
    return rows_;
}

void RunStore::seal()
{
    wait_until_stored();
    lock_.require_held();
    database_.query("SELECT timesheet.seal_run($1::bigint)", {run_});
}

void RunStore::start_finishing(Database& deriver, const std::string& error)
{
    lock_.require_held();
    deriver_ = &deriver;
    if (error.empty())
        deriver.send("SELECT f.new, f.changed, f.deleted, f.rejected FROM "
                     "timesheet.finish_run($1::bigint) AS f",
                     {run_});
    else
        deriver.send("SELECT f.new, f.changed, f.deleted, f.rejected FROM "
                     "timesheet.finish_run_as_failed($1::bigint, $2) AS f",
                     {run_, one_line(scrubber().scrub(error), max_error)});
}

RunResult RunStore::finish()
{
    Rows rows = deriver_->receive();
    return {rows.number(0, 0), rows.number(0, 1), rows.number(0, 2), rows.number(0, 3)};
}

bool RunStore::derive_step()
{
    lock_.require_held();
    return database_
        .query("SELECT timesheet.derive_step($1::bigint, $2::int)",
               {run_, std::to_string(step_size(entries_each_second, max_entries_a_step))})
        .boolean(0, 0);
}

void RunStore::close_after(const std::exception& e) noexcept
{
    if (dynamic_cast<const Cut*>(&e))
        close("SELECT timesheet.cut_run($1::bigint, $2)", e.what());
    else
        fail(e.what());
}

void RunStore::fail(const std::string& error) noexcept
{
    close("SELECT timesheet.fail_run($1::bigint, $2)", error);
}

void RunStore::close(const char* sql, const std::string& reason) noexcept
{
    is_storing_ = false; // a page on its way is stored or not, as with any end
    try {
        Uncancellable until_closed(database_);
        std::string text = one_line(scrubber().scrub(reason), max_error);
        database_.query(sql, {run_, text});
    } catch (const std::exception& e) {
        log::warn("run {} could not be closed; the next run closes it as failed: {}", run_,
                  e.what());
    }
}

RunProblems RunStore::problems(int most)
{
    Uncancellable until_known(database_); // the run is recorded: it is not to count as cut
    Rows rows =
        database_.query("SELECT resource, jibble_id, raw_event_id, problem, count(*) OVER () "
                        "FROM timesheet.run_problems($1::bigint) ORDER BY raw_event_id "
                        "LIMIT $2::int",
                        {run_, std::to_string(most)});
    RunProblems problems;
    for (int row = 0; row < rows.count(); ++row)
        problems.first.push_back(
            {rows.text(row, 0), rows.text(row, 1), rows.text(row, 2), rows.text(row, 3)});
    if (rows.count() > 0)
        problems.more = rows.number(0, 4) - rows.count();
    return problems;
}

} // namespace timesheetd
