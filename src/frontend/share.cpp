#include "src/frontend/share.h"

namespace dyn86::frontend {

Result<std::unique_ptr<Share>> Share::open(const Settings& settings) {
    auto folder = ShareFolder::create(settings.name, settings.taken);
    if (!folder) return std::unexpected(folder.error());
    auto publisher = SharePublisher::create(folder->files(), settings.title);
    if (!publisher) return std::unexpected(publisher.error());
    auto control = ControlServer::open(folder->files().control(), settings.code_page, settings.wait_limit);
    if (!control) return std::unexpected(control.error());
    return std::unique_ptr<Share>(new Share(std::move(*folder), std::move(*publisher), std::move(*control)));
}

}  // namespace dyn86::frontend
