// The states of a delivery, a digest or another e-mail, and into which one an attempt's answer
// brings it.
//
//                  ┌───── retry; not the e-mail's fault: returned, the attempt not counted ─────┐
//                  ▼                                                                          │
//   (due) ──▶ ┌────────┐  begin_attempt()   ┌─────────┐  accepted                             │
//             │ queued │ ─────────────────▶ │ sending │ ─────────────────▶ sent               │
//             └────────┘                    └─────────┘                                       │
//               │    │                        │ │ │ │ ────────────────────────────────────────┘
//               │    │ contact removed        │ │ │ └── refused, the e-mail's or the recipient's
//               │    ▼ or older than 8 days   │ │ │     fault ──────────────▶ failed
//               │  failed                     │ │ │
//               │                             │ │ └──── unexplained: failed if another e-mail was
//               │                             │ │       accepted in this pass, else returned
//               │                             │ └────── indeterminate, and the provider recognises
//               │                             │         a repeated key ─────▶ queued, marked
//               │                             └──────── indeterminate, and it does not ─▶ in_doubt
//               │
//               └── returned as unexplained in this pass, and now another is accepted ──▶ failed
//
// Returned (timesheet.return_delivery()): not tried again in this pass; the next pass tries first
// what was not tried yet, then what was tried longest ago. What a pass that died has returned is
// queued like all others.
//
// Marked: an attempt may have been accepted. From then on, what would be failed is in_doubt, and so
// is what the provider's idempotency window no longer covers (timesheet.end_attempt(),
// timesheet.recover_deliveries()). A delivery that is found in the state sending was left by a
// process that died: recover_deliveries() treats it as indeterminate. Out of in_doubt a person
// leads, by timesheet.resolve_delivery(): to sent or to failed.
#pragma once

#include <chrono>
#include <string>

#include "digest/mail_provider.hpp"

namespace timesheetd
{

// Those in which an attempt can leave a delivery.
enum class DeliveryState { queued, sent, failed, in_doubt };

// As timesheet.outgoing_emails has it.
const char* to_text(DeliveryState state);

// What an answer means for its delivery and for those that are still queued.
struct AttemptEnd {
    DeliveryState state = DeliveryState::queued;
    bool is_indeterminate = false; // the provider may have accepted it
    bool is_counted = true; // as an attempt; false: back to the queue as if it had not been made
    // Every other would end the same: the pass is over.
    bool ends_pass = false;
    // Nothing is sent for so long, and why; 0: the others need not wait.
    std::chrono::milliseconds pause_of_all{};
    std::string pause_reason = "";
};

// `recognises_repeats`: the provider sends nothing twice that has the same key. `max_wait`: what is
// to wait longer is left to a later pass. `accepted_others`: an e-mail was accepted in this pass.
AttemptEnd after_attempt(const MailAnswer& answer, bool recognises_repeats,
                         std::chrono::milliseconds max_wait, bool accepted_others = false);

} // namespace timesheetd
