/* A user whom the system's list does not know: preloaded into the program by a test. */
#include <pwd.h>
#include <stddef.h>
#include <sys/types.h>

int getpwuid_r(uid_t id, struct passwd *entry, char *text, size_t length, struct passwd **found) {
    (void)id, (void)entry, (void)text, (void)length;
    *found = NULL;
    return 0;
}

struct passwd *getpwuid(uid_t id) {
    (void)id;
    return NULL;
}
