#include <unistd.h>

#include <exception>
#include <new>
#include <string_view>

#include "coterie/error.hpp"
#include "src/app/command.hpp"

namespace {

/// Tells it without taking memory. \return the exit code
int out_of_memory() {
  constexpr std::string_view k_line = "coterie: out of memory\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, k_line.data(), k_line.size());
  return coterie::exit_code(coterie::ErrorKind::system);
}

std::terminate_handler g_before = nullptr;

/// Memory may run out where nothing can be thrown any more, as in a destructor of a library. The process ends
/// there: what it has stored is whole, and what it has not finished the next run removes.
[[noreturn]] void end() {
  if (std::current_exception()) {
    try {
      throw;
    } catch (const std::bad_alloc&) {
      ::_exit(out_of_memory());
    } catch (...) {
      g_before();
    }
  }
  // Something is on its way out of a function that lets nothing out, and cannot be looked at. std::filesystem
  // has such functions that take memory; ours do not throw.
  if (std::uncaught_exceptions() > 0) ::_exit(out_of_memory());
  g_before();
  ::_exit(coterie::exit_code(coterie::ErrorKind::bug));
}

}  // namespace

int main(int argc, char** argv) {
  g_before = std::set_terminate(end);
  try {
    return coterie::run_program(argc, argv);
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}
