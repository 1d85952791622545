/*
 * lock: one feedd for one state folder.
 *
 * The file `lock` in the folder is locked (flock) for as long as its holder
 * lives, however it ends, and holds the holder's process id as text. It is
 * never removed. A holder whose disk is full can still leave a line in it, in
 * room that the file has already. Calls may wait for a fraction of a second.
 */
#ifndef DAEMON_LOCK_H
#define DAEMON_LOCK_H

#include <sys/types.h>

#include "feeds/base/buf.h"
#include "feeds/base/err.h"

enum { LOCK_UNKNOWN = -1 }; /* a holder whose process id cannot be read */

/*
 * Take the lock of an open folder: its descriptor, held until it is closed. On
 * failure *out_holder is who has it, or 0 when something else went wrong.
 */
int lock_take(int folder, pid_t *out_holder, struct err *err);

/* Who holds it now: a process id, LOCK_UNKNOWN, or 0 for nobody. */
pid_t lock_holder(int folder);

/* Leave a line, the last one's place is taken; NULL: none. Cut when long. May fail, silently. */
void lock_tell(int lock, const char *line);
/* Append the line that the last holder of a folder's lock left, if any. */
void lock_told(int folder, struct buf *out);

#endif
