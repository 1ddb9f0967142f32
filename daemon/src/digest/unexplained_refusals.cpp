#include "digest/unexplained_refusals.hpp"

namespace timesheetd
{

void UnexplainedRefusals::add(const std::string& delivery, const std::string& error)
{
    ++in_a_row_;
    last_error_ = error;
    if (!has_accepted_)
        waiting_.push_back(delivery);
}

void UnexplainedRefusals::accept()
{
    has_accepted_ = true;
    in_a_row_ = 0;
    waiting_.clear();
}

} // namespace timesheetd
