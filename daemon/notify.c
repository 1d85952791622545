#include "daemon/notify.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "feeds/base/buf.h"

static uint64_t number_of(const char *name)
{
	const char *text = getenv(name);
	char *end;
	unsigned long long number;

	if (!text || *text < '0' || *text > '9')
		return 0;
	number = strtoull(text, &end, 10);
	return *end ? 0 : number;
}

/* A socket for a path, or for a name in the abstract space, written with an "@". */
static bool address_of(const char *text, struct notify *notify)
{
	size_t len = strlen(text);

	if ((text[0] != '/' && text[0] != '@') || len < 2 ||
	    len >= sizeof(notify->address.sun_path))
		return false;
	notify->address = (struct sockaddr_un){.sun_family = AF_UNIX};
	memcpy(notify->address.sun_path, text, len);
	notify->address_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	if (text[0] == '@')
		notify->address.sun_path[0] = '\0';
	else
		notify->address_len++; /* with the NUL */
	return true;
}

void notify_start(struct notify *notify)
{
	const char *socket_name = getenv("NOTIFY_SOCKET");
	const struct timeval patience = {.tv_sec = 2};
	uint64_t usec = number_of("WATCHDOG_USEC"), pid = number_of("WATCHDOG_PID");

	*notify = (struct notify){.fd = -1};
	if (!socket_name || !address_of(socket_name, notify))
		return;
	notify->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (notify->fd < 0)
		return;
	/* A message waits for a busy systemd, as READY=1 is missed badly, but not forever. */
	(void)setsockopt(notify->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (usec && (!pid || pid == (uint64_t)getpid()))
		notify->watchdog_ms = usec / 2000 ? usec / 2000 : 1;
}

void notify_stop(struct notify *notify)
{
	if (notify->fd >= 0)
		(void)close(notify->fd); /* datagrams are gone already */
	*notify = (struct notify){.fd = -1};
}

/* Whether the service has started or reloaded is waited for; the loop waits for nothing else. */
enum patience { AT_ONCE = MSG_DONTWAIT, PATIENTLY = 0 };

static void tell(const struct notify *notify, enum patience patience, struct slice message)
{
	if (notify->fd >= 0) /* what is lost is lost: see the header */
		(void)sendto(notify->fd, message.ptr, message.len, MSG_NOSIGNAL | (int)patience,
		    (const struct sockaddr *)&notify->address, notify->address_len);
}

/* `state`, then the status on one line. */
static void tell_status(const struct notify *notify, const char *state, const char *status)
{
	struct buf message = BUF_INIT;

	buf_puts(&message, state);
	if (status) {
		buf_puts(&message, "STATUS=");
		for (; *status; status++)
			buf_putc(&message, (unsigned char)*status < ' ' ? ' ' : *status);
	}
	tell(notify, *state ? PATIENTLY : AT_ONCE, buf_slice(&message));
	buf_free(&message);
}

void notify_ready(const struct notify *notify, const char *status)
{
	tell_status(notify, "READY=1\n", status);
}

void notify_status(const struct notify *notify, const char *status)
{
	tell_status(notify, "", status);
}

void notify_reloading(const struct notify *notify)
{
	struct timespec now;
	char message[64];

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail */
	(void)snprintf(message, sizeof(message), "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
	    (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000); /* fits */
	tell(notify, PATIENTLY, slice_of(message));
}

void notify_stopping(const struct notify *notify)
{
	tell(notify, AT_ONCE, SLICE("STOPPING=1"));
}

void notify_watchdog(const struct notify *notify)
{
	tell(notify, AT_ONCE, SLICE("WATCHDOG=1"));
}
