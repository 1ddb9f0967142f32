// The database's side of a run: the few SQL functions that timesheetd calls.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jibble/calendar.hpp"
#include "jibble/page.hpp"
#include "postgres/database.hpp"
#include "postgres/pass_lock.hpp"
#include "text/guid.hpp"

namespace timesheetd
{

struct RunResult {
    long long inserted = 0;
    long long changed = 0;
    long long deleted = 0;
    long long rejected = 0;
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

// An entry that the window should show and does not.
struct MissingEntry {
    Guid id;
    std::optional<Guid> person;
    bool is_dated;
    bool is_held; // its person was found deleted, and it is kept
};

// Of a list. Those that only an entry or a person names have no description yet.
struct MissingObject {
    Guid id;
    bool is_described;
};

// A person that the workspace lists and the list of zones lacks.
struct PersonWithoutZones {
    Guid id;
    bool has_zone; // it is known from before which, or that there is none
};

struct UnknownObject {
    std::string resource;
    Guid id;
};

// A person whose entries are held back, on any day.
struct HeldPerson {
    Guid id;
    bool is_not_shown; // the key may have lost the right to read them
};

struct HeldDeletion {
    Guid id;
    std::optional<Guid> person;
    const char* reason; // as timesheet.held_deletions has them
};

// What entries or people name and no answer has described.
std::vector<UnknownObject> unknown_objects(Database& database);

class RunStore
{
  public:
    // Opens the run, of a window of days or of none; `deriving_run` is one that is still being
    // derived, or null. Stores nothing any more once `lock` is lost: throws Failure.
    RunStore(Database& database, PassLock& lock, const char* command, std::optional<Window> window,
             const RunStore* deriving_run);

    const std::string& run() const { return run_; }
    Window window() const { return window_.value(); }

    // Sends a page; the server stores it while the caller goes on, or says first what of it is not
    // stored yet, as mostly nothing is. An error of one page comes out of the next call.
    void store_page(const char* resource, const Page& page);
    // Of what belongs into the run's window, the live entries that are not among those seen.
    std::vector<MissingEntry> missing_entries(const char* resource, const std::vector<Guid>& seen);
    // Of these people, those who have an entry among those seen.
    std::vector<Guid> people_shown(const std::vector<Guid>& seen, const std::vector<Guid>& people);
    std::size_t count_people_shown(const std::vector<Guid>& seen);
    std::vector<HeldPerson> people_held();
    // A few entries outside the window that are known to exist, of the person or of any person.
    std::vector<Guid> witness_entries(const char* resource, const std::optional<Guid>& person);
    // Of what is known of a list, the objects that are not among those seen.
    std::vector<MissingObject> missing_objects(const char* resource, const std::vector<Guid>& seen);
    // Of the people listed, those that are not among those with zones; the unknown ones first.
    std::vector<PersonWithoutZones> people_without_zones(const std::vector<Guid>& listed,
                                                         const std::vector<Guid>& with_zones);
    std::vector<UnknownObject> unknown_objects();
    // Keeps that these objects were found deleted.
    void store_tombstones(const char* resource, const std::vector<Guid>& deleted);
    // Says what is held back of the window or list, and releases what was and is not among it.
    // Returns how many of the resource are held in all.
    std::size_t hold_deletions(const char* resource, const std::vector<HeldDeletion>& held);
    // Rows stored so far, once all pages sent are stored.
    long long wait_until_stored();
    // Everything is stored: what is stored from now on belongs to the next run.
    void seal();
    // Lets the server derive the tables and close the run on this connection, while the caller goes
    // on; finish() waits for that. With an error the run is closed as failed, but derived.
    void start_finishing(Database& deriver, const std::string& error);
    RunResult finish();
    // Derives some of what is sealed, in a transaction of its own; false once finishing can do the
    // rest.
    bool derive_step();
    // Closes the run as failed, or as cut where nothing failed; says so in the log if even that
    // fails.
    void close_after(const std::exception& e) noexcept;
    void fail(const std::string& error) noexcept;
    // The first `most` objects that were kept but rejected.
    RunProblems problems(int most);

  private:
    // A page whose rows the server compares, and which is kept until it has said what is new.
    struct ComparedPage {
        std::string resource;
        RowTexts texts;
    };

    void send_page(const char* resource, const RowTexts& texts,
                   const std::vector<std::size_t>& rows);
    void store_changed(const ComparedPage& page, const std::string& changed);
    bool is_repeated(const char* resource, const RowTexts& texts);
    void close(const char* sql, const std::string& reason) noexcept;

    Database& database_;
    PassLock& lock_;
    Database* deriver_ = nullptr;
    std::optional<Window> window_;
    std::string run_;
    bool is_storing_ = false;
    std::optional<ComparedPage> compared_; // the page on its way, if it is one
    bool compares_first_;                  // whether the first page of a resource is
    bool compares_ = false;                // whether the next page of resource_ is
    std::string resource_, last_text_;     // of the page before
    bool has_held_deletions_ = false;
    // Of what the server need not look at, to be counted in the end.
    int uncounted_pages_ = 0;
    long long uncounted_rows_ = 0;
    long long rows_ = 0;
};

} // namespace timesheetd
