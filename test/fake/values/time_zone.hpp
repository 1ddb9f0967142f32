#pragma once

#include "values/instant.hpp"

#include <string>
#include <vector>

namespace fake
{

// One zone of the system's tz database; reading one is safe from any thread once loaded.
class TimeZone
{
  public:
    // Reads the compiled file of an IANA name; throws std::runtime_error when it cannot.
    explicit TimeZone(const std::string& name);

    const std::string& name() const { return name_; }

    // Seconds east of UTC at an instant.
    int offset_at(Micros instant) const;

    Micros to_local(Micros instant) const { return instant + offset_at(instant) * seconds; }

    // The instant of a local clock reading: the first of two, the later side of a skipped hour.
    Micros to_utc(Micros local) const;

    // Instants in [from, until) at which the offset changes.
    std::vector<Micros> changes(Micros from, Micros until) const;

  private:
    struct Change {
        Micros at;
        int offset;
    };

    void append_footer_rules(const std::string& footer);

    std::string name_;
    int first_offset_ = 0;
    std::vector<Change> changes_;
};

} // namespace fake
