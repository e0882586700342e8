// Stands between a program and its disk (LD_PRELOAD). Every change below one folder is noted in a log, from which disk_log.py builds the
// disk as a power cut would leave it; and the N-th change can be made to fail. Linux.
//
// SHIM_FOLDER: what is watched. SHIM_LOG: where changes are noted; without it nothing is. shim_fail_at(n): the n-th change from now on
// fails with EIO, 0: none does. shim_count(): changes since then.

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <string>

namespace {

pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
long changes = 0;
long fail_at = 0;

struct Lock {
  Lock() { pthread_mutex_lock(&lock); }
  ~Lock() { pthread_mutex_unlock(&lock); }
};

const char *folder() {
  static const char *value = getenv("SHIM_FOLDER");
  return value;
}

bool is_ours(const char *path) {
  const char *root = folder();
  if (root == nullptr || path == nullptr) return false;
  size_t length = strlen(root), all = strlen(path);
  if (all > 4 && strcmp(path + all - 4, "-shm") == 0) return false;  // SQLite's shared memory: it is made anew after a cut
  return strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == 0);
}

std::string path_of(int fd) {
  char link[64], found[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = syscall(SYS_readlink, link, found, sizeof found - 1);
  return length < 0 ? std::string() : std::string(found, length);
}

std::string absolute(int dir, const char *path) {
  if (path == nullptr || path[0] == '/') return path == nullptr ? "" : path;
  if (dir != AT_FDCWD) return path_of(dir) + "/" + path;
  char here[PATH_MAX];
  return getcwd(here, sizeof here) == nullptr ? "" : std::string(here) + "/" + path;
}

uint64_t inode_of(int fd) {
  struct stat found;
  return fstat(fd, &found) == 0 ? found.st_ino : 0;
}

// kind, inode, offset, lengths of two texts, the texts
void note(char kind, uint64_t inode, int64_t offset, const void *first, uint64_t length, const std::string &second = "") {
  static int file = -2;
  if (file == -2) {
    const char *path = getenv("SHIM_LOG");
    file = path == nullptr ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }
  if (file < 0) return;
  std::string line;
  auto add = [&line](const void *data, size_t size) { line.append((const char *)data, size); };
  uint64_t second_length = second.size();
  add(&kind, 1);
  add(&inode, 8);
  add(&offset, 8);
  add(&length, 8);
  add(&second_length, 8);
  add(first, length);
  line += second;
  for (size_t done = 0; done < line.size();) {
    ssize_t written = syscall(SYS_write, file, line.data() + done, line.size() - done);
    if (written <= 0) abort();
    done += written;
  }
}

void note_path(char kind, uint64_t inode, const std::string &first, const std::string &second = "") {
  note(kind, inode, 0, first.data(), first.size(), second);
}

// True: this change is the one that fails.
bool fails() {
  changes += 1;
  return fail_at != 0 && changes == fail_at;
}

template <typename Function>
Function real(const char *name) {
  return (Function)dlsym(RTLD_NEXT, name);
}

ssize_t write_at(int fd, const void *data, size_t size, off_t offset, bool moves) {
  if (!is_ours(path_of(fd).c_str())) return moves ? syscall(SYS_write, fd, data, size) : syscall(SYS_pwrite64, fd, data, size, offset);
  Lock held;
  if (fails()) {
    errno = EIO;
    return -1;
  }
  if (moves) {
    struct stat found;
    bool appends = (fcntl(fd, F_GETFL) & O_APPEND) != 0;
    offset = appends && fstat(fd, &found) == 0 ? found.st_size : lseek(fd, 0, SEEK_CUR);
  }
  ssize_t written = moves ? syscall(SYS_write, fd, data, size) : syscall(SYS_pwrite64, fd, data, size, offset);
  if (written > 0) note('w', inode_of(fd), offset, data, written);
  return written;
}

int sync_with(long number, int fd) {
  if (!is_ours(path_of(fd).c_str())) return syscall(number, fd);
  Lock held;
  if (fails()) {
    errno = EIO;
    return -1;
  }
  int result = syscall(number, fd);
  if (result == 0) note('s', inode_of(fd), 0, "", 0);
  return result;
}

int open_with(int dir, const char *path, int flags, mode_t mode) {
  std::string full = absolute(dir, path);
  bool is_change = (flags & (O_CREAT | O_TRUNC)) != 0 && is_ours(full.c_str());
  if (!is_change) return syscall(SYS_openat, dir, path, flags, mode);
  Lock held;
  bool was_there = syscall(SYS_faccessat, AT_FDCWD, full.c_str(), F_OK) == 0;
  int fd = syscall(SYS_openat, dir, path, flags, mode);
  if (fd >= 0 && !was_there) note_path('c', inode_of(fd), full);
  if (fd >= 0 && was_there && (flags & O_TRUNC) != 0) note('t', inode_of(fd), 0, "", 0);
  return fd;
}

int rename_with(int old_dir, const char *old_path, int new_dir, const char *new_path) {
  std::string from = absolute(old_dir, old_path), to = absolute(new_dir, new_path);
  if (!is_ours(from.c_str()) && !is_ours(to.c_str())) return syscall(SYS_renameat, old_dir, old_path, new_dir, new_path);
  Lock held;
  if (fails()) {
    errno = EIO;
    return -1;
  }
  int result = syscall(SYS_renameat, old_dir, old_path, new_dir, new_path);
  if (result == 0) note_path('r', 0, from, to);
  return result;
}

int unlink_with(int dir, const char *path, int flags) {
  std::string full = absolute(dir, path);
  if (!is_ours(full.c_str())) return syscall(SYS_unlinkat, dir, path, flags);
  Lock held;
  int result = syscall(SYS_unlinkat, dir, path, flags);
  if (result == 0) note_path('u', 0, full);
  return result;
}

int truncate_with(int fd, off_t size) {
  if (!is_ours(path_of(fd).c_str())) return syscall(SYS_ftruncate, fd, size);
  Lock held;
  if (fails()) {
    errno = EIO;
    return -1;
  }
  int result = syscall(SYS_ftruncate, fd, size);
  if (result == 0) note('t', inode_of(fd), size, "", 0);
  return result;
}

int make_folder(int dir, const char *path, mode_t mode) {
  std::string full = absolute(dir, path);
  Lock held;
  int result = syscall(SYS_mkdirat, dir, path, mode);
  if (result == 0 && is_ours(full.c_str())) note_path('m', 0, full);
  return result;
}

}  // namespace

#define OPTIONAL_MODE            \
  mode_t mode = 0;               \
  if ((flags & O_CREAT) != 0) {  \
    va_list rest;                \
    va_start(rest, flags);       \
    mode = va_arg(rest, mode_t); \
    va_end(rest);                \
  }

extern "C" {

void shim_fail_at(long number) {
  Lock held;
  changes = 0;
  fail_at = number;
}

long shim_count() { return changes; }

ssize_t write(int fd, const void *data, size_t size) { return write_at(fd, data, size, 0, true); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) { return write_at(fd, data, size, offset, false); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) { return write_at(fd, data, size, offset, false); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (!is_ours(path_of(fd).c_str())) return syscall(SYS_writev, fd, parts, count);
  std::string whole;
  for (int part = 0; part < count; part++) whole.append((const char *)parts[part].iov_base, parts[part].iov_len);
  return write_at(fd, whole.data(), whole.size(), 0, true);
}

int fsync(int fd) { return sync_with(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_with(SYS_fdatasync, fd); }
int ftruncate(int fd, off_t size) { return truncate_with(fd, size); }
int ftruncate64(int fd, off64_t size) { return truncate_with(fd, size); }

int open(const char *path, int flags, ...) {
  OPTIONAL_MODE
  return open_with(AT_FDCWD, path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  OPTIONAL_MODE
  return open_with(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}
int openat(int dir, const char *path, int flags, ...) {
  OPTIONAL_MODE
  return open_with(dir, path, flags, mode);
}
int openat64(int dir, const char *path, int flags, ...) {
  OPTIONAL_MODE
  return open_with(dir, path, flags | O_LARGEFILE, mode);
}

int rename(const char *from, const char *to) { return rename_with(AT_FDCWD, from, AT_FDCWD, to); }
int renameat(int old_dir, const char *from, int new_dir, const char *to) { return rename_with(old_dir, from, new_dir, to); }
int unlink(const char *path) { return unlink_with(AT_FDCWD, path, 0); }
int unlinkat(int dir, const char *path, int flags) { return unlink_with(dir, path, flags); }
int rmdir(const char *path) { return unlink_with(AT_FDCWD, path, AT_REMOVEDIR); }
int mkdir(const char *path, mode_t mode) { return make_folder(AT_FDCWD, path, mode); }
int mkdirat(int dir, const char *path, mode_t mode) { return make_folder(dir, path, mode); }

// C++ streams open their files this way, and then use write.
FILE *fopen(const char *path, const char *mode) {
  static auto original = real<FILE *(*)(const char *, const char *)>("fopen64");
  std::string full = absolute(AT_FDCWD, path);
  if (!is_ours(full.c_str()) || strpbrk(mode, "wa") == nullptr) return original(path, mode);
  Lock held;
  bool was_there = syscall(SYS_faccessat, AT_FDCWD, full.c_str(), F_OK) == 0;
  FILE *file = original(path, mode);
  if (file != nullptr && !was_there) note_path('c', inode_of(fileno(file)), full);
  if (file != nullptr && was_there && mode[0] == 'w') note('t', inode_of(fileno(file)), 0, "", 0);
  return file;
}
FILE *fopen64(const char *path, const char *mode) { return fopen(path, mode); }

}  // extern "C"
