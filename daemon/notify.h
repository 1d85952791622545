/*
 * notify: what systemd is told, by hand: datagrams to $NOTIFY_SOCKET.
 *
 * Without the variable all calls do nothing. A message that cannot be sent is
 * lost; nobody could be told about that. See sd_notify(3).
 */
#ifndef DAEMON_NOTIFY_H
#define DAEMON_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

struct notify {
	int fd; /* -1: nobody listens */
	struct sockaddr_un address;
	socklen_t address_len;
	uint64_t watchdog_ms; /* call notify_watchdog this often; 0: no watchdog */
};

/* Reads the environment. */
void notify_start(struct notify *notify);
void notify_stop(struct notify *notify);

/* The start, or the reload, is over. */
void notify_ready(const struct notify *notify, const char *status);
/* One line for `systemctl status`. */
void notify_status(const struct notify *notify, const char *status);
void notify_reloading(const struct notify *notify);
void notify_stopping(const struct notify *notify);
/* Still alive; half of the time within which systemd wants to hear it is watchdog_ms. */
void notify_watchdog(const struct notify *notify);

#endif
