#include "postgres/database.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>

#include <poll.h>

#include "postgres/database_url.hpp"
#include "postgres/lock_watch.hpp"
#include "process/log.hpp"
#include "process/scrubber.hpp"
#include "process/signals.hpp"
#include "process/systemd_notify.hpp"
#include "process/time_limit.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

namespace
{

constexpr std::chrono::seconds connect_timeout{10};
constexpr std::chrono::seconds min_connect_timeout{2}; // the least that libpq takes
constexpr std::size_t max_quote = 300;
constexpr const char* lock_not_available = "55P03";
constexpr std::chrono::seconds first_check_after{1};
constexpr std::chrono::seconds max_check_pause{60};

// The URL's options, PGOPTIONS and the like, the role, the database and the server have settings:
// none may change what is stored or printed. Nor may they limit the time of a statement: deriving a
// long history may take longer (a signal still ends it). What is looked at after a lock was waited
// for must be the present; a row that a policy hides is an error, not a row less.
struct Setting {
    const char* name;
    const char* value;
};
constexpr Setting settings[] = {{"statement_timeout", "0"},
                                {"jit", "off"}, // compiling takes longer than any of ours
                                {"idle_session_timeout", "0"},
                                {"idle_in_transaction_session_timeout", "0"},
                                {"default_transaction_isolation", "'read committed'"},
                                {"standard_conforming_strings", "on"},
                                {"search_path", "pg_catalog, pg_temp"},
                                {"row_security", "off"},
                                {"timezone", "'UTC'"},
                                {"datestyle", "'ISO, YMD'"},
                                {"intervalstyle", "postgres"},
                                {"timezone_abbreviations", "'Default'"},
                                {"bytea_output", "hex"},
                                {"extra_float_digits", "1"},
                                {"array_nulls", "on"},
                                {"transform_null_equals", "off"},
                                {"quote_all_identifiers", "off"},
                                {"check_function_bodies", "on"},
                                {"exit_on_error", "off"}};

std::string connect_timeout_text()
{
    auto left = time_left();
    auto timeout = left ? std::chrono::ceil<std::chrono::seconds>(*left) : connect_timeout;
    return std::to_string(std::clamp(timeout, min_connect_timeout, connect_timeout).count());
}

// libpq ends its messages with a line end and puts one between several hosts' answers.
std::string one_sentence(const char* message)
{
    std::string text = message ? message : "";
    while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
        text.pop_back();
    return one_line(text, max_quote);
}

std::string field(const PGresult* result, int which)
{
    return one_sentence(PQresultErrorField(result, which));
}

// The SQL functions name the lock they fail for. Those of the others are held by who writes or
// refreshes, by hand too, not by another pass alone.
bool is_lock_of_command(const std::string& table)
{
    return table == "ingest_lock" || table == "digest_lock" || table == "replay_lock" ||
           table == "contacts_lock";
}

void log_notice(const PGresult* result, log::Level level)
{
    std::string severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    bool is_warning = severity == "WARNING" || severity == "FATAL"; // the last message of a session
    log::at(is_warning ? log::Level::warn : level, "PostgreSQL: {}",
            field(result, PG_DIAG_MESSAGE_PRIMARY));
}

std::string remedy(const std::string& sqlstate)
{
    std::string kind = sqlstate.substr(0, 2);
    if (sqlstate == "42501")
        return "give DATABASE_URL a role that may do this, such as the schema's owner";
    if (sqlstate == "25006")
        return "the database is read-only; timesheetd check says why, and what to do";
    if (sqlstate.empty() || kind == "08" || kind == "57")
        return "check that the server runs and can be reached, then start again";
    if (kind == "53")
        return "the server is short of resources; free some, then start again";
    return "see the server's log";
}

std::string connect_remedy(const std::string& message)
{
    if (message.find("authentication failed") != std::string::npos ||
        message.find("no password supplied") != std::string::npos)
        return "check user and password in DATABASE_URL";
    if (message.find("does not exist") != std::string::npos)
        return "check user and database in DATABASE_URL, or create them";
    return "check that the server runs, and host and port in DATABASE_URL";
}

} // namespace

bool DatabaseError::is_unreachable() const
{
    // 57P01 to 57P03: it shuts down, restarts after a crash, or does not take connections yet.
    return sqlstate.empty() || sqlstate.substr(0, 2) == "08" || sqlstate.substr(0, 4) == "57P0";
}

long long Rows::number(int row, int column) const
{
    std::string digits = text(row, column);
    long long number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

namespace
{

PqConnection connected(const std::string& url, const std::string& application)
{
    // What comes before dbname, the URL may override; what comes after, it may not.
    // A server that is gone without closing the connection is noticed within a minute or so.
    std::string timeout = connect_timeout_text();
    std::string authorities = database_authorities(url);
    std::vector<const char*> keywords = {"connect_timeout",  "application_name",
                                         "keepalives_idle",  "keepalives_interval",
                                         "keepalives_count", "tcp_user_timeout"};
    std::vector<const char*> values = {timeout.c_str(), application.c_str(), "30", "10", "3",
                                       "60000"};
    if (!authorities.empty()) {
        keywords.push_back("sslrootcert");
        values.push_back(authorities.c_str());
    }
    keywords.insert(keywords.end(), {"dbname", "client_encoding", nullptr});
    values.insert(values.end(), {url.c_str(), "UTF8", nullptr});
    return PqConnection(PQconnectdbParams(keywords.data(), values.data(), 1));
}

// A signal is for the thread that waits.
class BlockedSignals
{
  public:
    BlockedSignals()
    {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    BlockedSignals(const BlockedSignals&) = delete;
    BlockedSignals& operator=(const BlockedSignals&) = delete;

  private:
    sigset_t before_;
};

} // namespace

Connecting::Connecting(const std::string& url, const std::string& application) : url_(url)
{
    BlockedSignals in_the_new_thread;
    connection_ = std::async(std::launch::async, connected, url, application);
}

Database::Database(const std::string& url, const std::string& application)
    : url_(url), connection_(connected(url, application))
{
    begin_session();
}

Database::Database(Connecting& connecting)
    : url_(connecting.url_), connection_(connecting.connection_.get())
{
    begin_session();
}

void Database::begin_session()
{
    if (!connection_)
        throw DatabaseError("libpq has no memory for a connection", "");
    // Also one from PGPASSWORD, a password file or a service file.
    if (const char* password = PQpass(connection_.get()))
        scrubber().hide("database password", password);
    if (PQstatus(connection_.get()) != CONNECTION_OK) {
        std::string message = one_sentence(PQerrorMessage(connection_.get()));
        throw DatabaseError(fmt::format("cannot connect to PostgreSQL at {}: {}; {}", place(),
                                        message, connect_remedy(message)),
                            "");
    }
    PQsetNoticeReceiver(connection_.get(), hear, this);
    prepare_session();
}

// In one round trip, as it is done for each connection of each pass.
void Database::prepare_session()
{
    std::string script;
    for (const Setting& setting : settings)
        script += fmt::format("SET {} = {};", setting.name, setting.value);
    if (has_transaction_timeout())
        script += "SET transaction_timeout = 0;";
    // What was committed must survive a crash of the server: an e-mail is sent only after its
    // attempt is stored.
    script += "SELECT pg_catalog.set_config('synchronous_commit', 'on', false) WHERE "
              "pg_catalog.current_setting('synchronous_commit') = 'off';";
    // But no lock is waited for endlessly: as long as the URL or the role says, or ten minutes.
    script += "SELECT pg_catalog.pg_backend_pid(), pg_catalog.set_config('lock_timeout', "
              "coalesce(nullif(pg_catalog.current_setting('lock_timeout'), '0'), '10min'), false)";
    server_process_ = run_script(script.c_str()).text(0, 0);
}

void Database::reset_settings()
{
    std::string script = "RESET synchronous_commit; RESET lock_timeout;";
    for (const Setting& setting : settings)
        script += fmt::format("RESET {};", setting.name);
    run_script(script.c_str());
    if (has_transaction_timeout())
        run_script("RESET transaction_timeout");
}

bool Database::has_transaction_timeout() const
{
    return PQserverVersion(connection_.get()) >= 170000;
}

Rows Database::query(const char* sql, const Parameters& parameters)
{
    send(sql, parameters);
    return receive();
}

void Database::send(const char* sql, const Parameters& parameters)
{
    begin_statement();
    std::vector<const char*> values;
    std::vector<int> sizes;
    std::vector<int> formats;
    for (const Parameter& p : parameters) {
        values.push_back(p.data);
        sizes.push_back(p.size);
        formats.push_back(p.is_binary);
    }
    if (!PQsendQueryParams(connection_.get(), sql, static_cast<int>(values.size()), nullptr,
                           values.data(), sizes.data(), formats.data(), 0))
        fail(nullptr);
}

Rows Database::receive()
{
    return await_result();
}

Rows Database::run_script(const char* sql)
{
    begin_statement();
    if (!PQsendQuery(connection_.get(), sql))
        fail(nullptr);
    return await_result();
}

void Database::begin_statement()
{
    discard_results();
    blockers_.clear();
    is_cancelled_ = false;
    check_pause_ = first_check_after;
    next_check_ = Clock::now() + check_pause_;
}

// The last result of what was sent, or the first error among them. What was done before the server
// could cancel it is done: its result counts, and what follows finds the stop.
Rows Database::await_result()
{
    PqResult last;
    PqResult error;
    for (;;) {
        wait_for_answer();
        PqResult result(PQgetResult(connection_.get()));
        if (!result)
            break;
        ExecStatusType status = PQresultStatus(result.get());
        if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
            last = std::move(result);
        else if (!error)
            error = std::move(result);
    }
    if (error && is_cancelled_)
        check_stop();
    if (error)
        fail(error.get());
    if (!last)
        fail(nullptr);
    return Rows(std::move(last));
}

// Ends what is under way: by waiting for it, or after a stop by asking the server to cancel it.
void Database::discard_results() noexcept
{
    if (stop_requested() && PQtransactionStatus(connection_.get()) == PQTRANS_ACTIVE)
        ask_to_cancel();
    while (PqResult result{PQgetResult(connection_.get())})
        ;
}

void Database::ask_to_cancel() noexcept
{
    char reason[256];
    if (PqCancel cancel{PQgetCancel(connection_.get())})
        PQcancel(cancel.get(), reason, sizeof reason);
    is_cancelled_ = true;
}

void Database::wait_for_answer()
{
    // Short, so that a signal that came just before poll() is noticed soon.
    constexpr int look_every_ms = 200;
    while (PQisBusy(connection_.get())) {
        notify_watchdog();
        if (is_cancellable_ && !is_cancelled_ && stop_requested())
            ask_to_cancel();
        pollfd socket{PQsocket(connection_.get()), POLLIN, 0};
        int ready = poll(&socket, 1, look_every_ms);
        if (ready < 0 && errno != EINTR)
            fail(nullptr);
        if (ready > 0 && !PQconsumeInput(connection_.get()))
            fail(nullptr);
        if (ready == 0 && can_check_ && Clock::now() >= next_check_)
            check_blockers();
    }
}

// Who holds the lock can only be seen while the statement waits. If that fails, it is not tried
// again: no statement is to wait for it.
void Database::check_blockers()
{
    std::optional<std::string> seen = blockers_of(url_, server_process_);
    can_check_ = seen.has_value();
    if (seen && blockers_.empty() && !seen->empty())
        log::warn("waiting for a lock, held by {}", *seen);
    blockers_ = seen.value_or("");
    check_pause_ = std::min<Clock::duration>(2 * check_pause_, max_check_pause);
    next_check_ = Clock::now() + check_pause_;
}

void Database::hear(void* database, const PGresult* notice)
{
    auto* self = static_cast<Database*>(database);
    self->has_ended_ |= field(notice, PG_DIAG_SEVERITY_NONLOCALIZED) == "FATAL";
    // Our functions name the holder of the lock themselves.
    if (field(notice, PG_DIAG_SQLSTATE) == lock_not_available)
        self->next_check_ = Clock::time_point::max();
    log_notice(notice, self->notice_level_);
}

void Database::require_connected()
{
    // Its last message comes first, and the end of the stream with the next read.
    pollfd socket{PQsocket(connection_.get()), POLLIN, 0};
    do {
        bool is_read = PQconsumeInput(connection_.get());
        PQisBusy(connection_.get()); // hears them
        if (!is_read || has_ended_ || PQstatus(connection_.get()) != CONNECTION_OK)
            fail(nullptr);
    } while (poll(&socket, 1, 0) > 0);
}

bool Database::is_idle() const
{
    return PQstatus(connection_.get()) == CONNECTION_OK &&
           PQtransactionStatus(connection_.get()) == PQTRANS_IDLE && !has_ended_;
}

void Database::fail(const PGresult* result) const
{
    // No DETAIL or CONTEXT: they may quote what was stored.
    std::string sqlstate = result ? field(result, PG_DIAG_SQLSTATE) : "";
    if (sqlstate == lock_not_available)
        fail_for_lock(result);
    std::string message = result ? field(result, PG_DIAG_MESSAGE_PRIMARY) : "";
    if (message.empty())
        message = one_sentence(PQerrorMessage(connection_.get()));
    std::string hint = result ? field(result, PG_DIAG_MESSAGE_HINT) : "";
    if (hint.empty())
        hint = remedy(sqlstate);
    // Whose DETAIL names objects and nothing else. Never CASCADE: they are not ours.
    constexpr const char* dependent_objects_still_exist = "2BP01";
    if (sqlstate == dependent_objects_still_exist) {
        message += ": " + field(result, PG_DIAG_MESSAGE_DETAIL);
        hint = "drop those, run this again, then create them again";
    }
    throw DatabaseError(fmt::format("PostgreSQL at {}: {}{}; {}", place(), message,
                                    sqlstate.empty() ? "" : " (" + sqlstate + ")", hint),
                        sqlstate);
}

void Database::fail_for_lock(const PGresult* result) const
{
    std::string lock = field(result, PG_DIAG_TABLE_NAME);
    std::string hint = field(result, PG_DIAG_MESSAGE_HINT);
    if (hint.empty())
        hint = blockers_.empty()
                   ? "another transaction holds a lock; end it or wait for it, then try again"
                   : fmt::format("the lock is held by {}; end that or wait for it, then try again",
                                 blockers_);
    std::string text =
        fmt::format("PostgreSQL at {}: {} ({}); {}", place(),
                    field(result, PG_DIAG_MESSAGE_PRIMARY), lock_not_available, hint);
    if (is_lock_of_command(lock))
        throw LockHeld(text);
    throw DatabaseError(text, lock_not_available);
}

std::string Database::place() const
{
    auto known = [](const char* text) { return text && *text ? text : "?"; };
    return fmt::format("{}:{}/{} as {}", known(PQhost(connection_.get())),
                       known(PQport(connection_.get())), known(PQdb(connection_.get())),
                       known(PQuser(connection_.get())));
}

Transaction::Transaction(Database& database) : database_(database)
{
    // Not the role's default: what is looked at after a lock was waited for must be the present.
    database_.query("BEGIN ISOLATION LEVEL READ COMMITTED");
}

Transaction::~Transaction()
{
    if (!is_open_)
        return;
    try {
        database_.query("ROLLBACK");
    } catch (const std::exception& e) {
        // The server rolls back when the connection ends.
        log::debug("ROLLBACK: {}", e.what());
    }
}

void Transaction::commit()
{
    is_open_ = false;
    database_.query("COMMIT");
}

} // namespace timesheetd
