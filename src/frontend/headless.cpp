#include "src/frontend/display.h"

#include <thread>

namespace dyn86::frontend {

Display::Input Headless::wait(HostDuration timeout) {
    if (timeout > HostDuration::zero()) std::this_thread::sleep_for(timeout);
    return {};
}

}  // namespace dyn86::frontend
