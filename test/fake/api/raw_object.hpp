#pragma once

#include "api/schema.hpp"
#include "values/json_text.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace fake
{

// One object kept as the JSON text it is served as, readable or not.
class RawObject
{
  public:
    // Throws std::runtime_error, saying why, when the text is no JSON object.
    explicit RawObject(std::string text);

    const std::string& text() const { return *text_; }

    // Its "id", when that is a GUID.
    const std::optional<Guid>& id() const { return id_; }

    // One property as its type; unreadable when missing, null where it must not be, or malformed.
    Value value(const Property& property) const;

    // Appends the chosen members, their values unchanged; missing ones are left out.
    void append_selected(std::string& out, const Schema& schema,
                         const std::vector<int>& selected) const;

    // The same object with members overwritten or added.
    RawObject with(const std::vector<JsonMember>& changes) const;

  private:
    struct Member {
        JsonMember json;
        std::string decoded;
    };
    const Member* find(std::string_view name) const;

    // On the heap, so that views into it survive moves.
    std::shared_ptr<const std::string> text_;
    std::vector<Member> members_;
    std::optional<Guid> id_;
};

} // namespace fake
