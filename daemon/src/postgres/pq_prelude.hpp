// libpq, wrapped once: handles that free themselves.
#pragma once

#include <memory>

#include <libpq-fe.h>

namespace timesheetd
{

struct PqDeleter {
    void operator()(PGconn* connection) const { PQfinish(connection); }
    void operator()(PGresult* result) const { PQclear(result); }
    void operator()(PGcancel* cancel) const { PQfreeCancel(cancel); }
    void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
    void operator()(char* text) const { PQfreemem(text); }
};

using PqConnection = std::unique_ptr<PGconn, PqDeleter>;
using PqResult = std::unique_ptr<PGresult, PqDeleter>;
using PqCancel = std::unique_ptr<PGcancel, PqDeleter>;
using PqOptions = std::unique_ptr<PQconninfoOption, PqDeleter>;
using PqText = std::unique_ptr<char, PqDeleter>;

} // namespace timesheetd
