#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace coterie {

/// Calls `task(worker, number)` for every number below `count`, on up to `workers` threads; each takes the
/// next number when it is done with one, and `worker` (below `workers`) says which thread it is. Where the
/// system gives no more threads, those that there are do it all.
///
/// \throws what a task throws first; the numbers that nobody has taken by then are left out
template <typename Task>
void in_parallel(std::size_t workers, std::size_t count, const Task& task) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex failing;
  const auto work = [&](std::size_t worker) {
    try {
      for (std::size_t number = next++; number < count; number = next++) task(worker, number);
    } catch (...) {
      const std::lock_guard lock(failing);
      if (!failure) failure = std::current_exception();
      next = count;
    }
  };
  {
    std::vector<std::jthread> threads;
    threads.reserve(std::min(workers, count));
    try {
      for (std::size_t worker = 1; worker < std::min(workers, count); ++worker) {
        threads.emplace_back(work, worker);
      }
    } catch (const std::system_error&) {
      // Fewer, then.
    }
    work(0);
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace coterie
