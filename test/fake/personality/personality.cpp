#include "personality/personality.hpp"

#include "values/json_text.hpp"
#include "values/json_writer.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace fake
{

namespace
{

struct Definition {
    std::string name;
    // In the order of the enumeration.
    std::vector<std::string> positions;
    std::size_t (*get)(const Personality&);
    void (*set)(Personality&, std::size_t);
};

template <auto Member>
Definition define(std::string name, std::vector<std::string> positions)
{
    return {std::move(name), std::move(positions),
            [](const Personality& it) { return static_cast<std::size_t>(it.*Member); },
            [](Personality& it, std::size_t position) {
                using Position = std::remove_reference_t<decltype(it.*Member)>;
                it.*Member = static_cast<Position>(position);
            }};
}

const std::vector<Definition>& definitions()
{
    using P = Personality;
    static const std::vector<Definition> all{
        define<&P::id_order>("id_order", {"as_asked", "refused_400", "refused_500"}),
        define<&P::select_slash_keys>("select_slash_keys",
                                      {"honoured", "refused_400", "refused_500", "left_out"}),
        define<&P::people_time_zones>("people_time_zones", {"honoured", "refused_400"}),
        define<&P::count>("count", {"given", "missing", "refused_400"}),
        define<&P::page_cap>("page_cap", {"1000", "100", "50", "refused_above_100"}),
        define<&P::entries_500>("entries_500", {"never", "with_count", "large_pages"}),
        define<&P::removed_people>("removed_people", {"listed", "by_id", "gone"}),
        define<&P::archived_groups>("archived_groups", {"listed", "by_id", "gone"}),
        define<&P::archived_activities>("archived_activities", {"listed", "by_id", "gone"}),
        define<&P::archived_entries>("archived_entries", {"listed", "by_id", "gone"}),
        define<&P::entries_without_date>("entries_without_date", {"found", "empty"}),
        define<&P::activity_after_break>("activity_after_break", {"repeated", "none"}),
        define<&P::break_end_type>("break_end_type", {"In", "EndBreak"}),
        define<&P::summary_midnight>("summary_midnight", {"whole", "split"}),
        define<&P::summary_envelope>("summary_envelope", {"object", "array"}),
        define<&P::summary_durations>("summary_durations", {"plain", "fractional", "days"}),
        define<&P::tracked_hour_entries>("tracked_hour_entries", {"with", "without"}),
        define<&P::tracked_deductions>("tracked_deductions", {"without", "with"}),
        define<&P::person_ids>("person_ids", {"repeated", "single"}),
        define<&P::seventh_digit>("seventh_digit", {"never", "any"}),
        define<&P::object_by_key>("object_by_key", {"not_served", "served"}),
    };
    return all;
}

// "a, b or c"
template <class Items, class NameOf>
std::string listed(const Items& items, NameOf name_of)
{
    std::string out;
    for (std::size_t i = 0; i < items.size(); ++i)
        out += (i == 0 ? "" : i + 1 == items.size() ? " or " : ", ") + name_of(items[i]);
    return out;
}

const Definition& definition(const std::string& name)
{
    const auto& all = definitions();
    auto found = std::find_if(all.begin(), all.end(),
                              [&](const Definition& known) { return known.name == name; });
    if (found == all.end())
        throw std::runtime_error("unknown switch \"" + name + "\": it must be " +
                                 listed(all, [](const Definition& known) { return known.name; }));
    return *found;
}

std::size_t position(const Definition& definition, std::string_view raw)
{
    // A number may be without quotes: {"page_cap": 100}.
    std::string text = decode_json_string(raw).value_or(std::string(raw));
    const auto& positions = definition.positions;
    auto found = std::find(positions.begin(), positions.end(), text);
    if (found == positions.end())
        throw std::runtime_error(definition.name + " cannot be " + std::string(raw) +
                                 ": it must be " +
                                 listed(positions, [](const std::string& known) { return known; }));
    return static_cast<std::size_t>(found - positions.begin());
}

} // namespace

void Personality::move(std::string_view json)
{
    std::string error;
    auto members = scan_json_object(json, error);
    if (!members)
        throw std::runtime_error(
            "a personality is a JSON object such as {\"count\":\"missing\"}: " + error);
    Personality moved = *this;
    for (const JsonMember& member : *members) {
        const Definition& found = definition(member.name);
        found.set(moved, position(found, member.raw_value));
    }
    *this = moved;
}

std::string Personality::json() const
{
    JsonObject object;
    for (const Definition& known : definitions())
        object.text(known.name, known.positions[known.get(*this)]);
    return object.finish();
}

std::string Personality::switches_json()
{
    JsonObject object;
    for (const Definition& known : definitions()) {
        std::string positions = "[";
        for (const std::string& position : known.positions) {
            positions += positions.size() == 1 ? "" : ",";
            append_json_string(positions, position);
        }
        object.raw(known.name, positions + "]");
    }
    return object.finish();
}

std::size_t Personality::max_rows() const
{
    switch (page_cap) {
    case PageCap::at_1000:
    case PageCap::refused_above_100: // What is larger never gets this far.
        return 1000;
    case PageCap::at_100:
        return 100;
    case PageCap::at_50:
        break;
    }
    return 50;
}

} // namespace fake
