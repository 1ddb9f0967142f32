#include "text/guid.hpp"

#include <gtest/gtest.h>

using namespace timesheetd;

TEST(Guid, IsWrittenAsItIsReadInLowerCase)
{
    EXPECT_EQ(to_text(parse_guid("8C1F0D3A-0b1c-4d2e-9F30-0123456789aB").value()),
              "8c1f0d3a-0b1c-4d2e-9f30-0123456789ab");
    EXPECT_EQ(to_text(Guid{}), "00000000-0000-0000-0000-000000000000");
}
