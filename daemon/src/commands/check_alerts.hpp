// The part of timesheetd check that is about who is informed of trouble.
#pragma once

#include "commands/check_report.hpp"
#include "configuration/configuration.hpp"
#include "postgres/database.hpp"

namespace timesheetd
{

// By which ways trouble is reported, and which of them fail. `database`: null where there is none
// that can be asked.
void check_alerts(const Configuration& configuration, Database* database, CheckReport& report);

// Sends a test message by each way, with a line for what came back. A way that works is recorded as
// working in the database, if there is one.
void send_test_messages(const Configuration& configuration, Database* database,
                        CheckReport& report);

} // namespace timesheetd
