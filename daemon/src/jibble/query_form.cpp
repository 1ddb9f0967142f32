#include "jibble/query_form.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace timesheetd
{

namespace
{

constexpr const char* by_id = "id asc";
constexpr long small_page = 100;

} // namespace

bool QueryForm::has_ties() const
{
    return std::string_view(order) != by_id;
}

std::string QueryForm::describe(long top, bool with_select) const
{
    std::string text = *order ? fmt::format("$orderby={}, ", order) : "no $orderby, ";
    text += counts ? "$count=true, " : "no $count, ";
    text += fmt::format("$top={}", std::min(top, largest_page));
    if (with_select)
        text += ", $select=" + select;
    return text;
}

std::vector<QueryForm> query_forms(const std::string& select, const char* documented_order,
                                   const char* last_order)
{
    return {{select, by_id},
            {select, documented_order},
            {select, documented_order, false},
            {select, last_order, false, small_page}};
}

} // namespace timesheetd
