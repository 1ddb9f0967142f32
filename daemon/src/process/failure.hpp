// What can go wrong, by what it leads to. Every text is one line: the fact, the value, the remedy.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>

namespace timesheetd
{

// Ends the command with exit status 1.
struct Failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A signal asked us to end.
struct Stopped : Failure {
    using Failure::Failure;
};

// Nothing failed, but what is under way ends here: the next call goes on where it ended.
struct Cut : Stopped {
    using Stopped::Stopped;
};

// The time limit of this call leaves no time for more.
struct TimeIsUp : Cut {
    using Cut::Cut;
};

// Another pass holds the lock of this command: exit status 75.
struct LockHeld : Failure {
    using Failure::Failure;
};

// Wrong usage or configuration: exit status 2.
struct WrongUsage : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Worth another attempt, not before `wait` where the other side named a time.
struct TransientFailure : std::runtime_error {
    explicit TransientFailure(const std::string& text, std::chrono::milliseconds least_wait = {},
                              long http_status = 0)
        : std::runtime_error(text), wait(least_wait), status(http_status)
    {
    }

    std::chrono::milliseconds wait;
    long status; // 0 if no answer came, or none that can be read
};

// A request that failed for good, its fact and its remedy apart, for who says more of it.
struct RequestFailure : Failure {
    RequestFailure(long http_status, const std::string& the_fact, const std::string& the_remedy)
        : Failure(the_fact + "; " + the_remedy), status(http_status), fact(the_fact),
          remedy(the_remedy)
    {
    }

    long status; // 0 if no answer came, or none that can be read
    std::string fact;
    std::string remedy;
};

// Every attempt ended in a TransientFailure; this is the last one.
struct LastingFailure : RequestFailure {
    using RequestFailure::RequestFailure;
};

} // namespace timesheetd
