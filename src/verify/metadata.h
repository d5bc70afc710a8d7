// metadata.json of a recorded suite: which flags of which form Intel leaves undefined.
#pragma once

#include "src/base/result.h"
#include "src/base/types.h"

#include <map>
#include <string>

namespace dyn86::verify {

/// What the suite says of its forms ("00", "F7.6").
class Metadata {
public:
    struct Form {
        std::string status;    // normal, alias, undocumented, undefined, prefix, fpu
        u16 defined = 0xFFFF;  // flags that Intel defines
    };

    /// An Error when the file is there but is not such metadata; nothing known of any form when it is absent.
    static Result<Metadata> read(const std::string& path);
    static Result<Metadata> parse(const std::string& text, const std::string& name);

    /// Flags to compare when undefined ones are masked: all of them for a form the file does not name.
    [[nodiscard]] u16 defined_flags(const std::string& form) const;
    [[nodiscard]] const std::map<std::string, Form>& forms() const { return forms_; }

private:
    std::map<std::string, Form> forms_;
};

}  // namespace dyn86::verify
