#pragma once

#include "api/collection.hpp"
#include "organisation/truth.hpp"
#include "personality/personality.hpp"

#include <map>
#include <shared_mutex>
#include <string>

namespace fake
{

// Every resource the fake serves, under its admin name: the path's own, but TrackingPeople for
// the People of the time-tracking host.
class Store
{
  public:
    // Time entries read as `personality` has it; it must outlive the store.
    Store(const Organisation& organisation, const Truth& truth, const Personality& personality);

    // The collection behind an admin name; null when there is none.
    Collection* by_name(const std::string& name);

    // The admin name behind host and resource of an API path; empty when nothing is served there.
    std::string name_of(const std::string& host, const std::string& resource) const;

    // Removes a person and everything of theirs for good; false when there is nothing of them.
    bool erase_person(const Guid& person);

    // To be called when the personality changed.
    void personality_changed();

    // Held shared while answering, exclusively while changing objects or the personality.
    std::shared_mutex& mutex() { return mutex_; }

  private:
    std::map<std::string, Collection> collections_;
    std::shared_mutex mutex_;
};

} // namespace fake
