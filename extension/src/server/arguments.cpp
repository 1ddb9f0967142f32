#include "arguments.hpp"

#include "guard.hpp"
#include "row_stream.hpp"

namespace timesheet::server
{

Arguments read_arguments(FunctionCallInfo fcinfo)
{
    Arguments a;
    // -infinity and infinity are the ends of the type, so they already mean unbounded.
    if (!PG_ARGISNULL(0))
        a.since = PG_GETARG_DATEADT(0);
    if (!PG_ARGISNULL(1))
        a.until = PG_GETARG_DATEADT(1);
    if (!PG_ARGISNULL(2)) {
        a.for_everybody = false;
        a.agent = PG_GETARG_INT32(2);
    }
    a.as_of = PG_ARGISNULL(3) ? GetCurrentTransactionStartTimestamp() : PG_GETARG_TIMESTAMPTZ(3);
    return a;
}

namespace
{

constexpr int max_bytes_shown = 60;
constexpr int64_t max_setting = 2 * microseconds_per_day;

// A column of settings_table. Days and months have no length of their own, so hours and less it
// must be.
int64_t setting_length(TupleTableSlot* slot, int column)
{
    const Interval* value = DatumGetIntervalP(slot->tts_values[column]);
    if (value->day != 0 || value->month != 0 || value->time <= 0 || value->time > max_setting)
        report_value(settings_table, settings_table.columns[column].name,
                     DatumGetCString(DirectFunctionCall1(interval_out, slot->tts_values[column])),
                     "more than 0 and at most 48 hours, in hours and smaller units",
                     ERRCODE_CHECK_VIOLATION);
    return value->time;
}

// A column of settings_table that is one of two words; true if it is the first.
bool is_first_word(TupleTableSlot* slot, int column, const char* first, const char* second)
{
    const char* word = text_to_cstring(DatumGetTextPP(slot->tts_values[column]));
    if (strcmp(word, first) == 0)
        return true;
    if (strcmp(word, second) != 0)
        report_value(settings_table, settings_table.columns[column].name,
                     psprintf("\"%.*s\"",
                              pg_mbcliplen(word, static_cast<int>(strlen(word)), max_bytes_shown),
                              word),
                     psprintf("%s or %s", first, second), ERRCODE_CHECK_VIOLATION);
    return false;
}

void check_weekday(const InputTable& table, int32_t day)
{
    if (day < 1 || day > 7)
        report_value(table, "week_starts_on", psprintf("%d", day), "1 (Monday) to 7 (Sunday)",
                     ERRCODE_CHECK_VIOLATION);
}

} // namespace

Rules read_rules(Instant as_of)
{
    Rules rules{};
    bool found = false;
    auto take = [&](TupleTableSlot* slot) {
        if (found)
            throw UserError{ERRCODE_CARDINALITY_VIOLATION, "timesheet.settings has several rows",
                            "Delete all but the one that is to be used."};
        rules.max_session = setting_length(slot, 0);
        rules.overnight_switch = setting_length(slot, 1);
        rules.long_session = setting_length(slot, 2);
        rules.missing_clock_out_is_day_end = is_first_word(slot, 3, "day_end", "zero");
        rules.week_starts_on = DatumGetInt32(slot->tts_values[4]);
        check_weekday(settings_table, rules.week_starts_on);
        rules.carries_activity_on = !is_first_word(slot, 5, "as_sent", "carried_on");
        found = true;
    };
    TableQuery<settings_table>().each_row(take);
    if (!found)
        throw UserError{ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "timesheet.settings has no row",
                        "Run INSERT INTO timesheet.settings DEFAULT VALUES."};
    rules.as_of = as_of;
    return rules;
}

std::unordered_map<OptionalId, int> read_week_starts()
{
    std::unordered_map<OptionalId, int> starts;
    auto take = [&](TupleTableSlot* slot) {
        const int32_t start = DatumGetInt32(slot->tts_values[1]);
        check_weekday(client_groups_table, start);
        if (!starts.emplace(DatumGetInt32(slot->tts_values[0]), start).second)
            throw UserError{ERRCODE_CARDINALITY_VIOLATION,
                            "timesheet.client_groups has several rows of one client_group_id",
                            "Delete all but one, and make the column its primary key."};
    };
    TableQuery<client_groups_table> query;
    query.add(" WHERE t.week_starts_on IS NOT NULL");
    query.each_row(take);
    return starts;
}

} // namespace timesheet::server
