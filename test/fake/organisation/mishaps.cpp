#include "organisation/truth.hpp"
#include "values/random.hpp"

#include <algorithm>

namespace fake
{

namespace
{

class Mishaps
{
  public:
    Mishaps(const Organisation& organisation, Truth& truth)
        : org_(organisation), truth_(truth), random_(stream(organisation.seed, "mishaps"))
    {
        order_.resize(truth.shifts.size());
        for (std::size_t i = 0; i < order_.size(); ++i)
            order_[i] = i;
        for (std::size_t i = order_.size(); i > 1; --i)
            std::swap(order_[i - 1], order_[random_.below(i)]);
    }

    void add()
    {
        std::size_t shifts = truth_.shifts.size();
        std::size_t weeks = static_cast<std::size_t>(truth_.weeks);
        mishap(shifts * 20 / 1000, [this](Shift& shift, Micros) {
            shift.intervals.back().lost_out = true;
            return true;
        });
        mishap(shifts * 15 / 1000, [this](Shift& shift, Micros next) {
            Micros late = shift.end() + random_.between(30 * 60, 180 * 60) * seconds;
            if (late + 2 * hours > next)
                return false;
            shift.intervals.back().end = late - late % seconds;
            shift.intervals.back().auto_out = true;
            return true;
        });
        mishap(weeks * 10 / 12, [](Shift& shift, Micros) {
            auto& intervals = shift.intervals;
            while (!intervals.empty() && !intervals.back().is_break)
                intervals.pop_back();
            if (intervals.empty())
                return false;
            intervals.back().lost_out = true;
            return true;
        });
    }

  private:
    // Tries shifts in random order until `count` of them took the mishap.
    template <class Apply>
    void mishap(std::size_t count, Apply apply)
    {
        for (; count > 0 && next_ < order_.size(); ++next_) {
            std::size_t at = order_[next_];
            Shift& shift = truth_.shifts[at];
            Micros next =
                at + 1 < truth_.shifts.size() && truth_.shifts[at + 1].agent == shift.agent
                    ? truth_.shifts[at + 1].start()
                    : truth_.now;
            if (!is_eligible(shift, next))
                continue;
            Shift changed = shift;
            if (apply(changed, next)) {
                shift = std::move(changed);
                --count;
            }
        }
    }

    // What is missing must be evident: over for a day, and nothing else on its last workday.
    bool is_eligible(const Shift& shift, Micros next) const
    {
        const Person& person = org_.people[shift.agent];
        Micros cutoff = org_.day_cutoff(person.group);
        auto workday = [&](Micros instant) {
            return date_of(person.working_zone().to_local(instant) - cutoff);
        };
        return !shift.clock_change && shift.end() + days < truth_.now &&
               next - shift.end() > 7 * hours && workday(next) > workday(shift.end() - 1);
    }

    const Organisation& org_;
    Truth& truth_;
    Random random_;
    std::vector<std::size_t> order_;
    std::size_t next_ = 0;
};

} // namespace

void add_mishaps(const Organisation& organisation, Truth& truth)
{
    Mishaps(organisation, truth).add();
}

} // namespace fake
