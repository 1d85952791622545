#include "daemon/job.h"

#include <stdio.h>
#include <stdlib.h>

#include "feeds/base/mem.h"

enum { THREADS_MAX = 32 };

void job_start(uv_loop_t *loop, uv_work_t *work, uv_work_cb run, uv_after_work_cb after)
{
	if (uv_queue_work(loop, work, run, after) != 0)
		mem_exhausted(); /* it fails for want of memory only */
}

unsigned job_threads(void)
{
	static unsigned threads; /* asked for once: the pool does not follow either */

	if (threads == 0)
		threads = uv_available_parallelism();
	return threads < THREADS_MAX ? threads : THREADS_MAX;
}

void job_threads_start(void)
{
	char number[16];

	(void)snprintf(number, sizeof(number), "%u", job_threads()); /* fits */
	(void)setenv("UV_THREADPOOL_SIZE", number, 1); /* else four, which works too */
}
