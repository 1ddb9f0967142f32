#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fake
{

// One way in which requests misbehave.
struct Fault {
    enum class Action { status, close, cut, truncate, malform, slow, body };

    std::string path_contains;
    // Matching requests still let through.
    long long skip = 0;
    // Matching requests still to be spoiled.
    long long times = 1;
    Action action = Action::status;
    int status = 500;
    std::vector<std::pair<std::string, std::string>> headers;
    std::optional<std::string> body;
    double seconds = 0;
};

// Reads a fault from admin JSON; throws std::runtime_error naming what is wrong.
Fault parse_fault(std::string_view json);

// The faults in waiting, first come, first served.
class Faults
{
  public:
    void add(Fault fault);
    void clear();

    // The fault that applies to a request, if any; counts the request in every fault it matches.
    std::optional<Fault> take(const std::string& target);

    // What is left, as a JSON array of path_contains, skip, times.
    std::string json() const;

  private:
    mutable std::mutex mutex_;
    std::vector<Fault> faults_;
};

} // namespace fake
