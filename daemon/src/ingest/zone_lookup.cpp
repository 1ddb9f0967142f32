#include "ingest/zone_lookup.hpp"
#include "process/log.hpp"

#include <algorithm>

namespace timesheetd
{

namespace
{

// In one pass. Of those whose zone is known only a change is at stake.
constexpr std::size_t max_unknown = 100;
constexpr std::size_t max_known = 20;

// One of the two hosts that may know zones. Once it refuses a question, it is asked no more.
class ZoneSource
{
  public:
    ZoneSource(IdQuestions& questions, RunStore& store, Resource resource)
        : questions_(questions), store_(store), resource_(std::move(resource))
    {
    }

    // Whether an answer came that says which zones the person has.
    bool names_zones(const Guid& id)
    {
        if (has_refused_)
            return false;
        try {
            std::optional<Page> page = questions_.find_by_any(resource_, id);
            if (!page || !page->names_members)
                return false;
            store_.store_page(resource_.stored_as, *page);
            return true;
        } catch (const Unproven& e) {
            log::info("{}: {}", resource_.stored_as, e.what());
            has_refused_ = true;
            return false;
        }
    }

  private:
    IdQuestions& questions_;
    RunStore& store_;
    Resource resource_;
    bool has_refused_ = false;
};

} // namespace

void look_up_zones(IdQuestions& questions, RunStore& store, ZoneMemory& memory,
                   const Resource& tracked, const std::vector<Guid>& people,
                   const std::vector<Guid>& with_zones, KnownZones known_zones)
{
    std::vector<PersonWithoutZones> missing = store.people_without_zones(people, with_zones);
    memory.set_listed(with_zones);
    const ZoneMemory::Clock::time_point now = ZoneMemory::Clock::now();
    ZoneSource time_tracking(questions, store, tracked);
    ZoneSource workspace(questions, store, people_with_zones());
    std::size_t known = 0, unknown = 0, unanswered = 0;
    for (const PersonWithoutZones& person : missing) {
        if (person.has_zone) {
            if (known_zones == KnownZones::ask && ++known <= max_known)
                time_tracking.names_zones(person.id);
        } else if (!memory.is_due(person.id, now)) {
            ++unanswered;
        } else if (++unknown <= max_unknown && !time_tracking.names_zones(person.id) &&
                   !workspace.names_zones(person.id)) {
            memory.asked_in_vain(person.id, now);
            ++unanswered;
        }
    }
    if (unanswered > 0 && memory.warns_first("not listed"))
        log::warn(
            "{}: {} people are not listed, nor does Jibble name their time zone when asked "
            "for them by id; the organisation's is used. If they work in another zone, set it "
            "with timesheet.set_working_time()",
            tracked.stored_as, unanswered);
}

} // namespace timesheetd
