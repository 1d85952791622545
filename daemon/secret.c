#include "daemon/secret.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/fsio.h"
#include "daemon/log.h"

static const char credentials[] = "CREDENTIALS_DIRECTORY";

static char *credential_path(const char *name, struct err *err)
{
	const char *folder = getenv(credentials);
	struct buf path = BUF_INIT;

	if (!folder) {
		(void)err_set(err, ERR_IO,
		    "$%s is not set; it is in a systemd service with LoadCredential=%s:FILE",
		    credentials, name);
		return NULL;
	}
	buf_printf(&path, "%s/%s", folder, name);
	return path.data;
}

static int read_file(const char *path, struct secret *out, struct err *err)
{
	struct stat stat;
	int fd = fsio_open_path(path, &stat, err), rc;

	if (fd < 0)
		return err_advise(err, "write the secret into that file, on a line of its own, and "
				       "chmod 600 it");
	/* In one piece, as long as the file does not grow: no copy is left behind in memory. */
	rc = fsio_read(fd, &stat, SECRET_FILE_MAX, &out->bytes, err);
	out->exposed = (stat.st_mode & S_IROTH) != 0;
	(void)close(fd); /* only read */
	return rc;
}

static bool is_text(struct slice line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.ptr[i] < ' ' || line.ptr[i] > '~')
			return false;
	return true;
}

static int split_lines(struct secret *secret, const struct ping *protocol, struct err *err)
{
	struct slice rest = buf_slice(&secret->bytes), line;
	uint32_t number = 0;

	while (slice_line(&rest, &line)) {
		number++;
		line = slice_trim(line);
		if (line.len == 0)
			continue;
		if (!is_text(line))
			return err_set(err, ERR_INVALID,
			    "line %u holds bytes that are no ASCII text; a secret is a line of it",
			    number);
		if (secret->len == SECRET_LINES)
			return err_set(err, ERR_LIMIT, "it has more than %d lines; one is a secret",
			    SECRET_LINES);
		if (protocol->check_secret && protocol->check_secret(line, err) < 0)
			return err_wrap(err, "line %u", number);
		secret->lines[secret->len++] = line;
	}
	if (secret->len == 0)
		return err_set(err, ERR_INVALID, "it is empty; a line of it is a secret");
	return 0;
}

static int read_path(
    const char *path, const struct ping *protocol, struct secret *out, struct err *err)
{
	struct secret secret = SECRET_INIT;

	if (read_file(path, &secret, err) < 0 || split_lines(&secret, protocol, err) < 0) {
		secret_free(&secret);
		return -1;
	}
	*out = secret;
	return 0;
}

int secret_read(
    const struct site *site, const struct config_ping *ping, struct secret *out, struct err *err)
{
	const char *name = ping->secret_credential;
	char *path;
	int rc = -1;

	if (!ping->secret_file && !name)
		return 0;
	path = name ? credential_path(name, err) : site_path(site, ping->secret_file);
	if (path)
		rc = read_path(path, ping->protocol, out, err);
	free(path);
	if (rc < 0 && name)
		return err_wrap(err, "secret_credential '%s'", name);
	return rc < 0 ? err_wrap(err, "secret_file '%s'", ping->secret_file) : 0;
}

void secret_free(struct secret *secret)
{
	if (secret->bytes.data)
		explicit_bzero(secret->bytes.data, secret->bytes.cap);
	buf_free(&secret->bytes);
	*secret = SECRET_INIT;
}

/* By hand there is no folder of credentials, and ExecReload= of systemd 252 may not look into it. */
bool secret_is_hidden(const struct config_ping *ping)
{
	const char *folder = getenv(credentials);

	return ping->secret_credential && (!folder || access(folder, X_OK) < 0);
}

static bool check_one(const struct site *site, const struct config_ping *ping)
{
	struct secret secret = SECRET_INIT;
	enum log_level level = LOG_INFO;
	struct buf text = BUF_INIT;
	struct err err;

	if (secret_is_hidden(ping)) {
		buf_printf(&text,
		    "%s: secret_credential '%s' cannot be looked at here; a service has it by "
		    "LoadCredential=%s:FILE",
		    ping->name, ping->secret_credential, ping->secret_credential);
	} else if (secret_read(site, ping, &secret, &err) < 0) {
		level = LOG_ERROR;
		buf_printf(&text, "%s: %s", ping->name, err.text);
	} else if (secret.exposed) {
		level = LOG_WARNING;
		buf_printf(&text,
		    "%s: everybody on this machine may read the secret in %s; take that away with "
		    "chmod o-r",
		    ping->name, ping->secret_file ? ping->secret_file : ping->secret_credential);
	}
	if (text.len)
		log_at(level, slice_of(site->path), ping->line, ping->column, buf_string(&text));
	buf_free(&text);
	secret_free(&secret);
	return level != LOG_ERROR;
}

bool secret_check(const struct site *site)
{
	bool good = true;

	for (size_t i = 0; i < site->config->pings_len; i++)
		good = check_one(site, &site->config->pings[i]) && good;
	return good;
}
