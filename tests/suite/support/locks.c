/* A file system on which every lock is granted to everybody: preloaded into the program by a test. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>

static int granted(const char *name, int fd, int command, void *argument) {
    if (command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK || command == F_OFD_SETLKW) {
        return 0;
    }
    int (*real)(int, int, ...) = (int (*)(int, int, ...))dlsym(RTLD_NEXT, name);
    return real(fd, command, argument);
}

#define FORWARD(name)                                  \
    int name(int fd, int command, ...) {               \
        va_list rest;                                  \
        va_start(rest, command);                       \
        void *argument = va_arg(rest, void *);         \
        va_end(rest);                                  \
        return granted(#name, fd, command, argument);  \
    }

FORWARD(fcntl)
FORWARD(fcntl64)
