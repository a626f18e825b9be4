/* Put before a process's C library with LD_PRELOAD: the n-th call that writes to a file of one folder or makes it
 * durable, or the n-th that reads from one, fails as a broken or a full disk makes it fail. Everything else is passed on.
 *
 * FAULT_FOLDER  the folder, as the host resolves it
 * FAULT_READS   "1": calls that read, not those that write
 * FAULT_AT      n, from 1; 0 for never
 * FAULT_ERRNO   what the call says
 * FAULT_LASTS   "1": so does every one after it
 * FAULT_COUNT   a file that gets the number of calls there were */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long calls;

static int in_folder(int fd) {
  const char *folder = getenv("FAULT_FOLDER");
  char link[64], file[PATH_MAX];
  if (folder == NULL) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, file, sizeof file - 1);
  if (length < 0) return 0;
  file[length] = 0;
  return strncmp(file, folder, strlen(folder)) == 0;
}

/* Whether a variable is "1". */
static int is_set(const char *name) {
  const char *value = getenv(name);
  return value != NULL && strcmp(value, "1") == 0;
}

/* Whether this call fails; errno says how. */
static int fails(int fd, int reads) {
  int before = errno;
  if (is_set("FAULT_READS") != reads || !in_folder(fd)) {
    errno = before;
    return 0;
  }
  const char *at = getenv("FAULT_AT"), *number = getenv("FAULT_ERRNO");
  long first = at == NULL ? 0 : atol(at), now = ++calls;
  int hit = first > 0 && (now == first || (now > first && is_set("FAULT_LASTS")));
  errno = hit ? atoi(number == NULL ? "5" : number) : before;
  return hit;
}

#define PASS_ON(name, type, ...) ((type)dlsym(RTLD_NEXT, name))(__VA_ARGS__)

typedef ssize_t (*write_at)(int, const void *, size_t, off_t);
typedef ssize_t (*read_at)(int, void *, size_t, off_t);
typedef ssize_t (*write_on)(int, const void *, size_t);
typedef int (*on_file)(int);
typedef int (*cut_to)(int, off_t);

ssize_t pwrite64(int fd, const void *from, size_t size, off64_t at) {
  return fails(fd, 0) ? -1 : PASS_ON("pwrite64", write_at, fd, from, size, at);
}

ssize_t pwrite(int fd, const void *from, size_t size, off_t at) {
  return fails(fd, 0) ? -1 : PASS_ON("pwrite", write_at, fd, from, size, at);
}

ssize_t write(int fd, const void *from, size_t size) {
  return fails(fd, 0) ? -1 : PASS_ON("write", write_on, fd, from, size);
}

ssize_t pread64(int fd, void *to, size_t size, off64_t at) {
  return fails(fd, 1) ? -1 : PASS_ON("pread64", read_at, fd, to, size, at);
}

int fsync(int fd) { return fails(fd, 0) ? -1 : PASS_ON("fsync", on_file, fd); }

int fdatasync(int fd) { return fails(fd, 0) ? -1 : PASS_ON("fdatasync", on_file, fd); }

int ftruncate64(int fd, off64_t size) { return fails(fd, 0) ? -1 : PASS_ON("ftruncate64", cut_to, fd, size); }

int ftruncate(int fd, off_t size) { return fails(fd, 0) ? -1 : PASS_ON("ftruncate", cut_to, fd, size); }

__attribute__((destructor)) static void tell(void) {
  const char *count = getenv("FAULT_COUNT");
  if (count == NULL) return;
  FILE *file = fopen(count, "w");
  if (file == NULL) return;
  fprintf(file, "%ld\n", (long)calls);
  fclose(file);
}
