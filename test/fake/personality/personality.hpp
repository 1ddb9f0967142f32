#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fake
{

// How the fake answers where there is no proof of how Jibble does: a switch for each such question,
// whose first position is the fake's own default.
//
// The truth document is the same in every position. What entries say changes by three switches:
// - activity_after_break: `repeated` gives the In that ends a break the activity that its person
//   chose. `none` leaves it out where the person goes on with what was done before the break, so
//   that R8's carried_on counts as the truth does; another activity is chosen by an In of its own
//   right and stays, as does one on a later workday than the work before the break.
// - break_end_type: `EndBreak` is a type of its own in place of that In; the truth counts work.
// - seventh_digit: `any` writes seven fractional digits, the first six of which are the truth's.
struct Personality {
    enum class IdOrder : std::uint8_t { as_asked, refused_400, refused_500 };
    enum class SlashKeys : std::uint8_t { honoured, refused_400, refused_500, left_out };
    enum class Zones : std::uint8_t { honoured, refused_400 };
    enum class Count : std::uint8_t { given, missing, refused_400 };
    enum class PageCap : std::uint8_t { at_1000, at_100, at_50, refused_above_100 };
    enum class Entries500 : std::uint8_t { never, with_count, large_pages };
    // Of objects that are removed or archived: in lists, only where their id is asked for, nowhere.
    enum class Shown : std::uint8_t { listed, by_id, gone };
    enum class Undated : std::uint8_t { found, empty };
    enum class AfterBreak : std::uint8_t { repeated, none };
    enum class BreakEnd : std::uint8_t { in, end_break };
    enum class Midnight : std::uint8_t { whole, split };
    enum class Envelope : std::uint8_t { object, array };
    enum class Durations : std::uint8_t { plain, fractional, days };
    enum class Included : std::uint8_t { with, without };
    enum class Deductions : std::uint8_t { without, with };
    enum class PersonIds : std::uint8_t { repeated, single };
    enum class SeventhDigit : std::uint8_t { never, any };
    // Of one object asked for in the path, "Groups(id)".
    enum class ByKey : std::uint8_t { not_served, served };

    IdOrder id_order{};
    SlashKeys select_slash_keys{};
    Zones people_time_zones{};
    Count count{};
    PageCap page_cap{};
    Entries500 entries_500{};
    Shown removed_people{};
    Shown archived_groups{};
    Shown archived_activities{};
    Shown archived_entries{};
    Undated entries_without_date{};
    AfterBreak activity_after_break{};
    BreakEnd break_end_type{};
    Midnight summary_midnight{};
    Envelope summary_envelope{};
    Durations summary_durations{};
    Included tracked_hour_entries{};
    Deductions tracked_deductions{};
    PersonIds person_ids{};
    SeventhDigit seventh_digit{};
    ByKey object_by_key{};

    // Moves the switches that a JSON object names, {"count": "missing"}, all of them or none.
    // Throws std::runtime_error that names a wrong switch or position and the possible ones.
    void move(std::string_view json);

    // Every switch and its position, as a JSON object.
    std::string json() const;

    // Every switch and its possible positions, the default first, as a JSON object.
    static std::string switches_json();

    // The most rows of a page.
    std::size_t max_rows() const;
};

} // namespace fake
