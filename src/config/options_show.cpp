// How the screen is shown.
#include "src/config/option.h"

#include <array>

namespace dyn86::config {
namespace {

constexpr std::array table = {
    Option{.name = "display",
           .value = "auto|window|terminal|lines|none",
           .text = "where the screen is shown",
           .preset = "auto",
           .take =
               [](Options& options, const Given& given) {
                   using enum DisplayChoice;
                   return given.choose(
                       {{"auto", Auto}, {"window", Window}, {"terminal", Terminal}, {"lines", Lines}, {"none", None}},
                       options.display);
               }},
    Option{.name = "share",
           .value = "NAME",
           .text = "let other processes watch and type: dyn86 ls, watch, send, snap, stop",
           .where = Where::NotBesideProgram,
           .value_is_optional = true,
           .take =
               [](Options& options, const Given& given) {
                   options.share = given.value;
                   return Result<>();
               }},
};

}  // namespace

std::span<const Option> show_options() {
    return table;
}

}  // namespace dyn86::config
