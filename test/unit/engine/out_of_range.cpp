// Results that their types do not hold: the same errors as the sql engine's, and never another number.
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

constexpr int64_t kLargest = std::numeric_limits<int64_t>::max();
constexpr int64_t kSmallest = std::numeric_limits<int64_t>::min();
// PostgreSQL's first instant and the one after its last.
constexpr Instant kFirstInstant = -211813488000000000;
constexpr Instant kEndOfInstants = 9223371331200000000;
constexpr Day kFirstDay = -2451545;
constexpr Day kLastDay = 2145031948;

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
    for (int64_t extreme : {kLargest, kSmallest}) {
        Hours hours;
        hours.add_manual(1, kNoId, kNoId, extreme);
        EXPECT_EQ(hours.rows()[0].manual_seconds(), extreme);
        EXPECT_EQ(hours.rows()[0].work_seconds(), extreme);
        hours.add_manual(1, kNoId, kNoId, extreme < 0 ? -1 : 1);
        EXPECT_EQ(error_of([&] { hours.rows()[0].manual_seconds(); }), "bigint out of range");
        EXPECT_EQ(error_of([&] { hours.rows()[0].work_seconds(); }), "bigint out of range");
    }
}

TEST(OutOfRange, R10_only_the_whole_sum_has_to_fit)
{
    Hours hours;
    for (int i = 0; i < 1000; i++)
        hours.add_manual(1, 1, 1, kLargest);
    for (int i = 0; i < 1000; i++)
        hours.add_manual(1, 1, 1, -kLargest);
    hours.add_manual(1, 1, 1, 7);
    EXPECT_EQ(hours.rows()[0].manual_seconds(), 7);
}

TEST(OutOfRange, R10_work_of_sessions_and_manual_seconds_together)
{
    Entry work{};
    work.kind = Kind::work;
    Hours hours;
    hours.add_manual(1, work.client_group, work.activity, kLargest - 60);
    hours.add_session(1, {&work, 60 * kMicrosecondsPerSecond, EndReason::clock_out});
    EXPECT_EQ(hours.rows()[0].work_seconds(), kLargest);
    hours.add_session(1, {&work, kMicrosecondsPerSecond, EndReason::clock_out});
    EXPECT_EQ(hours.rows()[0].manual_seconds(), kLargest - 60);
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
    EXPECT_EQ(seconds(-2147483648 * kMicrosecondsPerSecond), -2147483648);
    EXPECT_EQ(seconds(-2147483649 * kMicrosecondsPerSecond + 1), -2147483648);
    EXPECT_EQ(error_of([&] { seconds(-2147483649 * kMicrosecondsPerSecond); }),
              "integer out of range");
    e.time = kEndOfInstants - 1;
    EXPECT_EQ(error_of([&] {
                  Session{&e, kFirstInstant, EndReason::running}.length();
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

// What the server lets through: any instant to max_session before the last, any end of a workday, any as_of.
TEST(OutOfRange, R5_R6_the_ends_of_time_overflow_nothing)
{
    const int64_t longest = 2 * kMicrosecondsPerDay;
    for (Instant time : {kFirstInstant, kEndOfInstants - longest - 1})
        for (Instant workday_end : {kFirstInstant, kEndOfInstants - 1})
            for (Instant as_of : {kSmallest, kFirstInstant, kEndOfInstants - 1, kLargest})
                for (bool is_day_end : {false, true}) {
                    LastSession seen;
                    SessionMachine<LastSession> machine(
                        {longest, longest, longest, is_day_end, 1, as_of}, seen);
                    for (Instant next : {time, kEndOfInstants - longest - 1}) {
                        machine.next() = Entry{};
                        machine.next().time = next;
                        machine.next().kind = Kind::work;
                        machine.next().workday_end = workday_end;
                        machine.push();
                    }
                    machine.finish();
                    const Instant last = kEndOfInstants - longest - 1;
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
        for (Day day : {kFirstDay, kLastDay}) {
            const Day week = week_start(day, starts_on);
            EXPECT_LE(week, day);
            EXPECT_GT(week, day - 7);
            EXPECT_EQ(((week - 2) % 7 + 7) % 7, starts_on - 1);
        }
}

} // namespace
} // namespace timesheet
