#include "hours.hpp"

#include <algorithm>

namespace timesheet
{

namespace
{
constexpr size_t initial_chains = 1024; // a power of two
}

void throw_out_of_range(const char* message)
{
    throw OutOfRange{message};
}

Hours::Hours() : chains_(initial_chains, Chain{0, 0})
{
    rows_.reserve(initial_chains);
}

void Hours::clear()
{
    rows_.clear();
    std::fill(chains_.begin(), chains_.end(), Chain{0, 0});
    chain_count_ = 0;
    last_chain_ = nullptr;
}

// For the period of last_chain_.
HoursRow& Hours::new_row(Day period, OptionalId client_group, OptionalId activity)
{
    rows_.push_back({period, last_chain_->latest, client_group, activity, 0, 0, 0, 0, 0, 0});
    last_chain_->latest = static_cast<uint32_t>(rows_.size());
    return rows_.back();
}

// The chain of this period, empty if it has no row yet; it then gets one.
Hours::Chain& Hours::chain_of(Day period)
{
    if (2 * (chain_count_ + 1) > chains_.size())
        grow();
    const size_t mask = chains_.size() - 1;
    const uint64_t hash = static_cast<uint64_t>(period) * 0x9E3779B97F4A7C15u;
    for (size_t slot = hash >> 32 & mask;; slot = (slot + 1) & mask) {
        Chain& chain = chains_[slot];
        if (chain.latest == 0) {
            chain.period = period;
            chain_count_++;
            return chain;
        }
        if (chain.period == period)
            return chain;
    }
}

void Hours::grow()
{
    std::vector<Chain> old(chains_.size() * 2, Chain{0, 0});
    old.swap(chains_);
    chain_count_ = 0;
    for (const Chain& chain : old)
        if (chain.latest != 0)
            chain_of(chain.period).latest = chain.latest;
}

} // namespace timesheet
