#include "ingest/unfinished_passes.hpp"

#include "process/scrubber.hpp"
#include "process/version.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

namespace
{

constexpr std::size_t max_unproven = 4000;

} // namespace

UnfinishedPass UnfinishedPasses::resume(const char* command, Window window)
{
    Rows row = database_.query("SELECT p.since, p.next_day, coalesce(p.slice_days, 0), "
                               "p.idle_calls, p.lists_read, coalesce(p.unproven, ''), p.began_at "
                               "FROM timesheet.resume_pass($1, $2::date, $3::date) AS p",
                               {command, to_text(window.since), to_text(window.until)});
    UnfinishedPass pass;
    pass.command = command;
    pass.since = parse_date(row.text(0, 0)).value();
    pass.next_day = parse_date(row.text(0, 1)).value();
    pass.slice_days = row.number(0, 2);
    pass.idle_calls = static_cast<int>(row.number(0, 3));
    pass.lists_read = row.boolean(0, 4);
    pass.unproven = row.text(0, 5);
    pass.began_at = row.text(0, 6);
    return pass;
}

void UnfinishedPasses::keep(const UnfinishedPass& pass)
{
    Uncancellable until_kept(database_);
    database_.query("SELECT timesheet.keep_pass($1, $2::date, $3::date, $4::int, $5::int, "
                    "$6::boolean, nullif($7, ''), $8::timestamptz)",
                    {pass.command, to_text(pass.since), to_text(pass.next_day),
                     std::to_string(pass.slice_days), std::to_string(pass.idle_calls),
                     pass.lists_read ? "t" : "f",
                     one_line(scrubber().scrub(pass.unproven), max_unproven), pass.began_at});
}

void UnfinishedPasses::end(const UnfinishedPass& pass, Date through)
{
    Uncancellable until_kept(database_);
    database_.query("SELECT timesheet.end_pass($1, $2::date, $3::date, $4)",
                    {pass.command, to_text(pass.since), to_text(through), version});
}

} // namespace timesheetd
