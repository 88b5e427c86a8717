#pragma once

#include "coterie/study_file.hpp"
#include "coterie/util/file.hpp"

namespace coterie {

/// One writing run at a time per dataset; the kernel releases the lock when the process ends.
/// \throws Error{temporary} if another run holds it
class DatasetLock {
 public:
  explicit DatasetLock(const StudyFile& study) : m_lock(study.folder / "dataset.sqlite.lock") {}

 private:
  LockFile m_lock;
};

}  // namespace coterie
