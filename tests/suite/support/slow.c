/* A disk that takes a fifth of a second for everything that is to be safe on it. Put between the program and the system with
 * LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>

int fsync(int fd) {
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    usleep(200 * 1000);
    return next(fd);
}

int fdatasync(int fd) {
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    usleep(200 * 1000);
    return next(fd);
}
