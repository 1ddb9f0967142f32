#pragma once

#include <string>

namespace fake
{

// What an API request is refused with.
struct ApiError {
    int status;
    std::string code;
    std::string message;
};

// A 400 about the query options.
inline ApiError bad_query(std::string message)
{
    return {400, "invalid_query",
            "The query specified in the URI is not valid. " + std::move(message)};
}

// Jibble's error body: an envelope whose trace is a stack dump not to be kept.
std::string error_body(const ApiError& error);

} // namespace fake
