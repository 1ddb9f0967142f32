#include "values/random.hpp"

namespace fake
{

std::uint64_t mix(std::uint64_t value)
{
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31);
}

std::uint64_t Random::next()
{
    state_ += 0x9e3779b97f4a7c15ULL;
    return mix(state_);
}

std::uint64_t Random::below(std::uint64_t bound)
{
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(next()) * bound) >> 64);
}

std::int64_t Random::between(std::int64_t low, std::int64_t high)
{
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
}

Random stream(std::uint64_t seed, std::string_view purpose, std::uint64_t a, std::uint64_t b)
{
    std::uint64_t state = mix(seed + 0x9e3779b97f4a7c15ULL);
    for (char c : purpose)
        state = mix(state ^ static_cast<unsigned char>(c)) + 0x9e3779b97f4a7c15ULL;
    state = mix(state ^ a) + 0x9e3779b97f4a7c15ULL;
    state = mix(state ^ b) + 0x9e3779b97f4a7c15ULL;
    return Random(state);
}

} // namespace fake
