// What `probe` reads of an account to judge by: lists without names, and the entries of some days.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "jibble/calendar.hpp"
#include "probe/probe_client.hpp"
#include "probe/probe_entry.hpp"

namespace timesheetd
{

// A list of people, groups or activities: which there are, and whether it has archived ones.
struct ProbeList {
    std::string why_not;      // where it could not be read; then nothing else here means anything
    bool is_complete = false; // it was read to its end
    std::set<Guid> ids;
    std::size_t archived = 0;
    std::set<Guid> groups; // that people are in
};

using QueryOptions = std::vector<std::pair<const char*, std::string>>;
// "$top=100&$filter=id%20eq%20…"
std::string query_string(const QueryOptions& options);
// "2 entries", "1 entry"
std::string counted(std::size_t number, const char* one, const char* many);

class ProbeAccount
{
  public:
    explicit ProbeAccount(ProbeClient& jibble) : jibble_(jibble) {}

    ProbeClient& jibble() { return jibble_; }

    // The first entries of the last days in which there are any: they are the window's first.
    void read_recent_entries();
    Window window() const { return window_; }
    // "belongsToDate ge … and belongsToDate le …"
    std::string in_window() const { return dates("belongsToDate", window_); }
    static std::string dates(const char* member, Window window);
    // Why there is no entry to judge by; "" if there is.
    const std::string& why_no_entries() const { return why_no_entries_; }
    const ProbeEntries& entries() const { return entries_; }
    void add_entries(const ProbeAnswer& answer);
    // How many entries are of a type that the daemon does not know.
    std::size_t unknown_types() const { return unknown_types_; }

    // All of one person's entries in the window. Returns why they could not all be read; "" if they
    // were.
    std::string read_person(const Guid& person, Window window, ProbeEntries& into);
    // All entries of a few people in close_window(), of those who work at night first.
    void read_some_people();
    Window close_window() const;
    // Those whose entries in it were all read.
    const std::vector<Guid>& closely_read() const { return closely_read_; }
    // Why there are none.
    const std::string& why_nobody() const { return why_nobody_; }

    ProbeList read_list(JibbleHost host, const char* resource, const char* select);

    void read_hour_entries();
    const std::string& why_no_hour_entries() const { return why_no_hour_entries_; }
    const std::vector<ProbeHourEntry>& hour_entries() const { return hour_entries_; }

    // Jibble was found to give no more rows than this in a page.
    void cap_pages(std::size_t rows);
    std::size_t page_rows() const { return page_rows_; }

  private:
    std::vector<Guid> night_workers_first(const ProbeEntries& clock_outs) const;

    using EachRow = std::function<void(const rapidjson::Value&)>;
    // Page by page. Returns why it could not be read to its end; "" if it was.
    std::string read_pages(JibbleHost host, const char* resource, QueryOptions options,
                           const char* label, int max_pages, const EachRow& each);

    ProbeClient& jibble_;
    Window window_{};
    ProbeEntries entries_;
    std::string why_no_entries_;
    std::size_t unknown_types_ = 0;
    std::vector<Guid> closely_read_;
    std::string why_nobody_;
    std::vector<ProbeHourEntry> hour_entries_;
    std::string why_no_hour_entries_;
    std::size_t page_rows_ = 100; // fewer than any known cap
};

} // namespace timesheetd
