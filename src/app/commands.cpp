#include <array>

#include "src/app/command.hpp"
#include "src/app/commands/commands.hpp"

namespace coterie {

std::span<const Command> commands() {
  static const std::array<Command, 11> registry{init_command(),   check_command(),   resolve_command(),
                                                fetch_command(),  import_command(),  analyze_command(),
                                                run_command(),    refresh_command(), explain_command(),
                                                export_command(), status_command()};
  return registry;
}

}  // namespace coterie
