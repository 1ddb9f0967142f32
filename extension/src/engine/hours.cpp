#include "hours.hpp"

#include <algorithm>

namespace timesheet
{

namespace
{
constexpr size_t kInitialSlots = 1024; // a power of two
constexpr size_t kLatest = 6;

bool matches(const HoursRow& row, Day period, OptionalId client_group, OptionalId activity)
{
    return row.period == period && row.activity == activity && row.client_group == client_group;
}
} // namespace

Hours::Hours() : slots_(kInitialSlots, 0)
{
    rows_.reserve(kInitialSlots / 2);
}

// R10: work and break are summed apart; what no clock-out confirmed is also summed by itself.
void Hours::add_session(Day period, const Session& session)
{
    HoursRow& r = row(period, session.entry->client_group, session.entry->activity);
    const int64_t seconds = session.seconds();
    if (!session.is_work()) {
        r.break_seconds += seconds;
        return;
    }
    r.work_seconds += seconds;
    r.session_count++;
    switch (session.end_reason) {
    case EndReason::missing_clock_out:
        r.incomplete_count++;
        r.unconfirmed_seconds += seconds;
        break;
    case EndReason::auto_clock_out:
    case EndReason::running:
        r.unconfirmed_seconds += seconds;
        break;
    default:
        break;
    }
}

void Hours::add_manual(Day period, OptionalId client_group, OptionalId activity, int64_t seconds)
{
    HoursRow& r = row(period, client_group, activity);
    r.work_seconds += seconds;
    r.manual_seconds += seconds;
}

void Hours::clear()
{
    rows_.clear();
    std::fill(slots_.begin(), slots_.end(), 0);
}

HoursRow& Hours::row(Day period, OptionalId client_group, OptionalId activity)
{
    // An agent's sessions come in order of time, so the row is mostly among the latest ones.
    for (size_t i = rows_.size(), oldest = i - std::min(i, kLatest); i-- > oldest;)
        if (matches(rows_[i], period, client_group, activity))
            return rows_[i];
    size_t slot = slot_of(period, client_group, activity);
    if (slots_[slot] == 0) {
        if (2 * (rows_.size() + 1) > slots_.size()) {
            grow();
            slot = slot_of(period, client_group, activity);
        }
        rows_.push_back({period, client_group, activity, 0, 0, 0, 0, 0, 0});
        slots_[slot] = static_cast<uint32_t>(rows_.size());
    }
    return rows_[slots_[slot] - 1];
}

// The slot that holds this row, or the empty one where it belongs.
size_t Hours::slot_of(Day period, OptionalId client_group, OptionalId activity) const
{
    const size_t mask = slots_.size() - 1;
    uint64_t hash = static_cast<uint64_t>(period) * 0x9E3779B97F4A7C15u;
    hash = (hash ^ static_cast<uint64_t>(activity)) * 0x9E3779B97F4A7C15u;
    hash = (hash ^ static_cast<uint64_t>(client_group)) * 0x9E3779B97F4A7C15u;
    for (size_t slot = hash >> 32 & mask;; slot = (slot + 1) & mask) {
        if (slots_[slot] == 0 || matches(rows_[slots_[slot] - 1], period, client_group, activity))
            return slot;
    }
}

void Hours::grow()
{
    slots_.assign(slots_.size() * 2, 0);
    for (size_t i = 0; i < rows_.size(); i++) {
        const HoursRow& r = rows_[i];
        slots_[slot_of(r.period, r.client_group, r.activity)] = static_cast<uint32_t>(i + 1);
    }
}

} // namespace timesheet
