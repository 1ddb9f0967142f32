// How an account's lists can be asked for: order, members, count, pages.
#pragma once

#include "probe/probe_account.hpp"
#include "probe/probe_finding.hpp"

namespace timesheetd
{

// Where fewer rows than asked for come, later questions ask for no more.
Finding probe_page_cap(ProbeAccount& account);
Finding probe_order_by_id(ProbeAccount& account, const ProbeList& people);
Finding probe_select_slash_keys(ProbeAccount& account, const ProbeList& people);
Finding probe_count(ProbeAccount& account, const ProbeList& people);

// Whether ids rise as text does, or as SQL Server sorts them: by their last six bytes first.
bool rises_by_id(const std::vector<Guid>& ids);

} // namespace timesheetd
