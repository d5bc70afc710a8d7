#include "src/dos/shell/copy_plan.h"

#include "src/dos/code_page.h"
#include "src/dos/shell/messages.h"
#include "src/dos/shell/parser.h"

#include <algorithm>

namespace dyn86::dos::shell {
namespace {

using Mode = CopyFile::Mode;

/// Takes the line apart; '+' says that the next name is one more source.
class Reader {
public:
    CopyPlan read(std::string_view tail);

private:
    void take_switch(std::string_view letters);
    void take_name(std::string_view name);

    CopyPlan plan_;
    Mode mode_ = Mode::Default;
    CopyFile* last_ = nullptr;
    bool joins_ = false;
};

void Reader::take_switch(std::string_view letters) {
    const std::string name = ascii_upper(std::string(letters));
    if (name == "V" || name == "Y" || name == "-Y") return;  // what is written is verified anyway, and COPY never asks
    if (name != "A" && name != "B") {
        plan_.wrong = "Invalid switch - /" + name + "\r\n";
        return;
    }
    mode_ = name == "A" ? Mode::Text : Mode::Binary;
    if (last_) last_->mode = mode_;
}

void Reader::take_name(std::string_view name) {
    const CopyFile file{mode_, std::string(name)};
    if (plan_.sources.empty() || joins_) {
        plan_.sources.push_back(file);
        last_ = &plan_.sources.back();
    } else if (!plan_.target) {
        last_ = &plan_.target.emplace(file);
    } else {
        plan_.wrong = "Too many parameters - " + file.path + "\r\n";
    }
    joins_ = false;
}

CopyPlan Reader::read(std::string_view tail) {
    for (;;) {
        tail = skip_separators(tail);
        if (tail.empty()) break;
        if (tail.front() == '+') {
            joins_ = !plan_.target;
            tail.remove_prefix(1);
            continue;
        }
        const bool is_switch = tail.front() == '/';
        if (is_switch) tail.remove_prefix(1);
        const auto end = std::min(tail.find_first_of(" \t,;=/+"), tail.size());
        is_switch ? take_switch(tail.substr(0, end)) : take_name(tail.substr(0, end));
        tail.remove_prefix(end);
    }
    plan_.touches = joins_ && plan_.sources.size() == 1 && !plan_.target;
    if (plan_.sources.empty() && plan_.wrong.empty()) plan_.wrong = message::parameter_missing;
    return std::move(plan_);
}

}  // namespace

CopyPlan parse_copy(std::string_view tail) {
    return Reader().read(tail);
}

}  // namespace dyn86::dos::shell
