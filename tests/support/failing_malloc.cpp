// To be loaded before the program (LD_PRELOAD): the N-th allocation since main() began fails, and with
// COTERIE_FAIL_LASTING every one after it. COTERIE_FAIL_ALLOCATION is N; 0 makes none fail.
// COTERIE_COUNT_ALLOCATIONS names a file that gets their number.

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace {

std::atomic<long> g_count{0};
std::atomic<bool> g_armed{false};
long g_failing = 0;
bool g_lasting = false;

using Main = int (*)(int, char**, char**);
Main g_main = nullptr;

bool fails() {
  if (!g_armed.load(std::memory_order_relaxed)) return false;
  const long number = ++g_count;
  if (g_failing == 0 || number < g_failing || (number > g_failing && !g_lasting)) return false;
  errno = ENOMEM;
  return true;
}

long number_in(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? 0 : std::strtol(text, nullptr, 10);
}

int counted_main(int argc, char** argv, char** environment) {
  g_failing = number_in("COTERIE_FAIL_ALLOCATION");
  g_lasting = number_in("COTERIE_FAIL_LASTING") != 0;
  g_armed = true;
  const int code = g_main(argc, argv, environment);
  g_armed = false;
  if (const char* path = std::getenv("COTERIE_COUNT_ALLOCATIONS")) {
    char line[32];
    const int length = std::snprintf(line, sizeof(line), "%ld\n", g_count.load());
    const int file = ::open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || ::write(file, line, static_cast<std::size_t>(length)) != length) std::abort();
    ::close(file);
  }
  return code;
}

}  // namespace

extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) { return fails() ? nullptr : __libc_malloc(size); }
void* calloc(std::size_t count, std::size_t size) { return fails() ? nullptr : __libc_calloc(count, size); }
void* realloc(void* old, std::size_t size) { return fails() ? nullptr : __libc_realloc(old, size); }
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return fails() ? nullptr : __libc_memalign(alignment, size);
}
int posix_memalign(void** place, std::size_t alignment, std::size_t size) {
  if (fails()) return ENOMEM;
  *place = __libc_memalign(alignment, size);
  return *place == nullptr ? ENOMEM : 0;
}

int __libc_start_main(Main main, int argc, char** argv, void (*init)(), void (*fini)(), void (*loader)(),
                      void* stack) {
  using Start = int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);
  g_main = main;
  const auto start = reinterpret_cast<Start>(::dlsym(RTLD_NEXT, "__libc_start_main"));
  return start(counted_main, argc, argv, init, fini, loader, stack);
}

}  // extern "C"
