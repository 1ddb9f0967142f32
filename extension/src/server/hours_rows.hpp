// The rows of timesheet.native_daily_hours() and native_weekly_hours().
#pragma once

#include <unordered_map>

#include "../engine/hours.hpp"
#include "../engine/week.hpp"
#include "arguments.hpp"
#include "manual_hours.hpp"
#include "output.hpp"

namespace timesheet::server
{

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
    void unmatched_out(const Entry&) {}
    void session(const Session& s)
    {
        const Entry& e = *s.entry;
        if (!arguments_.includes(e.workday))
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
            CHECK_FOR_INTERRUPTS(); // no scan does it any more
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
            CHECK_FOR_INTERRUPTS(); // rows come from a store, which does not
            TupleTableSlot* slot = manual_.slot();
            const Day workday = DatumGetDateADT(slot->tts_values[workday_column - 1]);
            const OptionalId group = optional_id(slot, client_group_column);
            hours_.add_manual(period(workday, group), group, optional_id(slot, activity_column),
                              DatumGetInt64(slot->tts_values[seconds_column - 1]));
        }
    }

    void end_agent()
    {
        for (const HoursRow& r : hours_.rows()) {
            CHECK_FOR_INTERRUPTS();
            output_.put(DateADTGetDatum(r.period))
                .put(Int32GetDatum(agent_))
                .put_id(r.client_group)
                .put_id(r.activity)
                .put(Int64GetDatum(r.work_seconds()))
                .put(Int64GetDatum(r.unconfirmed_seconds))
                .put(Int64GetDatum(r.break_seconds))
                .put(Int64GetDatum(r.manual_seconds()))
                .put(Int32GetDatum(r.session_count()))
                .put(Int32GetDatum(r.incomplete_count()))
                .end_row();
        }
        hours_.clear();
        has_agent_ = false;
    }

    // Sessions of one day and group come in a row, so the last answer mostly holds.
    Day period(Day workday, OptionalId client_group)
    {
        if (!is_weekly_)
            return workday;
        if (client_group != last_group_ || last_start_ == 0) {
            const auto found = starts_.find(client_group);
            last_group_ = client_group;
            last_start_ = found == starts_.end() ? default_start_ : found->second;
            last_week_ = week_of(workday);
        }
        if (workday < last_week_ || workday - last_week_ > 6)
            last_week_ = week_of(workday);
        return last_week_;
    }
    // May ereport.
    Day week_of(Day workday) const
    {
        const Day week = week_start(workday, last_start_);
        if (!IS_VALID_DATE(week))
            ereport(ERROR,
                    (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), errmsg("date out of range"),
                     errdetail("The week of a workday begins before the first date.")));
        return week;
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
    OptionalId last_group_ = no_id;
    int last_start_ = 0;
    Day last_week_ = 0;
};

} // namespace timesheet::server
