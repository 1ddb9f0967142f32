// The database's side of a run: the few SQL functions that timesheetd calls.
#pragma once

#include <string>
#include <vector>

#include "calendar.hpp"
#include "database.hpp"
#include "guid.hpp"
#include "pass_lock.hpp"
#include "text_array.hpp"

namespace timesheetd
{

struct RunResult {
    long long fresh = 0;
    long long changed = 0;
    long long deleted = 0;
    long long not_understood = 0;
};

struct RunProblem {
    std::string resource;
    std::string jibble_id; // "" if it has none
    std::string raw_event_id;
    std::string problem;
};

struct RunProblems {
    std::vector<RunProblem> first;
    long long more = 0; // beyond the first ones
};

class RunStore
{
  public:
    // Opens the run; `beside` is one that is still being derived, or null. Stores nothing any more
    // once `lock` is lost: throws Failure.
    RunStore(Database& database, PassLock& lock, const char* command, Window window,
             const RunStore* beside);

    const std::string& run() const { return run_; }

    // Sends a page; the server stores it while the caller goes on. An error of one page comes out
    // of the next call.
    void store_page(const char* resource, TextArray& ids, TextArray& payloads);
    // Of what Jibble dates in the run's window, the live entries that are not among those seen.
    std::vector<Guid> unseen(const char* resource, const std::vector<Guid>& seen);
    // How many live entries Jibble dates in the run's window.
    std::size_t held(const char* resource);
    // Keeps that these entries were found gone.
    void store_tombstones(const char* resource, const std::vector<Guid>& gone);
    // Rows stored so far, once all pages sent are stored.
    long long wait_until_stored();
    // Everything is stored: what is stored from now on belongs to the next run.
    void seal();
    // Lets the server derive the tables and close the run on this connection, while the caller goes
    // on; finish() waits for that.
    void start_finishing(Database& deriver);
    RunResult finish();
    // Closes the run as failed; says so in the log if even that fails.
    void fail(const std::string& error) noexcept;
    // The first `most` objects that were kept but not understood.
    RunProblems problems(int most);

  private:
    Database& database_;
    PassLock& lock_;
    Database* deriver_ = nullptr;
    Window window_;
    std::string run_;
    bool is_storing_ = false;
    long long rows_ = 0;
};

} // namespace timesheetd
