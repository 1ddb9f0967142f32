#include "ingest/zone_memory.hpp"

#include <gtest/gtest.h>

using namespace timesheetd;
using namespace std::chrono_literals;

namespace
{

const Guid ann{1}, ben{2}, cy{3};

TEST(ZoneMemory, WhoWasAskedInVainIsDueAgainAfterADay)
{
    ZoneMemory memory;
    ZoneMemory::Clock::time_point now{1000h};
    EXPECT_TRUE(memory.is_due(ann, now));
    memory.asked_in_vain(ann, now);
    EXPECT_FALSE(memory.is_due(ann, now));
    EXPECT_FALSE(memory.is_due(ann, now + 24h - 1s));
    EXPECT_TRUE(memory.is_due(ann, now + 24h));
    EXPECT_TRUE(memory.is_due(ben, now));
}

TEST(ZoneMemory, AnotherListMakesEverybodyDue)
{
    ZoneMemory memory;
    ZoneMemory::Clock::time_point now{1000h};
    memory.set_listed({ann, ben});
    memory.asked_in_vain(cy, now);
    memory.set_listed({ben, ann, ben}); // the same in another order
    EXPECT_FALSE(memory.is_due(cy, now));
    memory.set_listed({ann});
    EXPECT_TRUE(memory.is_due(cy, now));
}

TEST(ZoneMemory, EachCauseIsWarnedOfOnce)
{
    ZoneMemory memory;
    EXPECT_TRUE(memory.warns_first("one"));
    EXPECT_FALSE(memory.warns_first("one"));
    EXPECT_TRUE(memory.warns_first("other"));
}

} // namespace
