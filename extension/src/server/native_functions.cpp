// The SQL functions of the extension: timesheet.native_… . Each reads entries in session order,
// pushes them through the session machine, and writes what it emits.

#include <string>
#include <unordered_set>

#include "../engine/hours.hpp"
#include "../engine/session_machine.hpp"
#include "../engine/week.hpp"
#include "arguments.hpp"
#include "entry_query.hpp"
#include "guard.hpp"
#include "output.hpp"

extern "C" {
PG_MODULE_MAGIC;
PG_FUNCTION_INFO_V1(timesheet_native_sessions);
PG_FUNCTION_INFO_V1(timesheet_native_daily_hours);
PG_FUNCTION_INFO_V1(timesheet_native_weekly_hours);
PG_FUNCTION_INFO_V1(timesheet_native_notes);
}

namespace timesheet::server
{

namespace
{

using ShortText = FixedText<60>;

const ShortText kWorkText("work");
const ShortText kBreakText("break");
// R7, in the order of EndReason.
const ShortText kEndReasonTexts[] = {ShortText("next_activity"),  ShortText("break"),
                                     ShortText("clock_out"),      ShortText("auto_clock_out"),
                                     ShortText("running"),        ShortText("missing_clock_out"),
                                     ShortText("break_left_open")};

// An SPI connection for as long as it lives; a failure inside it is cleaned up by the server.
class SpiConnection
{
  public:
    SpiConnection()
    {
        in_server([] { SPI_connect(); });
    }
    void close()
    {
        in_server([] { SPI_finish(); });
    }
};

// Runs all entries of the query through a session machine that emits into the sink.
template <class Sink>
void run_machine(const Arguments& arguments, const Rules& rules, Sink& sink)
{
    SessionMachine<Sink> machine(rules, sink);
    auto push = [&](TupleTableSlot* slot) {
        const Entry entry = read_entry(slot);
        sink.entry(entry);
        machine.push(entry);
    };
    RowReceiver<decltype(push)> receiver(push);
    entries_query(arguments, rules).run_into(&receiver.pub);
    in_server([&] { from_server([&] { machine.finish(); }); });
}

// R8: one row a session.
class SessionRows
{
  public:
    SessionRows(const Arguments& arguments, Output& output) : arguments_(arguments), output_(output)
    {
    }

    void entry(const Entry&) {}
    void lone_out(const Entry&) {}
    void session(const Session& s)
    {
        const Entry& e = *s.entry;
        if (!arguments_.wants(e.workday))
            return;
        output_.put(Int32GetDatum(e.agent))
            .put_id(e.client_group)
            .put_id(e.activity)
            .put(DateADTGetDatum(e.workday))
            .put(s.is_work() ? kWorkText.datum() : kBreakText.datum())
            .put(TimestampTzGetDatum(e.time))
            .put(TimestampTzGetDatum(s.end))
            .put(Int64GetDatum(s.seconds()))
            .put(kEndReasonTexts[static_cast<int>(s.end_reason)].datum())
            .put(BoolGetDatum(s.is_complete()))
            .put(PointerGetDatum(e.id.data()))
            .end_row();
    }

  private:
    const Arguments& arguments_;
    Output& output_;
};

void sessions(FunctionCallInfo fcinfo)
{
    const Arguments arguments = read_arguments(fcinfo);
    Output output;
    in_server([&] { output.open(fcinfo); });
    SpiConnection spi;
    const Rules rules = read_rules(arguments.as_of);
    SessionRows rows(arguments, output);
    run_machine(arguments, rules, rows);
    spi.close();
}

// Live hour entries by agent, kept by the server (on disk when they are many) until their agent's turn.
class ManualHours
{
  public:
    explicit ManualHours(const Arguments& arguments)
    {
        DestReceiver* dest = nullptr;
        in_server([&] {
            store_ = tuplestore_begin_heap(false, false, work_mem);
            dest = CreateTuplestoreDestReceiver();
            SetTuplestoreDestReceiverParams(dest, store_, CurrentMemoryContext, false, nullptr,
                                            nullptr);
        });
        hour_entries_query(arguments).run_into(dest);
        in_server([&] {
            slot_ = MakeSingleTupleTableSlot(hour_entries_descriptor(), &TTSOpsMinimalTuple);
            next();
        });
    }
    // May ereport.
    void close()
    {
        ExecDropSingleTupleTableSlot(slot_);
        tuplestore_end(store_);
    }

    bool has_row() const { return has_row_; }
    int32_t agent() const { return DatumGetInt32(slot_->tts_values[kAgent - 1]); }
    // May ereport.
    void next()
    {
        has_row_ = tuplestore_gettupleslot(store_, true, false, slot_);
        if (has_row_)
            slot_getallattrs(slot_);
    }
    TupleTableSlot* slot() const { return slot_; }

  private:
    Tuplestorestate* store_ = nullptr;
    TupleTableSlot* slot_ = nullptr;
    bool has_row_ = false;
};

// R10 and, where weeks are asked for, R11: sums for one agent after the other.
class HoursRows
{
  public:
    HoursRows(const Arguments& arguments, Output& output, ManualHours& manual)
        : arguments_(arguments), output_(output), manual_(manual)
    {
    }

    void by_week(int default_start, std::unordered_map<OptionalId, int> starts)
    {
        is_weekly_ = true;
        default_start_ = default_start;
        starts_ = std::move(starts);
    }

    void entry(const Entry&) {}
    void lone_out(const Entry&) {}
    void session(const Session& s)
    {
        const Entry& e = *s.entry;
        if (!arguments_.wants(e.workday))
            return;
        if (e.agent != agent_ || !has_agent_)
            begin_agent(e.agent);
        hours_.add_session(period(e.workday, e.client_group), s);
    }
    // May ereport.
    void finish()
    {
        if (has_agent_)
            end_agent();
        while (manual_.has_row()) {
            take_manual_of(manual_.agent());
            end_agent();
        }
    }

  private:
    // Agents come in order, and agents with manual hours alone come in between.
    void begin_agent(int32_t agent)
    {
        if (has_agent_)
            end_agent();
        while (manual_.has_row() && manual_.agent() < agent) {
            take_manual_of(manual_.agent());
            end_agent();
        }
        take_manual_of(agent);
    }

    void take_manual_of(int32_t agent)
    {
        agent_ = agent;
        has_agent_ = true;
        for (; manual_.has_row() && manual_.agent() == agent; manual_.next()) {
            TupleTableSlot* slot = manual_.slot();
            const Day workday = DatumGetDateADT(slot->tts_values[kWorkday - 1]);
            const OptionalId group = optional_id(slot, kClientGroup);
            hours_.add_manual(period(workday, group), group, optional_id(slot, kActivity),
                              DatumGetInt64(slot->tts_values[kSeconds - 1]));
        }
    }

    void end_agent()
    {
        for (const HoursRow& r : hours_.rows())
            output_.put(DateADTGetDatum(r.period))
                .put(Int32GetDatum(agent_))
                .put_id(r.client_group)
                .put_id(r.activity)
                .put(Int64GetDatum(r.work_seconds))
                .put(Int64GetDatum(r.unconfirmed_seconds))
                .put(Int64GetDatum(r.break_seconds))
                .put(Int64GetDatum(r.manual_seconds))
                .put(Int32GetDatum(r.session_count))
                .put(Int32GetDatum(r.incomplete_count))
                .end_row();
        hours_.clear();
        has_agent_ = false;
    }

    Day period(Day workday, OptionalId client_group)
    {
        if (!is_weekly_)
            return workday;
        if (client_group != last_group_ || last_start_ == 0) {
            const auto found = starts_.find(client_group);
            last_group_ = client_group;
            last_start_ = found == starts_.end() ? default_start_ : found->second;
        }
        return week_start(workday, last_start_);
    }

    const Arguments& arguments_;
    Output& output_;
    ManualHours& manual_;
    Hours hours_;
    bool has_agent_ = false;
    int32_t agent_ = 0;
    bool is_weekly_ = false;
    int default_start_ = 1;
    std::unordered_map<OptionalId, int> starts_;
    OptionalId last_group_ = kNoId;
    int last_start_ = 0;
};

void hours(FunctionCallInfo fcinfo, bool by_week)
{
    const Arguments arguments = read_arguments(fcinfo);
    Output output;
    in_server([&] { output.open(fcinfo); });
    SpiConnection spi;
    const Rules rules = read_rules(arguments.as_of);
    ManualHours manual(arguments);
    HoursRows rows(arguments, output, manual);
    if (by_week)
        rows.by_week(rules.week_starts_on, read_week_starts());
    run_machine(arguments, rules, rows);
    in_server([&] {
        from_server([&] { rows.finish(); });
        manual.close();
    });
    spi.close();
}

void daily_hours(FunctionCallInfo fcinfo)
{
    hours(fcinfo, false);
}
void weekly_hours(FunctionCallInfo fcinfo)
{
    hours(fcinfo, true);
}

// R13, what sessions and their absence tell; single entries tell theirs in timesheet.entry_notes().
class NoteRows
{
  public:
    NoteRows(const Arguments& arguments, const Rules& rules, Output& output)
        : arguments_(arguments), rules_(rules), output_(output)
    {
    }

    void entry(const Entry& e)
    {
        if (e.kind == Kind::other)
            return;
        if (e.agent != agent_) {
            agent_ = e.agent;
            without_group_.clear();
        }
        if (e.client_group == kNoId && arguments_.wants(e.workday) &&
            without_group_.insert(e.workday).second)
            put(e, "no_client_group", "the agent was in no client group");
    }
    void lone_out(const Entry& e)
    {
        if (arguments_.wants(e.workday))
            put(e, "clock_out_without_clock_in", "nothing was open to clock out of");
    }
    void session(const Session& s)
    {
        const Entry& e = *s.entry;
        if (!arguments_.wants(e.workday))
            return;
        if (s.end_reason == EndReason::missing_clock_out)
            put(e, "missing_clock_out", "no clock-out; counted %s", s.seconds());
        if (s.end_reason == EndReason::break_left_open)
            put(e, "break_left_open", "the break has no end; counted %s", s.seconds());
        if (s.end_reason == EndReason::auto_clock_out && s.is_work())
            put(e, "auto_clock_out", "Jibble clocked out by itself; counted %s", s.seconds());
        if (s.is_work() && s.length() > rules_.long_session)
            put(e, "long_session", "work of %s, longer than %s", s.seconds(),
                rules_.long_session / kMicrosecondsPerSecond);
    }

  private:
    // The detail may name one or two lengths, as hours:minutes:seconds. May ereport.
    void put(const Entry& e, const char* code, const char* detail, int64_t first = 0,
             int64_t second = 0)
    {
        char lengths[2][32];
        int64_t seconds[] = {first, second};
        for (int i = 0; i < 2; i++)
            pg_snprintf(lengths[i], sizeof lengths[i], "%lld:%02d:%02d",
                        static_cast<long long>(seconds[i] / 3600),
                        static_cast<int>(seconds[i] / 60 % 60), static_cast<int>(seconds[i] % 60));
        char text[60];
        pg_snprintf(text, sizeof text, detail, lengths[0], lengths[1]);
        code_.set(code);
        detail_.set(text);
        output_.put(DateADTGetDatum(e.workday))
            .put(Int32GetDatum(e.agent))
            .put_id(e.client_group)
            .put(code_.datum())
            .put(TimestampTzGetDatum(e.time))
            .put(detail_.datum())
            .put(PointerGetDatum(e.id.data()))
            .end_row();
    }

    const Arguments& arguments_;
    const Rules& rules_;
    Output& output_;
    ShortText code_;
    ShortText detail_;
    int32_t agent_ = 0;
    std::unordered_set<Day> without_group_;
};

void notes(FunctionCallInfo fcinfo)
{
    const Arguments arguments = read_arguments(fcinfo);
    Output output;
    in_server([&] { output.open(fcinfo); });
    SpiConnection spi;
    const Rules rules = read_rules(arguments.as_of);
    NoteRows rows(arguments, rules, output);
    run_machine(arguments, rules, rows);
    spi.close();
}

// The one way in: no C++ exception leaves the library.
Datum run_guarded(void (*body)(FunctionCallInfo), FunctionCallInfo fcinfo)
{
    from_server([&] { body(fcinfo); });
    return Datum{0};
}

} // namespace

} // namespace timesheet::server

extern "C" {

PGDLLEXPORT Datum timesheet_native_sessions(PG_FUNCTION_ARGS)
{
    return timesheet::server::run_guarded(timesheet::server::sessions, fcinfo);
}

PGDLLEXPORT Datum timesheet_native_daily_hours(PG_FUNCTION_ARGS)
{
    return timesheet::server::run_guarded(timesheet::server::daily_hours, fcinfo);
}

PGDLLEXPORT Datum timesheet_native_weekly_hours(PG_FUNCTION_ARGS)
{
    return timesheet::server::run_guarded(timesheet::server::weekly_hours, fcinfo);
}

PGDLLEXPORT Datum timesheet_native_notes(PG_FUNCTION_ARGS)
{
    return timesheet::server::run_guarded(timesheet::server::notes, fcinfo);
}

} // extern "C"
