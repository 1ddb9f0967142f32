#pragma once

#include "api/compact_rows.hpp"
#include "organisation/time_entry.hpp"
#include "personality/personality.hpp"

namespace fake
{

const Schema& time_entry_schema();

// Serves recorded time entries as Jibble's TimeEntry objects.
class TimeEntryRows : public CompactRows
{
  public:
    // `personality` decides how they read, and must outlive the rows.
    TimeEntryRows(const Organisation& organisation, std::vector<TimeEntry> entries,
                  const Personality& personality);

    std::size_t size() const override { return entries_.size(); }
    Guid id(std::size_t row) const override { return entries_[row].id; }
    Value value(std::size_t row, int property) const override;
    void append_value(std::string& out, std::size_t row, int property) const override;
    std::vector<std::uint32_t> rows_between(Days first, Days last) const override;

  private:
    Value what_happened(const TimeEntry& entry, int field) const;
    Value neighbour(std::uint32_t index) const;
    void append_instant(std::string& out, const TimeEntry& entry, int field, Micros instant) const;
    void append_platform(std::string& out, const TimeEntry& entry) const;

    const Organisation& org_;
    const Personality& personality_;
    std::vector<TimeEntry> entries_;
    // Rows sorted by belongsToDate; bucket d - first_date_ starts at date_starts_[d -
    // first_date_].
    std::vector<std::uint32_t> by_date_;
    std::vector<std::uint32_t> date_starts_;
    Days first_date_ = 0;
};

} // namespace fake
