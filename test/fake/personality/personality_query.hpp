#pragma once

#include "api/store.hpp"
#include "personality/personality.hpp"

namespace fake
{

// Reads a query of one of the store's collections as the personality has it. Throws ApiError for
// whatever it refuses. The store's mutex must be held.
Query personal_query(const Personality& personality, Store& store, const std::string& name,
                     const Parameters& parameters, std::size_t page_cap);

// Changes a query that was understood into what the personality makes of it, or refuses it.
void apply(const Personality& personality, const Schema& schema, Query& query);

} // namespace fake
