#include "commands/metrics.hpp"

#include "postgres/database.hpp"
#include "postgres/migrations.hpp"
#include "process/standard_streams.hpp"

namespace timesheetd
{

void metrics(const Configuration& configuration)
{
    Database database(configuration.text("DATABASE_URL"));
    require_readable_schema(database);
    print_output(database.query("SELECT timesheet.openmetrics()").text(0, 0));
}

} // namespace timesheetd
