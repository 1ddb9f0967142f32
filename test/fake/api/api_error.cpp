#include "api/api_error.hpp"

#include "values/json_writer.hpp"

namespace fake
{

std::string error_body(const ApiError& error)
{
    std::string body = "{\"error\":{\"code\":";
    append_json_string(body, error.code);
    body += ",\"message\":";
    append_json_string(body, error.message);
    body += ",\"innererror\":{\"trace\":["
            "\"at Jibble.Api.Controllers.ODataController.Get(ODataQueryOptions options)\","
            "\"at Jibble.Api.Middleware.ExceptionMiddleware.Invoke(HttpContext context)\"]}}}";
    return body;
}

} // namespace fake
