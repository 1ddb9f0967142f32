#include "digest/delivery_state.hpp"

namespace timesheetd
{

namespace
{

constexpr std::chrono::hours quota_pause{24};
constexpr std::chrono::hours doubt_pause{1}; // one e-mail in doubt an hour is enough

AttemptEnd pass_ended(std::chrono::milliseconds pause, const std::string& reason)
{
    AttemptEnd end;
    end.ends_pass = true;
    end.pause_of_all = pause;
    end.pause_reason = reason;
    return end;
}

} // namespace

const char* to_text(DeliveryState state)
{
    switch (state) {
    case DeliveryState::queued:
        return "queued";
    case DeliveryState::sent:
        return "sent";
    case DeliveryState::failed:
        return "failed";
    case DeliveryState::in_doubt:
        break;
    }
    return "in_doubt";
}

AttemptEnd after_attempt(const MailAnswer& answer, bool recognises_repeats,
                         std::chrono::milliseconds max_wait, bool accepted_others)
{
    AttemptEnd end;
    switch (answer.outcome) {
    case Outcome::accepted:
        end.state = DeliveryState::sent;
        return end;
    case Outcome::refused:
        end.state = DeliveryState::failed;
        return end;
    case Outcome::unexplained:
        end.state = accepted_others ? DeliveryState::failed : DeliveryState::queued;
        end.is_counted = accepted_others;
        return end;
    case Outcome::misconfigured:
        end.ends_pass = true;
        end.is_counted = false;
        return end;
    case Outcome::quota_exceeded:
        end = pass_ended(answer.wait.count() > 0 ? answer.wait : quota_pause, answer.error);
        end.is_counted = false;
        return end;
    case Outcome::retry:
    case Outcome::indeterminate:
        break;
    }
    bool is_indeterminate = answer.outcome == Outcome::indeterminate;
    if (is_indeterminate && !recognises_repeats) {
        end = pass_ended(doubt_pause, "waiting, because it is not known whether the e-mail before "
                                      "it was accepted");
        end.state = DeliveryState::in_doubt;
    } else if (answer.wait > max_wait) {
        end = pass_ended(answer.wait, answer.error);
    }
    end.is_indeterminate = is_indeterminate;
    return end;
}

} // namespace timesheetd
