/*
 * http_server: a server on loopback that does what the path of a request says, for tests of http.
 *
 * A thread for each connection. It answers as long as the client asks; misdeeds end the connection.
 */
#ifndef TESTS_UNIT_HTTP_SERVER_H
#define TESTS_UNIT_HTTP_SERVER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SERVER_REQUEST_MAX = 131072 };

struct server {
	int fd;
	int port;
	pthread_t thread;
	atomic_int connections; /* so far */
	atomic_int open;
};

struct server_connection {
	struct server *server;
	int fd;
	size_t len; /* of the request */
	char request[SERVER_REQUEST_MAX + 1];
};

static bool server_send(struct server_connection *connection, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t sent = send(connection->fd, bytes, len, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		bytes += sent;
		len -= (size_t)sent;
	}
	return true;
}

static bool server_say(struct server_connection *connection, const char *text)
{
	return server_send(connection, text, strlen(text));
}

static bool server_answer(struct server_connection *connection, int status, const char *headers,
    const char *body, size_t len)
{
	char head[1024];

	(void)snprintf(head, sizeof(head), "HTTP/1.1 %d What\r\n%sContent-Length: %zu\r\n\r\n",
	    status, headers, len);
	return server_say(connection, head) &&
	       (status == 204 || status == 304 || server_send(connection, body, len));
}

/* Until the client goes away. */
static bool server_repeat(struct server_connection *connection, const char *text)
{
	while (server_say(connection, text))
		;
	return false;
}

static bool server_wait(struct server_connection *connection)
{
	char byte;

	while (recv(connection->fd, &byte, 1, 0) > 0)
		;
	return false;
}

static bool server_reset(struct server_connection *connection)
{
	const struct linger now = {.l_onoff = 1};

	(void)setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	return false;
}

/* False: the connection is over. */
static bool server_act(struct server_connection *connection, const char *path)
{
	static const char begun[] = "HTTP/1.1 200 OK\r\n";
	int status;

	if (sscanf(path, "/status/%d", &status) == 1)
		return server_answer(connection, status,
		    "Retry-After: 120\r\nX-Two: a\r\nx-two:  b \r\n", "said", 4);
	if (strncmp(path, "/to/", 4) == 0) { /* /to/STATUS/URL: a redirect */
		char location[512];

		(void)snprintf(location, sizeof(location), "Location: %s\r\n", path + 8);
		return server_answer(connection, atoi(path + 4), location, "moved", 5);
	}
	if (strcmp(path, "/echo") == 0)
		return server_answer(connection, 200, "", connection->request, connection->len);
	if (strcmp(path, "/trailer") == 0)
		return server_say(connection,
		    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		    "3\r\nabc\r\n0\r\nHTTP/1.1 500 No\r\nX-Trailer: x\r\n\r\n");
	if (strcmp(path, "/early") == 0)
		return server_say(connection, "HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\n") &&
		       server_answer(connection, 200, "X-Late: 1\r\n", "x", 1);
	if (strcmp(path, "/slow") == 0)
		return server_wait(connection);
	if (strcmp(path, "/reset") == 0)
		return server_reset(connection);
	if (strcmp(path, "/half") == 0)
		return server_say(connection, "HTTP/1.1 200 OK\r\nX-Ha") && false;
	if (strcmp(path, "/half-then-slow") == 0)
		return server_say(connection, "HTTP/1.1 200 OK\r\nX-Ha") && server_wait(connection);
	if (strcmp(path, "/short") == 0)
		return server_say(connection, "HTTP/1.1 202 OK\r\nContent-Length: 9\r\n\r\nabc") &&
		       false;
	if (strcmp(path, "/drip") == 0)
		return server_say(connection, "HTTP/1.1 202 OK\r\nContent-Length: 9\r\n\r\nabc") &&
		       server_wait(connection);
	if (strcmp(path, "/endless-body") == 0)
		return server_say(connection, begun) && server_say(connection, "\r\n") &&
		       server_repeat(connection, "0123456789");
	if (strcmp(path, "/endless-headers") == 0)
		return server_say(connection, begun) &&
		       server_repeat(connection, "X-More: more and more and more\r\n");
	if (strcmp(path, "/endless-header") == 0)
		return server_say(connection, "HTTP/1.1 200 OK\r\nX: ") &&
		       server_repeat(connection, "more and more and more");
	if (strcmp(path, "/endless-early") == 0)
		return server_repeat(connection, "HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\n");
	if (strcmp(path, "/old") == 0)
		return server_say(connection, "<p>HTTP as in 1991</p>\n") && false;
	if (strcmp(path, "/garbage") == 0)
		return server_say(connection, "HTTP/9 yes\r\n\r\n") && false;
	return false; /* "/close", and what it does not know */
}

static bool server_read(struct server_connection *connection)
{
	char *end = NULL;
	size_t need = 0;

	connection->len = 0;
	while (!end || connection->len < need) {
		ssize_t got = recv(connection->fd, connection->request + connection->len,
		    SERVER_REQUEST_MAX - connection->len, 0);

		if (got <= 0)
			return false;
		if (connection->len == 0 && connection->request[0] == 0x16)
			return false; /* TLS is not spoken here */
		connection->len += (size_t)got;
		connection->request[connection->len] = '\0';
		if (!end && (end = strstr(connection->request, "\r\n\r\n")) != NULL) {
			const char *length = strcasestr(connection->request, "Content-Length:");

			need = (size_t)(end + 4 - connection->request) +
			       (length ? strtoul(length + 15, NULL, 10) : 0);
		}
	}
	return true;
}

static void *server_serve(void *arg)
{
	struct server_connection *connection = arg;
	char target[1024];
	const char *path;

	do {
		if (!server_read(connection) ||
		    sscanf(connection->request, "%*s %1023s", target) != 1)
			break;
		path = strstr(target, "://"); /* in full: it is asked as a proxy */
		path = path && target[0] != '/' ? strchr(path + 3, '/') : target;
	} while (path && server_act(connection, path));
	(void)close(connection->fd);
	(void)atomic_fetch_sub(&connection->server->open, 1);
	free(connection);
	return NULL;
}

static void *server_run(void *arg)
{
	struct server *server = arg;

	for (;;) {
		struct server_connection *connection;
		pthread_t thread;
		int fd = accept(server->fd, NULL, NULL);

		if (fd < 0)
			return NULL;
		connection = malloc(sizeof(*connection));
		connection->server = server;
		connection->fd = fd;
		(void)atomic_fetch_add(&server->connections, 1);
		(void)atomic_fetch_add(&server->open, 1);
		if (pthread_create(&thread, NULL, server_serve, connection) != 0)
			abort();
		(void)pthread_detach(thread);
	}
}

static void server_start(struct server *server)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);

	*server = (struct server){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
	if (server->fd < 0 ||
	    bind(server->fd, (const struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(server->fd, 1024) < 0 ||
	    getsockname(server->fd, (struct sockaddr *)&address, &len) < 0)
		abort();
	server->port = ntohs(address.sin_port);
	if (pthread_create(&server->thread, NULL, server_run, server) != 0)
		abort();
}

/* When all clients have gone. */
static void server_stop(struct server *server)
{
	(void)shutdown(server->fd, SHUT_RDWR);
	(void)pthread_join(server->thread, NULL);
	(void)close(server->fd);
	while (atomic_load(&server->open) > 0)
		usleep(1000);
}

#endif
