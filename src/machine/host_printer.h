// A printer whose paper is a file of the host.
#pragma once

#include "devices/parallel.h"
#include "src/base/result.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dyn86 {

class HostPrinter final : public Printer {
public:
    /// Writes `path` anew.
    static Result<std::unique_ptr<HostPrinter>> open(const std::string& path);
    ~HostPrinter() override;
    HostPrinter(const HostPrinter&) = delete;
    HostPrinter& operator=(const HostPrinter&) = delete;

    /// A file that cannot be written any more is the end of the paper.
    bool print(u8 byte) override;
    /// Once it has failed it goes on to say so.
    Result<> flush();

private:
    HostPrinter(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}

    std::string path_;
    int fd_;
    std::vector<u8> waiting_;
    std::optional<Error> failure_;
};

}  // namespace dyn86
