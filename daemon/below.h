/*
 * below: opens what lies below a folder, and nothing else.
 *
 * A path may lead through symlinks, and through "..", as long as no step of it
 * leaves the folder; an absolute symlink leaves it. The kernel sees to that with
 * openat2. A sandbox may forbid openat2, since it cannot look at its arguments
 * (systemd does with RestrictSUIDSGID=, and so with DynamicUser=): then the same
 * is done step by step.
 */
#ifndef DAEMON_BELOW_H
#define DAEMON_BELOW_H

/*
 * The descriptor, close-on-exec, or -1 with errno: EXDEV when a step leads out,
 * ELOOP when there are too many symlinks, else as from open. `flags` as for open,
 * without O_CREAT and O_NOFOLLOW.
 */
int below_open(int root, const char *path, int flags);
/* The same without openat2; below_open calls it where it must. */
int below_open_by_steps(int root, const char *path, int flags);

#endif
