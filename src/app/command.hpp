#pragma once

#include <span>
#include <string_view>

#include "src/app/console.hpp"
#include "src/app/options.hpp"

namespace CLI {
class App;
}

namespace coterie {

/// One command of the program: a file in src/app/commands and a line in the registry.
struct Command {
  std::string_view name;
  std::string_view summary;  ///< one line of `coterie --help`
  std::string_view example;  ///< a command line that can be typed
  /// Declares the command's own options and arguments; parsing only, no work.
  void (*setup)(CLI::App& app, Options& options);
  /// Does the work. \return the exit code; failures are thrown
  int (*run)(const Options& options, Console& console);
};

/// Every command, in the order of `coterie --help`.
[[nodiscard]] std::span<const Command> commands();

/// To be called where an exception is caught: prints and logs what happened. \return the exit code it leads
/// to
[[nodiscard]] int tell_failure(Console& console);

/// Parses the command line and runs the command. \return the process's exit code
[[nodiscard]] int run_program(int argc, char** argv);

}  // namespace coterie
