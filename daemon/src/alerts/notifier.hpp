// What a pass ends with: alerts follow the database's state, and those who are to hear of them do.
//
//   update_alerts() ──▶ queue, a message a kind and way ──▶ webhook ──▶ e-mails ──▶ done
//                         ▲                                                │
//                         └── once more where one way failed, so that ─────┘
//                             the others hear of it in the same pass
#pragma once

#include "configuration/configuration.hpp"

namespace timesheetd
{

// Raises and resolves alerts, and sends what is due of them and of the morning briefing. Never
// fails: what goes wrong is logged, and the next pass tries again. Nothing is begun after a signal,
// nor where the time limit leaves no time for it.
void send_notifications(const Configuration& configuration);

} // namespace timesheetd
