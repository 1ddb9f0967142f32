#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fake
{

// The given names and surnames of one region's people.
struct NamePool {
    std::vector<std::string_view> given;
    std::vector<std::string_view> family;
};

const NamePool& filipino_names();
const NamePool& spanish_names();
const NamePool& american_names();
const NamePool& british_names();
const NamePool& indian_names();

// One invented company: its full name, a short one for activities, and a code.
struct ClientName {
    std::string_view name;
    std::string_view brief;
    std::string_view code;
};

// The 26 client companies, A to Z.
const std::vector<ClientName>& client_names();

// Activities every client may use.
const std::vector<std::string_view>& shared_activity_names();

// Tasks from which each client's own activities are chosen.
const std::vector<std::string_view>& client_task_names();

// "Niño José O'Hara-Peña" → "nino.jose.ohara-pena": what is left for an e-mail address.
std::string ascii_local_part(std::string_view name);

} // namespace fake
