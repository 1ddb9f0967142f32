#include "arguments.hpp"

#include "guard.hpp"
#include "row_stream.hpp"

namespace timesheet::server
{

Arguments read_arguments(FunctionCallInfo fcinfo)
{
    Arguments a;
    // -infinity and infinity are the ends of the type, so they mean unbounded by themselves.
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

Rules read_rules(Instant as_of)
{
    Rules rules{};
    bool found = false;
    auto take = [&](TupleTableSlot* slot) {
        slot_getallattrs(slot);
        const Datum* value = slot->tts_values;
        rules.max_session = DatumGetInt64(value[0]);
        rules.overnight_switch = DatumGetInt64(value[1]);
        rules.long_session = DatumGetInt64(value[2]);
        rules.missing_clock_out_is_day_end = DatumGetBool(value[3]);
        rules.week_starts_on = DatumGetInt32(value[4]);
        found = true;
    };
    RowReceiver<decltype(take)> receiver(take);
    Query("SELECT (extract(epoch FROM s.max_session) * 1000000)::pg_catalog.int8,"
          " (extract(epoch FROM s.overnight_switch) * 1000000)::pg_catalog.int8,"
          " (extract(epoch FROM s.long_session) * 1000000)::pg_catalog.int8,"
          " s.missing_clock_out OPERATOR(pg_catalog.=) 'day_end', s.week_starts_on"
          " FROM timesheet.settings AS s")
        .run_into(&receiver.pub);
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
        slot_getallattrs(slot);
        starts[DatumGetInt32(slot->tts_values[0])] = DatumGetInt32(slot->tts_values[1]);
    };
    RowReceiver<decltype(take)> receiver(take);
    Query("SELECT g.client_group_id, g.week_starts_on"
          " FROM timesheet.client_groups AS g WHERE g.week_starts_on IS NOT NULL")
        .run_into(&receiver.pub);
    return starts;
}

} // namespace timesheet::server
