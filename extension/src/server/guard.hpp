// The border between two ways of failing. PostgreSQL's errors longjmp and would skip C++
// destructors; a C++ exception that leaves the library would kill the whole server.
//
//   server ──call──▶ run_guarded(body) ──▶ body: C++ objects live here
//                                            │ in_server([&] { SPI…; }): an ereport comes back as ServerError
//                                            ▼
//                                          SPI ──row──▶ callback: from_server([&] { … }): a C++
//                                                       exception comes back as an ereport
//
// Code inside in_server and from_server may itself be left by longjmp: no object with a destructor
// may live in it while it calls the server.
#pragma once

#include <exception>
#include <new>

#include "pg_prelude.hpp"

namespace timesheet::server
{

// An error of the server's on its way through C++ frames, SQLSTATE and all.
struct ServerError {
    ErrorData* error;
};

// An error of our own, with what ereport needs.
struct UserError {
    int sqlstate;
    const char* message;
    const char* hint;
};

// Runs f, which may ereport; throws ServerError instead.
template <class F>
void in_server(F&& f)
{
    MemoryContext caller = CurrentMemoryContext;
    ErrorData* volatile error = nullptr;
    PG_TRY();
    {
        f();
    }
    PG_CATCH();
    {
        MemoryContextSwitchTo(caller);
        error = CopyErrorData();
        FlushErrorState();
    }
    PG_END_TRY();
    if (error)
        throw ServerError{error};
}

// What was thrown, kept plain so that it can be reported when no C++ object is alive any more.
struct Failure {
    enum Kind { none, server, user, no_memory, unknown } kind = none;
    ErrorData* error = nullptr;
    UserError user_error{};
    char text[256];

    Failure() {} // text is left as it is: from_server() makes one of these for every row
};

// Call only inside a catch block: says what was caught.
Failure current_failure() noexcept;

// Raises it as an error of the server.
void report(const Failure& failure);

// Runs f, which may throw; ereports instead, once the stack of f is unwound.
template <class F>
void from_server(F&& f)
{
    Failure failure;
    try {
        f();
        return;
    } catch (...) {
        failure = current_failure();
    }
    report(failure);
}

} // namespace timesheet::server
