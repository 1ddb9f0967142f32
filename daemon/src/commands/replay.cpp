#include "commands/replay.hpp"

#include "postgres/database.hpp"
#include "postgres/migrations.hpp"
#include "postgres/pass_lock.hpp"
#include "postgres/session_pooling.hpp"
#include "process/log.hpp"

namespace timesheetd
{

void replay(const Configuration& configuration)
{
    Database database(configuration.text("DATABASE_URL"));
    require_current_schema(database);
    check_session_pooling(database, configuration.text("DATABASE_URL"));
    PassLock lock(database, configuration.text("DATABASE_URL"), LockOf::replay);
    lock.require_held();
    // The server ends the step under way soon after we are gone, and starts no other.
    database.run_script("SET client_connection_check_interval = '1s'");
    database.set_notice_level(log::Level::info);
    log::info("replay: each step counts; if it is ended, the next call goes on");
    database.query("CALL timesheet.replay_in_steps()");
    log::info("replay finished: all entries are rebuilt from the raw events");
}

} // namespace timesheetd
