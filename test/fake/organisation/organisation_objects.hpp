#pragma once

#include "api/raw_object.hpp"
#include "organisation/truth.hpp"

#include <vector>

namespace fake
{

const Schema& organization_schema();
const Schema& person_schema();
const Schema& group_schema();
const Schema& activity_schema();
const Schema& schedule_schema();
// The People of the time-tracking host: fewer properties, other names for the zones.
const Schema& tracking_person_schema();
const Schema& hour_entry_schema();

std::vector<RawObject> organization_objects(const Organisation& organisation);
std::vector<RawObject> person_objects(const Organisation& organisation);
std::vector<RawObject> group_objects(const Organisation& organisation);
std::vector<RawObject> activity_objects(const Organisation& organisation);
std::vector<RawObject> schedule_objects(const Organisation& organisation);
std::vector<RawObject> tracking_person_objects(const Organisation& organisation);
std::vector<RawObject> hour_entry_objects(const Organisation& organisation, const Truth& truth);

} // namespace fake
