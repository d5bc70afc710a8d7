// The table of INT 21h functions: families register what they do, the kernel calls it.
#pragma once

#include "src/dos/frame.h"

#include <array>
#include <functional>
#include <utility>

namespace dyn86::dos {

class Functions {
public:
    /// Answers at once, or sets Caller::waits and leaves it to the function's task.
    using Handler = std::function<void(Caller&)>;
    /// One step of a long call; Action::Continue asks for the next step once the pending text is out.
    using Task = std::function<Action(Frame&)>;

    void on(u8 number, Handler handler) { handlers_[number] = std::move(handler); }
    void on(u8 number, Handler handler, Task task) {
        on(number, std::move(handler));
        tasks_[number] = std::move(task);
    }
    [[nodiscard]] const Handler& handler(u8 number) const { return handlers_[number]; }
    [[nodiscard]] const Task& task(u8 number) const { return tasks_[number]; }

private:
    std::array<Handler, 256> handlers_;
    std::array<Task, 256> tasks_;
};

}  // namespace dyn86::dos
