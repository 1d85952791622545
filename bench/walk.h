/*
 * walk: every file below a folder, for the programs that measure floors.
 *
 * walk_files calls `visit` with the folder's descriptor, the file's name and what fstatat says of
 * it, in the order of the directory. Any failure ends the process: a floor of half a walk is none.
 */
#ifndef BENCH_WALK_H
#define BENCH_WALK_H

#include <stddef.h>
#include <sys/stat.h>

typedef void walk_visit(int folder, const char *name, const struct stat *st, void *arg);

void walk_files(const char *path, walk_visit *visit, void *arg);

/* The whole file in a block that the next call reuses. */
const char *walk_read(int folder, const char *name, const struct stat *st);

_Noreturn void walk_fail(const char *what);

#endif
