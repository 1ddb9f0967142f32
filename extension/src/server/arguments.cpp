#include "arguments.hpp"

#include "guard.hpp"

namespace timesheet::server
{

namespace
{

int64_t int64_at(int row, int column, bool* is_null)
{
    const Datum value =
        SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, is_null);
    return *is_null ? 0 : DatumGetInt64(value);
}

} // namespace

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
    in_server([&] {
        SPI_execute("SELECT (extract(epoch FROM s.max_session) * 1000000)::pg_catalog.int8,"
                    " (extract(epoch FROM s.overnight_switch) * 1000000)::pg_catalog.int8,"
                    " (extract(epoch FROM s.long_session) * 1000000)::pg_catalog.int8,"
                    " (s.missing_clock_out OPERATOR(pg_catalog.=) "
                    "'day_end')::pg_catalog.int4::pg_catalog.int8,"
                    " s.week_starts_on::pg_catalog.int8 FROM timesheet.settings AS s",
                    true, 1);
        found = SPI_processed == 1;
        if (!found)
            return;
        bool is_null;
        rules.max_session = int64_at(0, 1, &is_null);
        rules.overnight_switch = int64_at(0, 2, &is_null);
        rules.long_session = int64_at(0, 3, &is_null);
        rules.missing_clock_out_is_day_end = int64_at(0, 4, &is_null) != 0;
        rules.week_starts_on = static_cast<int>(int64_at(0, 5, &is_null));
    });
    if (!found)
        throw UserError{ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "timesheet.settings has no row",
                        "Run INSERT INTO timesheet.settings DEFAULT VALUES."};
    rules.as_of = as_of;
    return rules;
}

std::unordered_map<OptionalId, int> read_week_starts()
{
    in_server([] {
        SPI_execute("SELECT g.client_group_id::pg_catalog.int8, g.week_starts_on::pg_catalog.int8"
                    " FROM timesheet.client_groups AS g WHERE g.week_starts_on IS NOT NULL",
                    true, 0);
    });
    std::unordered_map<OptionalId, int> starts;
    for (uint64_t row = 0; row < SPI_processed; row++) {
        bool is_null;
        const int64_t group = int64_at(static_cast<int>(row), 1, &is_null);
        starts[group] = static_cast<int>(int64_at(static_cast<int>(row), 2, &is_null));
    }
    return starts;
}

} // namespace timesheet::server
