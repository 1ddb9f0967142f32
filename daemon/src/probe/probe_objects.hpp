// What an account shows of archived objects, and of objects that are asked for by id.
#pragma once

#include "probe/probe_account.hpp"
#include "probe/probe_finding.hpp"

namespace timesheetd
{

Finding probe_archived_listed(ProbeAccount& account, const ProbeList& people,
                              const ProbeList& groups, const ProbeList& activities);
Finding probe_id_without_date(ProbeAccount& account);

} // namespace timesheetd
