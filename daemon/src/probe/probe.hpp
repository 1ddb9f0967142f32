// The command `probe`: how an account answers all that is unproven about Jibble.
#pragma once

#include "configuration/configuration.hpp"

namespace timesheetd
{

enum class ProbeFormat { text, json };

// Needs the variables JIBBLE_… alone, reads only, and prints no names. Prints what it found. Throws
// Failure if hours would not be exact, or Jibble cannot be reached.
void probe(const Configuration& configuration, ProbeFormat format);

} // namespace timesheetd
