// R10: what is summed with what, and that the table keeps every row when it grows.
#include <gtest/gtest.h>

#include "hours.hpp"

namespace timesheet
{
namespace
{

Session session(const Entry& e, int64_t microseconds, EndReason reason)
{
    return {&e, e.time + microseconds, reason};
}

TEST(Hours, R10_work_and_break_apart_and_unconfirmed_part_of_work)
{
    Entry work{};
    work.kind = Kind::work;
    Entry rest{};
    rest.kind = Kind::break_;
    Hours hours;
    hours.add_session(1, session(work, 10 * microseconds_per_second, EndReason::clock_out));
    hours.add_session(1, session(work, 5 * microseconds_per_second, EndReason::auto_clock_out));
    hours.add_session(1, session(work, 3 * microseconds_per_second, EndReason::missing_clock_out));
    hours.add_session(1, session(rest, 7 * microseconds_per_second, EndReason::next_activity));
    hours.add_manual(1, 0, 0, 100);
    ASSERT_EQ(hours.rows().size(), 1u);
    const HoursRow& r = hours.rows()[0];
    EXPECT_EQ(r.work_seconds(), 118);
    EXPECT_EQ(r.unconfirmed_seconds, 8);
    EXPECT_EQ(r.break_seconds, 7);
    EXPECT_EQ(r.manual_seconds(), 100);
    EXPECT_EQ(r.session_count(), 3);
    EXPECT_EQ(r.incomplete_count(), 1);
}

TEST(Hours, R12_seconds_are_truncated_once_per_session)
{
    Entry work{};
    work.kind = Kind::work;
    Hours hours;
    hours.add_session(1, session(work, 1999999, EndReason::clock_out));
    hours.add_session(1, session(work, 1999999, EndReason::clock_out));
    EXPECT_EQ(hours.rows()[0].work_seconds(), 2);
}

TEST(Hours, absence_of_an_id_is_a_value_of_its_own_and_rows_survive_growth)
{
    Hours hours;
    for (Day day = 0; day < 5000; day++) {
        hours.add_manual(day, no_id, 0, 1);
        hours.add_manual(day, 0, no_id, 2);
    }
    for (Day day = 0; day < 5000; day++)
        hours.add_manual(day, no_id, 0, 10);
    ASSERT_EQ(hours.rows().size(), 10000u);
    for (const HoursRow& r : hours.rows())
        EXPECT_EQ(r.manual_seconds(), r.client_group == no_id ? 11 : 2);
}

} // namespace
} // namespace timesheet
