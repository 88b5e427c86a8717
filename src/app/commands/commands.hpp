#pragma once

#include "src/app/command.hpp"

namespace coterie {

[[nodiscard]] Command init_command();
[[nodiscard]] Command check_command();
[[nodiscard]] Command resolve_command();
[[nodiscard]] Command fetch_command();
[[nodiscard]] Command import_command();
[[nodiscard]] Command analyze_command();
[[nodiscard]] Command run_command();
[[nodiscard]] Command refresh_command();
[[nodiscard]] Command explain_command();
[[nodiscard]] Command export_command();
[[nodiscard]] Command status_command();

}  // namespace coterie
