// Results that their types do not hold: the same errors as the sql engine's, and never another
// number.
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "hours.hpp"
#include "session_machine.hpp"
#include "week.hpp"

namespace timesheet
{
namespace
{

constexpr int64_t largest = std::numeric_limits<int64_t>::max();
constexpr int64_t smallest = std::numeric_limits<int64_t>::min();
// PostgreSQL's first instant and the one after its last.
constexpr Instant first_instant = -211813488000000000;
constexpr Instant end_of_instants = 9223371331200000000;
constexpr Day first_day = -2451545;
constexpr Day last_day = 2145031948;

template <class F>
std::string error_of(F&& f)
{
    try {
        f();
    } catch (const OutOfRange& e) {
        return e.message;
    }
    return "none";
}

TEST(OutOfRange, R10_manual_seconds_beyond_bigint)
{
    for (int64_t extreme : {largest, smallest}) {
        Hours hours;
        hours.add_manual(1, no_id, no_id, extreme);
        EXPECT_EQ(hours.rows()[0].manual_seconds(), extreme);
        EXPECT_EQ(hours.rows()[0].work_seconds(), extreme);
        hours.add_manual(1, no_id, no_id, extreme < 0 ? -1 : 1);
        EXPECT_EQ(error_of([&] { hours.rows()[0].manual_seconds(); }), "bigint out of range");
        EXPECT_EQ(error_of([&] { hours.rows()[0].work_seconds(); }), "bigint out of range");
    }
}

TEST(OutOfRange, R10_only_the_whole_sum_has_to_fit)
{
    Hours hours;
    for (int i = 0; i < 1000; i++)
        hours.add_manual(1, 1, 1, largest);
    for (int i = 0; i < 1000; i++)
        hours.add_manual(1, 1, 1, -largest);
    hours.add_manual(1, 1, 1, 7);
    EXPECT_EQ(hours.rows()[0].manual_seconds(), 7);
}

TEST(OutOfRange, R10_work_of_sessions_and_manual_seconds_together)
{
    Entry work{};
    work.kind = Kind::work;
    Hours hours;
    hours.add_manual(1, work.client_group, work.activity, largest - 60);
    hours.add_session(1, {&work, 60 * microseconds_per_second, EndReason::clock_out});
    EXPECT_EQ(hours.rows()[0].work_seconds(), largest);
    hours.add_session(1, {&work, microseconds_per_second, EndReason::clock_out});
    EXPECT_EQ(hours.rows()[0].manual_seconds(), largest - 60);
    EXPECT_EQ(error_of([&] { hours.rows()[0].work_seconds(); }), "bigint out of range");
}

TEST(OutOfRange, sessions_more_than_an_int_counts)
{
    HoursRow row{};
    row.all_sessions = row.all_incomplete = 2147483647u;
    EXPECT_EQ(row.session_count(), 2147483647);
    EXPECT_EQ(row.incomplete_count(), 2147483647);
    row.all_sessions = row.all_incomplete = 2147483648u;
    EXPECT_EQ(error_of([&] { row.session_count(); }), "integer out of range");
    EXPECT_EQ(error_of([&] { row.incomplete_count(); }), "integer out of range");
}

TEST(OutOfRange, R12_a_length_is_an_int_of_seconds)
{
    Entry e{};
    e.time = 0;
    const auto seconds = [&](Instant end) {
        return Session{&e, end, EndReason::missing_clock_out}.seconds();
    };
    EXPECT_EQ(seconds(-2147483648 * microseconds_per_second), -2147483648);
    EXPECT_EQ(seconds(-2147483649 * microseconds_per_second + 1), -2147483648);
    EXPECT_EQ(error_of([&] { seconds(-2147483649 * microseconds_per_second); }),
              "integer out of range");
    e.time = end_of_instants - 1;
    EXPECT_EQ(error_of([&] {
                  Session{&e, first_instant, EndReason::running}.length();
              }),
              "interval out of range");
}

struct LastSession {
    Instant end = 0;
    EndReason reason{};
    void session(const Session& s)
    {
        end = s.end;
        reason = s.end_reason;
    }
    void unmatched_out(const Entry&) {}
};

// What the server lets through: any instant to max_session before the last, any end of a workday,
// any as_of.
TEST(OutOfRange, R5_R6_the_ends_of_time_overflow_nothing)
{
    const int64_t longest = 2 * microseconds_per_day;
    for (Instant time : {first_instant, end_of_instants - longest - 1})
        for (Instant workday_end : {first_instant, end_of_instants - 1})
            for (Instant as_of : {smallest, first_instant, end_of_instants - 1, largest})
                for (bool is_day_end : {false, true}) {
                    LastSession seen;
                    SessionMachine<LastSession> machine(
                        {longest, longest, longest, is_day_end, 1, as_of}, seen);
                    for (Instant next : {time, end_of_instants - longest - 1}) {
                        machine.next() = Entry{};
                        machine.next().time = next;
                        machine.next().kind = Kind::work;
                        machine.next().workday_end = workday_end;
                        machine.push();
                    }
                    machine.finish();
                    const Instant last = end_of_instants - longest - 1;
                    if (as_of < last + longest)
                        EXPECT_EQ(seen.end, std::max(last, as_of));
                    else
                        EXPECT_EQ(seen.end,
                                  is_day_end ? std::min(workday_end, last + longest) : last);
                }
}

TEST(OutOfRange, R11_the_first_and_the_last_day_have_a_week)
{
    for (int starts_on = 1; starts_on <= 7; starts_on++)
        for (Day day : {first_day, last_day}) {
            const Day week = week_start(day, starts_on);
            EXPECT_LE(week, day);
            EXPECT_GT(week, day - 7);
            EXPECT_EQ(((week - 2) % 7 + 7) % 7, starts_on - 1);
        }
}

} // namespace
} // namespace timesheet
