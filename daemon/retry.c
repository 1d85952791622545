#include "daemon/retry.h"

#include <stddef.h>

/* Standard Webhooks 1.0.0, after the first try at once; seconds. */
static const int64_t ladder[] = {
    5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600};

enum { RUNGS = sizeof(ladder) / sizeof(*ladder) };

/* By chance from 1 to `most`, each as likely as any other. */
static int64_t jitter(int64_t most, uint32_t chance)
{
	return 1 + (int64_t)((uint64_t)most * chance >> 32);
}

int64_t retry_wait(unsigned attempt, int64_t retry_after, uint32_t chance)
{
	size_t rung = attempt > 1 ? attempt - 1 : 0;
	int64_t wait = jitter(ladder[rung < RUNGS ? rung : RUNGS - 1], chance);

	if (retry_after > RETRY_AFTER_MAX)
		retry_after = RETRY_AFTER_MAX;
	return retry_after > wait ? retry_after : wait;
}

bool retry_over(int64_t since, unsigned tries, int64_t now)
{
	return since > 0 && tries >= RETRY_TRIES && now - since >= (int64_t)RETRY_DAYS * 24 * 3600;
}
