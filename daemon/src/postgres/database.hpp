// One connection to PostgreSQL. Parameters travel apart from the SQL, as text.
#pragma once

#include <chrono>
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "postgres/pq_prelude.hpp"
#include "postgres/text_array.hpp"
#include "process/failure.hpp"
#include "process/log.hpp"

namespace timesheetd
{

struct DatabaseError : Failure {
    DatabaseError(const std::string& text, const std::string& state)
        : Failure(text), sqlstate(state)
    {
    }

    // Whether no connection could be made, or it was lost: the server is gone, or ends or starts.
    bool is_unreachable() const;

    std::string sqlstate; // "" where the server said nothing
};

class Rows
{
  public:
    explicit Rows(PqResult result) : result_(std::move(result)) {}

    int count() const { return PQntuples(result_.get()); }
    bool is_null(int row, int column) const { return PQgetisnull(result_.get(), row, column); }
    std::string text(int row, int column) const { return PQgetvalue(result_.get(), row, column); }
    long long number(int row, int column) const;
    bool boolean(int row, int column) const { return text(row, column) == "t"; }

  private:
    PqResult result_;
};

// Text, null for NULL, or an array; it must outlive the call.
struct Parameter {
    Parameter(const char* text) : data(text) {}
    Parameter(const std::string& text) : data(text.c_str()) {}
    Parameter(TextArray& array)
        : data(array.bytes().data()), size(static_cast<int>(array.bytes().size())), is_binary(1)
    {
    }

    const char* data;
    int size = 0; // of binary data; text ends with a NUL
    int is_binary = 0;
};
using Parameters = std::vector<Parameter>;

// A connection that is made while the caller does something else.
class Connecting
{
  public:
    Connecting(const std::string& url, const std::string& application);

  private:
    friend class Database;
    std::string url_;
    std::future<PqConnection> connection_;
};

class Database
{
  public:
    // Connects. Throws DatabaseError saying where to, without the password. The server's list of
    // sessions shows `application`, unless the URL names another.
    explicit Database(const std::string& url, const std::string& application = "timesheetd");
    explicit Database(Connecting& connecting);

    // Throws DatabaseError, after ten minutes (or lock_timeout of the URL or role) also for a lock,
    // naming who holds it; LockHeld if that is the lock of a command; Stopped or TimeIsUp if the
    // server cancelled it, as it is asked to when a signal comes or the time limit is reached.
    Rows query(const char* sql, const Parameters& parameters = {});

    // The two halves of query(): the server works between them. Once send() returns, the parameters
    // are not needed any more.
    void send(const char* sql, const Parameters& parameters = {});
    Rows receive();

    // Several statements without parameters; what the last one returns.
    Rows run_script(const char* sql);

    // The session's process, as it was named when connecting; a pooler names one that is not the
    // server's.
    int backend_pid_at_connect() const { return PQbackendPID(connection_.get()); }

    // The server's own number of the session's process.
    const std::string& server_process() const { return server_process_; }

    // Throws DatabaseError once the server has ended the session, as far as the socket shows.
    void require_connected();

    // Whether the session is as it was after connecting: nothing is under way in it.
    bool is_idle() const;

    // Of what the server's functions say while they work; debug, unless it is what a person waits
    // for.
    void set_notice_level(log::Level level) { notice_level_ = level; }

    // Undoes what connecting set, for a session that is not ours alone.
    void reset_settings();

    // Whether signals interrupt; not for the last statements after a stop, nor for what must be
    // kept.
    void set_cancellable(bool does) { is_cancellable_ = does; }
    bool is_cancellable() const { return is_cancellable_; }

  private:
    void begin_session();
    void prepare_session();
    Rows await_result();
    void discard_results() noexcept;
    void ask_to_cancel() noexcept;
    void begin_statement();
    void wait_for_answer();
    void check_blockers();
    static void hear(void* database, const PGresult* notice);
    [[noreturn]] void fail(const PGresult* result) const;
    [[noreturn]] void fail_for_lock(const PGresult* result) const;
    std::string place() const;
    bool has_transaction_timeout() const;

    using Clock = std::chrono::steady_clock;

    std::string url_;
    PqConnection connection_;
    std::string server_process_;
    bool is_cancellable_ = true;
    log::Level notice_level_ = log::Level::debug;
    bool has_ended_ = false;    // the server said so
    bool is_cancelled_ = false; // the statement under way was asked to be
    // Of the statement under way: when to look who holds its lock, and what was seen then.
    Clock::time_point next_check_{};
    Clock::duration check_pause_{};
    bool can_check_ = true;
    std::string blockers_;
};

// While it lives neither a signal nor the time limit interrupts.
class Uncancellable
{
  public:
    explicit Uncancellable(Database& database)
        : database_(database), was_cancellable_(database.is_cancellable())
    {
        database_.set_cancellable(false);
    }
    ~Uncancellable() { database_.set_cancellable(was_cancellable_); }
    Uncancellable(const Uncancellable&) = delete;
    Uncancellable& operator=(const Uncancellable&) = delete;

  private:
    Database& database_;
    bool was_cancellable_;
};

// BEGIN … COMMIT around what is done while it lives; ROLLBACK unless commit() was called.
class Transaction
{
  public:
    explicit Transaction(Database& database);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

  private:
    Database& database_;
    bool is_open_ = true;
};

} // namespace timesheetd
