#include <cstring>

#include "../engine/entry.hpp"
#include "guard.hpp"

namespace timesheet::server
{

Failure current_failure() noexcept
{
    Failure failure;
    failure.text[0] = '\0';
    try {
        throw;
    } catch (const ServerError& e) {
        failure.kind = Failure::server;
        failure.error = e.error;
    } catch (const UserError& e) {
        failure.kind = Failure::user;
        failure.user_error = e;
    } catch (const OutOfRange& e) {
        failure.kind = Failure::user;
        failure.user_error = {ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, e.message,
                              "Look for absurd lengths in timesheet.hour_entries and for workdays "
                              "in timesheet.time_entries that end long before their entries."};
    } catch (const std::bad_alloc&) {
        failure.kind = Failure::no_memory;
    } catch (const std::exception& e) {
        failure.kind = Failure::unknown;
        strlcpy(failure.text, e.what(), sizeof failure.text);
    } catch (...) {
        failure.kind = Failure::unknown;
        strlcpy(failure.text, "an exception that is no std::exception", sizeof failure.text);
    }
    return failure;
}

void report(const Failure& failure)
{
    switch (failure.kind) {
    case Failure::none:
        return;
    case Failure::server:
        ReThrowError(failure.error);
        break;
    case Failure::user:
        ereport(ERROR,
                (errcode(failure.user_error.sqlstate), errmsg("%s", failure.user_error.message),
                 errhint("%s", failure.user_error.hint)));
        break;
    case Failure::no_memory:
        ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory"),
                        errdetail("The session engine could not allocate.")));
        break;
    case Failure::unknown:
        ereport(
            ERROR,
            (errcode(ERRCODE_INTERNAL_ERROR), errmsg("session engine failed: %s", failure.text),
             errhint(
                 "Run SELECT timesheet.use_engine('sql') to go on without it, and report this.")));
    }
}

} // namespace timesheet::server
