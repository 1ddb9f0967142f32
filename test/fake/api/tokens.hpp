#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace fake
{

// Issues bearer tokens that expire and can be revoked.
class Tokens
{
  public:
    Tokens(std::uint64_t seed, std::chrono::seconds lifetime) : seed_(seed), lifetime_(lifetime) {}

    std::chrono::seconds lifetime() const { return lifetime_; }

    // A token that is new: the n-th is always the same for one seed.
    std::string issue();
    bool is_valid(const std::string& token);
    void revoke_all();

  private:
    using Clock = std::chrono::steady_clock;

    std::uint64_t seed_;
    std::chrono::seconds lifetime_;
    std::mutex mutex_;
    std::uint64_t issued_ = 0;
    std::map<std::string, Clock::time_point> expiry_;
};

} // namespace fake
