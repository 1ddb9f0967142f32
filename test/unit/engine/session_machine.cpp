// The cases A to J drawn in session_machine.hpp, by the same letters. Times are hours from e's
// midnight; the workday ends at 24.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "session_machine.hpp"

namespace timesheet
{
namespace
{

constexpr Instant hours(double h)
{
    return static_cast<Instant>(h * 3600) * microseconds_per_second;
}

Entry at(double hour, Kind kind, int32_t agent = 1)
{
    Entry e{};
    e.agent = agent;
    e.time = hours(hour);
    e.kind = kind;
    e.workday_end = hours(24) * (1 + static_cast<int64_t>(hour / 24));
    e.client_group = e.activity = no_id;
    return e;
}

Entry work(double hour, int32_t agent = 1)
{
    return at(hour, Kind::work, agent);
}
Entry rest(double hour)
{
    return at(hour, Kind::break_);
}
Entry out(double hour, int32_t agent = 1)
{
    return at(hour, Kind::out, agent);
}

struct Seen {
    double start, end;
    EndReason reason;
    bool operator==(const Seen& o) const
    {
        return start == o.start && end == o.end && reason == o.reason;
    }
};
std::ostream& operator<<(std::ostream& s, const Seen& x)
{
    return s << x.start << "-" << x.end << " reason " << static_cast<int>(x.reason);
}

struct Recorder {
    std::vector<Seen> sessions;
    std::vector<OptionalId> activities_of_work;
    int lone_outs = 0;
    void session(const Session& s)
    {
        if (s.is_work())
            activities_of_work.push_back(s.entry->activity);
        sessions.push_back({s.entry->time / 3.6e9, s.end / 3.6e9, s.end_reason});
    }
    void unmatched_out(const Entry&) { lone_outs++; }
};

Recorder run(const std::vector<Entry>& entries, double as_of = 1000, bool day_end = true)
{
    Rules rules{hours(16), hours(6), hours(12), day_end, 1, hours(as_of)};
    Recorder recorder;
    SessionMachine<Recorder> machine(rules, recorder);
    for (const Entry& e : entries) {
        machine.next() = e;
        machine.push();
    }
    machine.finish();
    return recorder;
}

TEST(SessionMachine, A_next_event_closes_at_its_own_time)
{
    EXPECT_EQ(
        run({work(9), work(11), out(12)}).sessions,
        (std::vector<Seen>{{9, 11, EndReason::next_activity}, {11, 12, EndReason::clock_out}}));
}

TEST(SessionMachine, B_switch_past_the_workday_end_within_overnight_switch_closes)
{
    EXPECT_EQ(run({work(20), work(26), out(27)}).sessions[0],
              (Seen{20, 26, EndReason::next_activity}));
}

TEST(SessionMachine, C_switch_past_the_workday_end_after_overnight_switch_is_a_forgotten_clock_out)
{
    EXPECT_EQ(run({work(19.5), work(26), out(27)}).sessions[0],
              (Seen{19.5, 24, EndReason::missing_clock_out}));
}

TEST(SessionMachine, C_at_exactly_the_workday_end_still_closes)
{
    EXPECT_EQ(run({work(9), work(24), out(25)}).sessions[0],
              (Seen{9, 24, EndReason::next_activity}));
}

TEST(SessionMachine, D_out_closes_work_far_past_the_workday_end)
{
    EXPECT_EQ(run({work(20), out(36)}).sessions[0], (Seen{20, 36, EndReason::clock_out}));
}

TEST(SessionMachine, E_break_of_exactly_overnight_switch_is_closed)
{
    EXPECT_EQ(run({rest(12), work(18), out(19)}).sessions[0],
              (Seen{12, 18, EndReason::next_activity}));
}

TEST(SessionMachine, F_break_longer_than_overnight_switch_has_no_length_and_its_out_is_lone)
{
    const Recorder r = run({rest(12), out(18.5)});
    EXPECT_EQ(r.sessions, (std::vector<Seen>{{12, 12, EndReason::break_left_open}}));
    EXPECT_EQ(r.lone_outs, 1);
}

TEST(SessionMachine, G_event_later_than_max_session_is_none)
{
    const Recorder r = run({work(9), out(25.5)});
    EXPECT_EQ(r.sessions, (std::vector<Seen>{{9, 24, EndReason::missing_clock_out}}));
    EXPECT_EQ(r.lone_outs, 1);
}

TEST(SessionMachine, G_event_at_exactly_max_session_closes)
{
    EXPECT_EQ(run({work(9), out(25)}).sessions[0], (Seen{9, 25, EndReason::clock_out}));
}

TEST(SessionMachine, H_nothing_after_and_max_session_not_passed_is_running_until_as_of)
{
    EXPECT_EQ(run({work(9)}, 11).sessions[0], (Seen{9, 11, EndReason::running}));
}

TEST(SessionMachine, H_as_of_before_the_entry_hides_nothing_and_gives_no_length)
{
    EXPECT_EQ(run({work(9)}, 8).sessions[0], (Seen{9, 9, EndReason::running}));
}

TEST(SessionMachine, I_nothing_within_max_session_ends_at_the_workday_end_or_the_limit)
{
    EXPECT_EQ(run({work(9)}, 25).sessions[0], (Seen{9, 24, EndReason::missing_clock_out}));
    EXPECT_EQ(run({work(1)}, 25).sessions[0], (Seen{1, 17, EndReason::missing_clock_out}));
}

TEST(SessionMachine, J_break_with_nothing_after_it_has_no_length)
{
    EXPECT_EQ(run({rest(12)}, 28).sessions[0], (Seen{12, 12, EndReason::break_left_open}));
}

TEST(SessionMachine, zero_counts_nothing_where_a_clock_out_is_missing)
{
    EXPECT_EQ(run({work(9)}, 1000, false).sessions[0], (Seen{9, 9, EndReason::missing_clock_out}));
}

TEST(SessionMachine, agents_do_not_close_each_other)
{
    const Recorder r = run({work(9, 1), out(10, 2)});
    EXPECT_EQ(r.sessions, (std::vector<Seen>{{9, 24, EndReason::missing_clock_out}}));
    EXPECT_EQ(r.lone_outs, 1);
}

TEST(SessionMachine, R1_unknown_types_are_no_events)
{
    EXPECT_EQ(run({work(9), at(10, Kind::other), out(11)}).sessions,
              (std::vector<Seen>{{9, 11, EndReason::clock_out}}));
}

TEST(SessionMachine, R7_automatic_out_is_told_apart)
{
    Entry o = out(12);
    o.is_auto_out = true;
    EXPECT_EQ(run({work(9), o}).sessions[0], (Seen{9, 12, EndReason::auto_clock_out}));
}

// R8: the activities of the work sessions, where they are carried on.
std::vector<OptionalId> activities(const std::vector<Entry>& entries)
{
    Rules rules{hours(16), hours(6), hours(12), true, 1, hours(1000), true};
    Recorder recorder;
    SessionMachine<Recorder> machine(rules, recorder);
    for (const Entry& e : entries) {
        machine.next() = e;
        machine.push();
    }
    machine.finish();
    return recorder.activities_of_work;
}

constexpr OptionalId kA = 1;
constexpr OptionalId kB = 2;

Entry with(OptionalId activity, Entry e)
{
    e.activity = activity;
    return e;
}

using Activities = std::vector<OptionalId>;

TEST(SessionMachine, K_work_without_an_activity_takes_that_of_the_work_before_its_breaks)
{
    const std::vector<Entry> day{with(kA, work(9)), rest(10), rest(11), work(12), out(13)};
    EXPECT_EQ(activities(day), (Activities{kA, kA}));
    EXPECT_EQ(run(day).activities_of_work, (Activities{kA, no_id})); // as_sent
}

TEST(SessionMachine, L_what_was_carried_on_is_carried_on)
{
    EXPECT_EQ(activities({with(kA, work(9)), rest(10), work(11), rest(12), work(13), out(14)}),
              (Activities{kA, kA, kA}));
    EXPECT_EQ(
        activities({with(kA, work(9)), rest(10), with(kB, work(11)), rest(12), work(13), out(14)}),
        (Activities{kA, kB, kB}));
}

TEST(SessionMachine, M_nothing_is_carried_on_but_over_breaks)
{
    EXPECT_EQ(activities({with(kA, work(9)), rest(10), out(11), work(12)}),
              (Activities{kA, no_id}));
    EXPECT_EQ(activities({with(kA, work(9)), rest(10), out(11), rest(11.5), work(12)}),
              (Activities{kA, no_id}));
    EXPECT_EQ(activities({with(kA, work(9)), work(10), rest(11), work(12)}),
              (Activities{kA, no_id, no_id}));
    EXPECT_EQ(activities({with(kB, rest(9)), work(10)}), (Activities{no_id}));
}

TEST(SessionMachine, M_nor_over_a_break_left_open_or_from_work_that_had_ended)
{
    EXPECT_EQ(activities({with(kA, work(9)), rest(10), work(16.5)}), (Activities{kA, no_id}));
    EXPECT_EQ(activities({with(kA, work(9)), rest(10), rest(16.5), work(17)}),
              (Activities{kA, no_id}));
    EXPECT_EQ(activities({with(kA, work(1)), rest(17.5), work(18)}), (Activities{kA, no_id}));
}

TEST(SessionMachine, M_nor_to_another_agent_workday_or_client_group)
{
    EXPECT_EQ(activities({with(kA, work(9, 1)), at(10, Kind::break_, 1), work(11, 2)}),
              (Activities{kA, no_id}));
    for (int odd_one = 0; odd_one < 4; odd_one++) {
        std::vector<Entry> day{with(kA, work(9)), rest(10), rest(11), work(12)};
        day[odd_one].workday = 1;
        EXPECT_EQ(activities(day), (Activities{kA, no_id}));
        day[odd_one].workday = 0;
        day[odd_one].client_group = 7;
        EXPECT_EQ(activities(day), (Activities{kA, no_id}));
    }
}

} // namespace
} // namespace timesheet
