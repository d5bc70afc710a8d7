// Coroutines, so that a command which makes many DOS calls reads from top to bottom although each call runs in the
// guest.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace dyn86::dos::shell {

// A caution: g++ 12 destroys the temporaries of a conditional expression, and of an aggregate in braces, twice when
// they stand in an awaited expression. Strings that come from one are given a name first.

/// Starts when it is awaited (or resumed by its owner), and goes on with its awaiter when it ends.
template <typename T>
class Task;

namespace detail {

struct PromiseBase {
    std::coroutine_handle<> awaiter;

    struct Final {
        static bool await_ready() noexcept { return false; }
        template <typename Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) noexcept {
            const std::coroutine_handle<> next = ended.promise().awaiter;
            return next ? next : std::noop_coroutine();
        }
        static void await_resume() noexcept {}
    };
    static std::suspend_always initial_suspend() noexcept { return {}; }
    static Final final_suspend() noexcept { return {}; }
    [[noreturn]] static void unhandled_exception() noexcept { std::terminate(); }  // nothing throws
};

template <typename T>
struct Promise : PromiseBase {
    std::optional<T> value;
    Task<T> get_return_object();
    template <typename U>
    void return_value(U&& result) {
        value.emplace(std::forward<U>(result));
    }
    T take() { return std::move(*value); }
};

template <>
struct Promise<void> : PromiseBase {
    Task<void> get_return_object();
    static void return_void() noexcept {}
    static void take() noexcept {}
};

}  // namespace detail

template <typename T = void>
class [[nodiscard]] Task {
public:
    using promise_type = detail::Promise<T>;
    using Handle = std::coroutine_handle<promise_type>;

    Task() = default;
    explicit Task(Handle handle) : handle_(handle) {}
    Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
    Task& operator=(Task&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~Task() {
        if (handle_) handle_.destroy();
    }

    [[nodiscard]] bool exists() const { return bool(handle_); }
    [[nodiscard]] bool has_ended() const { return handle_.done(); }
    void start() { handle_.resume(); }
    T result() { return handle_.promise().take(); }

    // --- as an awaitable
    static bool await_ready() noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiter) noexcept {
        handle_.promise().awaiter = awaiter;
        return handle_;
    }
    T await_resume() { return handle_.promise().take(); }

private:
    Handle handle_;
};

namespace detail {

template <typename T>
Task<T> Promise<T>::get_return_object() {
    return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}
inline Task<void> Promise<void>::get_return_object() {
    return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

}  // namespace detail

}  // namespace dyn86::dos::shell
