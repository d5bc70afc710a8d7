// --share: what makes a machine visible to other processes, all together.
#pragma once

#include "src/frontend/control_server.h"
#include "src/frontend/share_folder.h"
#include "src/frontend/share_publisher.h"

#include <memory>

namespace dyn86::frontend {

class Share {
public:
    struct Settings {
        std::string name;
        ShareFolder::Taken taken = ShareFolder::Taken::Refuse;  // when a machine of that name runs
        std::string title = {};
        u16 code_page = 437;
        Ticks wait_limit = {};
    };
    static Result<std::unique_ptr<Share>> open(const Settings& settings);

    [[nodiscard]] const std::string& name() const { return folder_.name(); }
    [[nodiscard]] SharePublisher& publisher() { return publisher_; }
    [[nodiscard]] ControlServer& control() { return control_; }

private:
    Share(ShareFolder folder, SharePublisher publisher, ControlServer control)
        : folder_(std::move(folder)), publisher_(std::move(publisher)), control_(std::move(control)) {}
    ShareFolder folder_;
    SharePublisher publisher_;
    ControlServer control_;
};

}  // namespace dyn86::frontend
