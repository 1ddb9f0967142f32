#include "jibble/page.hpp"

#include <gtest/gtest.h>

using namespace timesheetd;

TEST(RowTexts, KeepEachTextWithItsId)
{
    Guid guid = parse_guid("8c1f0d3a-0000-4000-8000-0000000000ff").value();
    RowTexts rows;
    EXPECT_EQ(rows.size(), 0u);
    rows.add(guid, R"({"id":1})");
    rows.add(std::nullopt, "");
    rows.add(std::nullopt, "null");
    RowTexts moved = std::move(rows);
    ASSERT_EQ(moved.size(), 3u);
    EXPECT_EQ(moved.id(0), guid);
    EXPECT_EQ(moved.text(0), R"({"id":1})");
    EXPECT_EQ(moved.id(1), std::nullopt);
    EXPECT_EQ(moved.text(1), "");
    EXPECT_EQ(moved.text(2), "null");
}
