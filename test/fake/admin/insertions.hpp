#pragma once

#include "api/raw_object.hpp"

#include <mutex>
#include <string>
#include <vector>

namespace fake
{

// Objects that appear while a client is paging.
class Insertions
{
  public:
    // `object` appears right before the answer to the request after the next `after_requests`.
    void add(std::string resource, long long after_requests, RawObject object);

    // Counts a request of a resource; the objects due before its answer.
    std::vector<RawObject> take(const std::string& resource);

  private:
    struct Waiting {
        std::string resource;
        long long requests;
        RawObject object;
    };
    std::mutex mutex_;
    std::vector<Waiting> waiting_;
};

} // namespace fake
