#include "text/guid.hpp"

#include <gtest/gtest.h>

using namespace timesheetd;

TEST(Guid, IsWrittenAsItIsReadInLowerCase)
{
    EXPECT_EQ(to_text(parse_guid("8C1F0D3A-0b1c-4d2e-9F30-0123456789aB").value()),
              "8c1f0d3a-0b1c-4d2e-9f30-0123456789ab");
    EXPECT_EQ(to_text(Guid{}), "00000000-0000-0000-0000-000000000000");
}

TEST(Guid, IsReadInBracesAndWithoutHyphens)
{
    for (const char* form :
         {"{8C1F0D3A-0b1c-4d2e-9F30-0123456789aB}", " 8c1f0d3a-0b1c-4d2e-9f30-0123456789ab\t",
          "(8c1f0d3a-0b1c-4d2e-9f30-0123456789ab)", "8C1F0D3A0B1C4D2E9F300123456789AB",
          "{8c1f0d3a0b1c4d2e9f300123456789ab}"}) {
        auto guid = parse_guid(form);
        ASSERT_TRUE(guid) << form;
        EXPECT_EQ(to_text(*guid), "8c1f0d3a-0b1c-4d2e-9f30-0123456789ab") << form;
    }
}

TEST(Guid, IsNoneInAnyOtherForm)
{
    for (const char* form :
         {"", "{}", "8c1f0d3a-0b1c-4d2e-9f30-0123456789a", "x",
          "8c1f0d3a-0b1c-4d2e-9f30-0123456789abc", "8c1f0d3a-0b1c-4d2e-9f30-0123456789ag",
          "8c1f0d3a00b1c04d2e09f3000123456789ab", // hyphens are missing in part
          "8c1f0d3a-0b1c4d2e9f300123456789ab"})
        EXPECT_FALSE(parse_guid(form)) << form;
}
