#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <filesystem>
#include <new>
#include <system_error>

#include "coterie/error.hpp"
#include "coterie/util/text.hpp"
#include "src/app/command.hpp"
#include "src/app/interruption.hpp"
#include "version.hpp"

namespace coterie {
namespace {

void add_common_options(CLI::App& app, Options& options) {
  app.add_flag("-q,--quiet", options.quiet, "say nothing but results, warnings and errors");
  app.add_flag("-v,--verbose", options.verbose, "say what is being done");
  app.add_option("--log-file", options.log_file, "append one logfmt line per event to this file")
      ->type_name("FILE");
  app.add_option("--threads", options.threads, "threads to compute with (default: all cores)")
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
  app.add_option("--seed", options.seed, "seed of everything random (default 1)")->type_name("N");
  app.add_option("--progress", options.progress, "progress on stderr: auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
  app.add_option("--max-time", options.max_time,
                 "ask and compute no longer than this, exit 75 (90s, 15m, 2h)")
      ->type_name("DURATION");
}

/// Runs the command and turns what it throws into a line on stderr and an exit code; with main(), the one
/// catch.
int guarded_run(const Command& command, const Options& options) {
  try {
    Console console(options);
    static_cast<void>(options.deadline());  // a --max-time that is no duration is told by every command
    try {
      const int code = command.run(options, console);
      console.flush();
      return code;
    } catch (...) {
      return tell_failure(console);
    }
  } catch (const Error& error) {  // the console itself
    fmt::print(stderr, "coterie: {}\n", text::printable(error.what()));
    return exit_code(error.kind());
  } catch (const std::bad_alloc&) {
    throw;  // while a failure was told: main() has a line for it that takes no memory
  } catch (const std::exception& error) {
    fmt::print(stderr, "coterie: a mistake in coterie, please report it: {}\n",
               text::printable(error.what()));
    return exit_code(ErrorKind::bug);
  }
}

}  // namespace

int tell_failure(Console& console) {
  try {
    throw;
  } catch (const Error& error) {
    console.error(error.what());
    return exit_code(error.kind());
  } catch (const Stopped& stopped) {
    console.error(stopped.what());
    return 128 + stopped.signal();
  } catch (const std::bad_alloc&) {
    console.error("out of memory");
    return exit_code(ErrorKind::system);
  } catch (const std::filesystem::filesystem_error& error) {
    console.error(error.what());
    return exit_code(ErrorKind::io);
  } catch (const std::system_error& error) {  // no more threads, above all
    console.error(error.what());
    return exit_code(ErrorKind::system);
  } catch (const std::exception& error) {
    console.error(fmt::format("a mistake in coterie, please report it: {}", error.what()));
    return exit_code(ErrorKind::bug);
  }
}

int run_program(int argc, char** argv) {
  // A closed pipe (`coterie status | head`) shows as a failed write, which is handled, instead of a signal.
  std::signal(SIGPIPE, SIG_IGN);
  // So does a limit on the size of files, as an error of input/output.
  std::signal(SIGXFSZ, SIG_IGN);
  Options options;
  CLI::App app(
      "coterie asks public sources for the works of named people, builds their co-authorship networks and "
      "says\n"
      "how an institution shaped a team.");
  app.name("coterie");
  app.set_version_flag("--version", fmt::format("coterie {}", k_version));
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(
      "Exit codes: 0 done, 64 usage, 65 data, 66 input missing, 69 refused, 74 input/output, 75 try again "
      "later,\n"
      "77 key rejected, 78 configuration. 'coterie COMMAND --help' shows an example; 'man coterie' says the "
      "rest.");
  add_common_options(app, options);
  const Command* chosen = nullptr;
  for (const Command& command : commands()) {
    CLI::App* sub = app.add_subcommand(std::string(command.name), std::string(command.summary));
    sub->footer(fmt::format("Example:\n  {}", command.example));
    command.setup(*sub, options);
    sub->callback([&chosen, &command] { chosen = &command; });
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11 prints help and version to stdout, mistakes to stderr.
    return app.exit(error) == 0 ? 0 : exit_code(ErrorKind::usage);
  }
  return guarded_run(*chosen, options);
}

}  // namespace coterie
