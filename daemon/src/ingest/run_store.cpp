#include "ingest/run_store.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <set>
#include <sstream>
#include <utility>

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
    : database_(database), lock_(lock), window_(window),
      compares_first_(std::strcmp(command, "backfill") != 0)
{
    check_stop();
    std::string since = window ? to_text(window->since) : "";
    std::string until = window ? to_text(window->until) : "";
    Uncancellable until_opened(database); // else it is not known which run to close
    Parameters parameters = {command, since, until, version,
                             deriving_run ? deriving_run->run_.c_str() : nullptr};
    std::string sql = "SELECT timesheet.begin_run($1, nullif($2, '')::date, nullif($3, '')::date, "
                      "$4, $5::bigint), timesheet.has_held_deletions()";
    sql += lock_.recording_from(6, parameters);
    Rows begun = database_.query(sql.c_str(), parameters);
    run_ = begun.text(0, 0);
    has_held_deletions_ = begun.boolean(0, 1);
}

void RunStore::store_page(const char* resource, const Page& page)
{
    wait_until_stored();
    if (is_repeated(resource, page.texts)) {
        rows_ += 1;
        ++uncounted_pages_;
        ++uncounted_rows_;
        return;
    }
    if (compares_) {
        TextArray ids, payloads;
        for (std::size_t row = 0; row < page.texts.size(); ++row) {
            ids.add(text_of(page.texts.id(row)));
            payloads.add(page.texts.text(row));
        }
        lock_.require_held();
        // Not unnest(): to guess how many rows it gives, the planner would call the function.
        database_.send("SELECT pg_catalog.array_to_string(timesheet.changed_rows($1, $2::text[], "
                       "$3::text[]), ' ')",
                       {resource, ids, payloads});
        compared_ = {resource, page.texts};
    } else {
        std::vector<std::size_t> all(page.texts.size());
        std::iota(all.begin(), all.end(), std::size_t{});
        send_page(resource, page.texts, all);
    }
    is_storing_ = true;
}

// Each page but the first begins with the last row of the one before, and mostly one has no other.
bool RunStore::is_repeated(const char* resource, const RowTexts& texts)
{
    bool is_same_resource = resource_ == resource;
    bool repeats = is_same_resource && texts.size() == 1 && texts.text(0) == last_text_;
    if (!is_same_resource)
        compares_ = compares_first_;
    resource_ = resource;
    last_text_ = texts.size() > 0 ? texts.text(texts.size() - 1) : std::string_view();
    return repeats;
}

void RunStore::send_page(const char* resource, const RowTexts& texts,
                         const std::vector<std::size_t>& rows)
{
    TextArray ids, payloads;
    for (std::size_t row : rows) {
        ids.add(text_of(texts.id(row)));
        payloads.add(texts.text(row));
    }
    lock_.require_held();
    database_.send("SELECT rows FROM timesheet.store_page($1::bigint, $2, $3::text[], $4::text[])",
                   {run_, resource, ids, payloads});
}

// Where most of a page is new, so will be most of the next: it is not compared first.
void RunStore::store_changed(const ComparedPage& page, const std::string& changed)
{
    std::vector<std::size_t> rows;
    std::istringstream numbers(changed);
    for (std::size_t number = 0; numbers >> number;)
        rows.push_back(number - 1);
    uncounted_rows_ += static_cast<long long>(page.texts.size() - rows.size());
    if (rows.empty()) {
        ++uncounted_pages_;
        return;
    }
    if (page.resource == resource_)
        compares_ = rows.size() <= page.texts.size() / 2;
    send_page(page.resource.c_str(), page.texts, rows);
    database_.receive();
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
    const std::set<Guid> known(with_zones.begin(), with_zones.end());
    if (std::all_of(listed.begin(), listed.end(),
                    [&](const Guid& person) { return known.count(person) > 0; }))
        return {};
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
    if (held.empty() && !has_held_deletions_)
        return 0;
    has_held_deletions_ = true;
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
    resource_.clear(); // what is shown again is stored again
    TextArray ids = array_of(deleted);
    database_.query("SELECT timesheet.store_tombstones($1::bigint, $2, $3::text[]::uuid[])",
                    {run_, resource, ids});
}

long long RunStore::wait_until_stored()
{
    if (!is_storing_)
        return rows_;
    is_storing_ = false;
    if (std::optional<ComparedPage> page = std::exchange(compared_, std::nullopt)) {
        store_changed(*page, database_.receive().text(0, 0));
        rows_ += static_cast<long long>(page->texts.size());
    } else
        rows_ += database_.receive().number(0, 0);
    return rows_;
}

void RunStore::seal()
{
    wait_until_stored();
    lock_.require_held();
    database_.query("SELECT timesheet.count_pages($1::bigint, $2::int, $3::bigint), "
                    "timesheet.seal_run($1::bigint)",
                    {run_, std::to_string(std::exchange(uncounted_pages_, 0)),
                     std::to_string(std::exchange(uncounted_rows_, 0))});
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
    compared_.reset();
    is_storing_ = false; // a page on its way is stored or not, as with any end
    try {
        Uncancellable until_closed(database_);
        std::string text = one_line(scrubber().scrub(reason), max_error);
        if (uncounted_pages_ > 0)
            database_.query("SELECT timesheet.count_pages($1::bigint, $2::int, $3::bigint)",
                            {run_, std::to_string(std::exchange(uncounted_pages_, 0)),
                             std::to_string(std::exchange(uncounted_rows_, 0))});
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
