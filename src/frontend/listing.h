// --list-blocks: what was translated into what, guest code beside host code, the most work first.
#pragma once

#include "src/dyn86.h"
#include "src/frontend/listing_api.h"

#include <string>
#include <vector>

namespace dyn86::frontend {

class Listing {
public:
    /// Opens the module that reads host code.
    static Result<Listing> open();
    [[nodiscard]] std::string text(std::vector<TranslatedBlock> blocks) const;

private:
    explicit Listing(const ListingApi& api) : api_(&api) {}
    const ListingApi* api_;
};

}  // namespace dyn86::frontend
