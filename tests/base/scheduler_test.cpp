#include "src/base/scheduler.h"

#include <gtest/gtest.h>

#include <string>

namespace dyn86 {

TEST(Scheduler, FiresDueEventsInOrderOfTime) {
    ManualClock clock;
    Scheduler scheduler{clock};
    std::string order;
    const auto late = scheduler.add("late", [&] { order += 'l'; });
    const auto early = scheduler.add("early", [&] { order += 'e'; });
    scheduler.schedule(late, Ticks{20});
    scheduler.schedule(early, Ticks{10});
    scheduler.run_due();
    EXPECT_EQ(order, "");
    clock.advance(Ticks{25});
    scheduler.run_due();
    EXPECT_EQ(order, "el");
    EXPECT_EQ(scheduler.next(), Ticks::never());
}

TEST(Scheduler, EventMayScheduleItselfAgain) {
    ManualClock clock;
    Scheduler scheduler{clock};
    int fired = 0;
    Scheduler::Event event = 0;
    event = scheduler.add("periodic", [&] {
        ++fired;
        scheduler.schedule(event, clock.now() + Ticks{10});
    });
    scheduler.schedule(event, Ticks{5});
    clock.advance(Ticks{7});
    scheduler.run_due();
    EXPECT_EQ(fired, 1);
    EXPECT_EQ(scheduler.next(), Ticks{17});
}

TEST(Scheduler, SaysWhenTheNextEventMovedEarlier) {
    ManualClock clock;
    Scheduler scheduler{clock};
    int told = 0;
    scheduler.on_earlier([&] { ++told; });
    const auto event = scheduler.add("e", [] {});
    scheduler.schedule(event, Ticks{50});
    scheduler.schedule(event, Ticks{60});
    EXPECT_EQ(told, 1);
    scheduler.schedule(event, Ticks{10});
    EXPECT_EQ(told, 2);
}

}  // namespace dyn86
