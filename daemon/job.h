/*
 * job: blocking work on libuv's workers.
 *
 * A job struct embeds its uv_work_t and is recovered with container_of. What
 * the work needs is copied in, or frozen for as long as it runs; the result
 * travels in the struct; the loop's thread does the bookkeeping.
 */
#ifndef DAEMON_JOB_H
#define DAEMON_JOB_H

#include <stddef.h>
#include <uv.h>

#define container_of(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))

/* `run` on a worker, then `after` on the loop. Jobs are never cancelled. */
void job_start(uv_loop_t *loop, uv_work_t *work, uv_work_cb run, uv_after_work_cb after);

/* How many workers there are; job_threads_start makes them as many as the cores. */
unsigned job_threads(void);
/* Before the first job. */
void job_threads_start(void);

#endif
