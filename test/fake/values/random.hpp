#pragma once

#include <cstdint>
#include <string_view>

namespace fake
{

// splitmix64: fixed by its definition, unlike the standard library's distributions.
class Random
{
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next();

    // 0 ≤ result < bound; bound must be positive.
    std::uint64_t below(std::uint64_t bound);

    // low ≤ result ≤ high.
    std::int64_t between(std::int64_t low, std::int64_t high);

    // True `per_mille` times of 1000.
    bool chance(unsigned per_mille) { return below(1000) < per_mille; }

  private:
    std::uint64_t state_;
};

// Scrambles a number; distinct inputs stay distinct.
std::uint64_t mix(std::uint64_t value);

// An independent generator for each purpose and object, so that drawing more in one place
// changes nothing in another.
Random stream(std::uint64_t seed, std::string_view purpose, std::uint64_t a = 0,
              std::uint64_t b = 0);

} // namespace fake
