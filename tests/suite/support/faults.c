/* Lets a program fail at one of the calls with which it changes files: preloaded into the program by a test.
 *
 * SKILLCERT_FAULT_DIR   the folder whose files count
 * SKILLCERT_FAULT_AT    the number of the call that fails, from 1
 * SKILLCERT_FAULT_KIND  "kill": the process dies there, of a write only half is done; else the number of the error
 * SKILLCERT_FAULT_MARK  a file outside the folder that gets the call's name when the fault has happened
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static long calls;
static __thread int inside;

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static int counts_path(const char *path) {
    const char *folder = getenv("SKILLCERT_FAULT_DIR");
    return folder && path && strncmp(path, folder, strlen(folder)) == 0;
}

static int counts_fd(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return counts_path(path);
}

/* Counts a call; tells whether it is the one that fails. */
static int strikes(int counted, const char *name) {
    if (inside || !counted) return 0;
    const char *at = getenv("SKILLCERT_FAULT_AT");
    if (!at || __sync_add_and_fetch(&calls, 1) != atol(at)) return 0;
    inside = 1;
    const char *mark = getenv("SKILLCERT_FAULT_MARK");
    int (*open_file)(const char *, int, ...) = (int (*)(const char *, int, ...))real("open");
    ssize_t (*write_file)(int, const void *, size_t) = (ssize_t(*)(int, const void *, size_t))real("write");
    int fd = mark ? open_file(mark, O_CREAT | O_WRONLY, 0666) : -1;
    if (fd >= 0 && write_file(fd, name, strlen(name)) >= 0) close(fd);
    inside = 0;
    return 1;
}

static int kills(void) {
    const char *kind = getenv("SKILLCERT_FAULT_KIND");
    return !kind || strcmp(kind, "kill") == 0;
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static int fail(void) {
    if (kills()) die();
    errno = atoi(getenv("SKILLCERT_FAULT_KIND"));
    return -1;
}

#define OPEN(name)                                                                     \
    int name(const char *path, int flags, ...) {                                       \
        va_list rest;                                                                  \
        va_start(rest, flags);                                                         \
        mode_t mode = va_arg(rest, mode_t);                                            \
        va_end(rest);                                                                  \
        if (strikes(counts_path(path) && (flags & (O_WRONLY | O_RDWR | O_CREAT)), #name)) return fail(); \
        int (*next)(const char *, int, ...) = (int (*)(const char *, int, ...))real(#name); \
        return next(path, flags, mode);                                                \
    }
OPEN(open)
OPEN(open64)

#define WRITE(name, OFFSET)                                                            \
    ssize_t name(int fd, const void *bytes, size_t count, OFFSET at) {                 \
        ssize_t (*next)(int, const void *, size_t, OFFSET) = (ssize_t(*)(int, const void *, size_t, OFFSET))real(#name); \
        if (strikes(counts_fd(fd), #name)) {                                                  \
            if (kills()) next(fd, bytes, count / 2, at);                               \
            return fail();                                                             \
        }                                                                              \
        return next(fd, bytes, count, at);                                             \
    }
WRITE(pwrite, off_t)
WRITE(pwrite64, off64_t)

ssize_t write(int fd, const void *bytes, size_t count) {
    ssize_t (*next)(int, const void *, size_t) = (ssize_t(*)(int, const void *, size_t))real("write");
    if (strikes(counts_fd(fd), "write")) {
        if (kills()) next(fd, bytes, count / 2);
        return fail();
    }
    return next(fd, bytes, count);
}

#define ON_FILE(name, PARAMETERS, ARGUMENTS)                                           \
    int name PARAMETERS {                                                              \
        if (strikes(counts_fd(fd), #name)) return fail();                                     \
        int (*next) PARAMETERS = (int (*) PARAMETERS)real(#name);                      \
        return next ARGUMENTS;                                                         \
    }
ON_FILE(fsync, (int fd), (fd))
ON_FILE(fdatasync, (int fd), (fd))
ON_FILE(ftruncate, (int fd, off_t length), (fd, length))
ON_FILE(ftruncate64, (int fd, off64_t length), (fd, length))

#define ON_PATH(name, PARAMETERS, ARGUMENTS)                                           \
    int name PARAMETERS {                                                              \
        if (strikes(counts_path(path), #name)) return fail();                                 \
        int (*next) PARAMETERS = (int (*) PARAMETERS)real(#name);                      \
        return next ARGUMENTS;                                                         \
    }
ON_PATH(unlink, (const char *path), (path))
ON_PATH(rename, (const char *path, const char *to), (path, to))
ON_PATH(mkdir, (const char *path, mode_t mode), (path, mode))
ON_PATH(chmod, (const char *path, mode_t mode), (path, mode))
