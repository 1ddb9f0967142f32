#pragma once

#include "collection.h"
#include "truth.h"

#include <map>
#include <shared_mutex>
#include <string>

namespace fake
{

/// Every resource the fake serves, under its admin name: the path's own, but TrackingPeople for
/// the People of the time-tracking host.
class Store
{
  public:
    Store(const Organisation& organisation, const Truth& truth);

    /// The collection behind an admin name; null when there is none.
    Collection* by_name(const std::string& name);

    /// The admin name behind host and resource of an API path; empty when nothing is served there.
    std::string name_of(const std::string& host, const std::string& resource) const;

    /// Held shared while answering, exclusively while changing objects.
    std::shared_mutex& mutex() { return mutex_; }

  private:
    std::map<std::string, Collection> collections_;
    std::shared_mutex mutex_;
};

} // namespace fake
