#include "commands/replay.hpp"

#include "postgres/database.hpp"
#include "postgres/migrations.hpp"
#include "postgres/pass_lock.hpp"
#include "postgres/session_pooling.hpp"
#include "process/log.hpp"
#include "text/thousands.hpp"

namespace timesheetd
{

void replay(const Configuration& configuration)
{
    Database database(configuration.text("DATABASE_URL"));
    require_current_schema(database);
    check_session_pooling(database, configuration.text("DATABASE_URL"));
    PassLock lock(database, configuration.text("DATABASE_URL"), LockOf::ingest);
    Rows rows = database.query("SELECT timesheet.replay()");
    log::info("replay finished: {} entries rebuilt from the raw events",
              thousands(rows.number(0, 0)));
}

} // namespace timesheetd
