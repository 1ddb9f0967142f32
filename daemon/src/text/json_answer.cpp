#include "text/json_answer.hpp"

#include <fmt/format.h>

namespace timesheetd
{

namespace
{

// Between the reader and the document: counts, and stops the reader at a bound.
class BoundedHandler
{
  public:
    BoundedHandler(rapidjson::Document& document, const JsonBounds& bounds)
        : document_(document), bounds_(bounds)
    {
    }

    bool Null() { return counted() && document_.Null(); }
    bool Bool(bool b) { return counted() && document_.Bool(b); }
    bool Int(int i) { return counted() && document_.Int(i); }
    bool Uint(unsigned i) { return counted() && document_.Uint(i); }
    bool Int64(int64_t i) { return counted() && document_.Int64(i); }
    bool Uint64(uint64_t i) { return counted() && document_.Uint64(i); }
    bool Double(double d) { return counted() && document_.Double(d); }
    bool RawNumber(const char* text, rapidjson::SizeType length, bool copy)
    {
        return counted() && document_.RawNumber(text, length, copy);
    }
    bool String(const char* text, rapidjson::SizeType length, bool copy)
    {
        return counted() && document_.String(text, length, copy);
    }
    bool Key(const char* text, rapidjson::SizeType length, bool copy)
    {
        return counted() && document_.Key(text, length, copy);
    }
    bool StartObject() { return counted() && deeper() && document_.StartObject(); }
    bool StartArray() { return counted() && deeper() && document_.StartArray(); }
    bool EndObject(rapidjson::SizeType count)
    {
        --depth_;
        return document_.EndObject(count);
    }
    bool EndArray(rapidjson::SizeType count)
    {
        --depth_;
        return document_.EndArray(count);
    }

    std::string exceeded() const
    {
        if (depth_ > bounds_.depth)
            return fmt::format("the JSON is nested more than {} deep", bounds_.depth);
        return fmt::format("the JSON has more than {} values", bounds_.values);
    }

  private:
    bool counted() { return ++values_ <= bounds_.values; }
    bool deeper() { return ++depth_ <= bounds_.depth; }

    rapidjson::Document& document_;
    const JsonBounds& bounds_;
    std::size_t depth_ = 0;
    std::size_t values_ = 0;
};

} // namespace

JsonProblem parse_json(rapidjson::Document& document, std::string_view text,
                       const JsonBounds& bounds)
{
    if (text.size() > bounds.bytes)
        return {fmt::format("it has {} bytes, and at most {} are read", text.size(), bounds.bytes),
                true};
    JsonProblem problem;
    auto generate = [&](rapidjson::Document& target) {
        BoundedHandler handler(target, bounds);
        rapidjson::MemoryStream stream(text.data(), text.size());
        rapidjson::Reader reader;
        // Iterative: nesting must not use up the call stack before the bound is met.
        auto result = reader.Parse<rapidjson::kParseIterativeFlag>(stream, handler);
        if (result.Code() == rapidjson::kParseErrorTermination)
            problem = {handler.exceeded(), true};
        else if (result.IsError())
            problem.text = fmt::format("not JSON: {} at byte {} of {}",
                                       rapidjson::GetParseError_En(result.Code()), result.Offset(),
                                       text.size());
        return problem.empty();
    };
    document.Populate(generate);
    return problem;
}

JsonProblem parse_json_object(rapidjson::Document& document, std::string_view text,
                              const JsonBounds& bounds)
{
    JsonProblem problem = parse_json(document, text, bounds);
    if (problem.empty() && !document.IsObject())
        return {"it is not a JSON object"};
    return problem;
}

} // namespace timesheetd
