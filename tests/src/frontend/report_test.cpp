#include "src/frontend/report.h"

#include <gtest/gtest.h>

namespace dyn86::frontend {
namespace {

Ending ended(Reason reason, u8 errorlevel = 0, int signal = 0) {
    return {{.reason = reason, .errorlevel = errorlevel, .message = {}}, signal};
}

TEST(Report, ExitStatusFollowsTheContract) {
    EXPECT_EQ(exit_status(ended(Reason::Exit, 42)), 42);
    EXPECT_EQ(exit_status(ended(Reason::Tsr, 3)), 3);
    EXPECT_EQ(exit_status(ended(Reason::Quit)), 0);
    EXPECT_EQ(exit_status(ended(Reason::Timeout)), 124);
    EXPECT_EQ(exit_status(ended(Reason::WaitFailed, 7)), 124);
    EXPECT_EQ(exit_status(ended(Reason::CpuFault)), 125);
    EXPECT_EQ(exit_status(ended(Reason::EmulatorError)), 125);
    EXPECT_EQ(exit_status(ended(Reason::Signal, 0, 15)), 143);
    EXPECT_EQ(exit_status(Error{"", ErrorKind::Usage}), 2);
    EXPECT_EQ(exit_status(Error{"", ErrorKind::Failed}), 125);
    EXPECT_EQ(exit_status(Error{"", ErrorKind::NotAProgram}), 126);
    EXPECT_EQ(exit_status(Error{"", ErrorKind::NotFound}), 127);
}

TEST(Report, StatusFileIsOneJsonObject) {
    MachineStats stats;
    stats.guest_time = Ticks::from_ms(1'500);
    stats.instructions = 12'345;
    EXPECT_EQ(
        status_json(ended(Reason::WaitFailed, 7), stats),
        "{\"reason\": \"wait-failed\", \"errorlevel\": 7, \"virtual_seconds\": 1.500000, \"instructions\": 12345}\n");
}

}  // namespace
}  // namespace dyn86::frontend
