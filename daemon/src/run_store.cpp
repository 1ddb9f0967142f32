#include "run_store.hpp"

#include <spdlog/spdlog.h>

#include "scrubber.hpp"
#include "utf8.hpp"
#include "version.hpp"

namespace timesheetd
{

namespace
{

constexpr std::size_t longest_error = 500;

TextArray array_of(const std::vector<Guid>& guids)
{
    TextArray array;
    for (const Guid& guid : guids)
        array.add(to_text(guid));
    return array;
}

} // namespace

RunStore::RunStore(Database& database, PassLock& lock, const char* command, Window window,
                   const RunStore* beside)
    : database_(database), lock_(lock), window_(window)
{
    lock_.require_held();
    run_ = database_
               .query("SELECT timesheet.begin_run($1, $2::date, $3::date, $4, $5::bigint)",
                      {command, to_text(window.since), to_text(window.until), version,
                       beside ? beside->run_.c_str() : nullptr})
               .text(0, 0);
}

void RunStore::store_page(const char* resource, TextArray& ids, TextArray& payloads)
{
    wait_until_stored();
    lock_.require_held();
    database_.send("SELECT rows FROM timesheet.store_page($1::bigint, $2, $3::text[], $4::text[])",
                   {run_, resource, ids, payloads});
    is_storing_ = true;
}

std::vector<Guid> RunStore::unseen(const char* resource, const std::vector<Guid>& seen)
{
    wait_until_stored();
    TextArray ids = array_of(seen);
    Rows rows = database_.query("SELECT u.id FROM timesheet.unseen_entries($1, $2::date, $3::date, "
                                "$4::text[]::uuid[]) AS u (id)",
                                {resource, to_text(window_.since), to_text(window_.until), ids});
    std::vector<Guid> unseen;
    for (int row = 0; row < rows.count(); ++row)
        unseen.push_back(parse_guid(rows.text(row, 0)).value());
    return unseen;
}

std::size_t RunStore::held(const char* resource)
{
    wait_until_stored();
    return static_cast<std::size_t>(
        database_
            .query("SELECT timesheet.held_entries($1, $2::date, $3::date)",
                   {resource, to_text(window_.since), to_text(window_.until)})
            .number(0, 0));
}

void RunStore::store_tombstones(const char* resource, const std::vector<Guid>& gone)
{
    wait_until_stored();
    lock_.require_held();
    TextArray ids = array_of(gone);
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

void RunStore::start_finishing(Database& deriver)
{
    lock_.require_held();
    deriver_ = &deriver;
    deriver.send("SELECT f.new, f.changed, f.deleted, f.not_understood FROM "
                 "timesheet.finish_run($1::bigint) AS f",
                 {run_});
}

RunResult RunStore::finish()
{
    Rows rows = deriver_->receive();
    return {rows.number(0, 0), rows.number(0, 1), rows.number(0, 2), rows.number(0, 3)};
}

void RunStore::fail(const std::string& error) noexcept
{
    try {
        database_.heed_stop(false);
        std::string text = one_line(scrubber().scrub(error), longest_error);
        database_.query("SELECT timesheet.fail_run($1::bigint, $2)", {run_, text});
    } catch (const std::exception& e) {
        spdlog::warn("run {} could not be closed as failed; the next run does that: {}", run_,
                     e.what());
    }
}

RunProblems RunStore::problems(int most)
{
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
