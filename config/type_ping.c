/* Types of what [[ping]] and [http] say. */
#include "config/network.h"
#include "config/settings.h"
#include "feeds/base/buf.h"
#include "feeds/base/uri.h"
#include "feeds/ping/ping.h"

enum { KEY_MIN = 8, KEY_MAX = 128, FILE_NAME_MAX = 255 };

static const char *choice_of_pings(const struct setting *setting, size_t index)
{
	(void)setting; /* there is one table */
	return index < PING_COUNT ? pings[index]->name : NULL;
}

static void read_protocol(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	int index = type_find_choice(reader, setting, value);
	const struct ping **out = field;

	if (index >= 0)
		*out = pings[index];
}

/* systemd.exec(5): a credential is a file in one folder. */
static void read_credential(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	const char **out = field;

	if (!type_check_text(reader, setting, value))
		return;
	if (value->text.ptr[0] == '.' || value->text.len > FILE_NAME_MAX ||
	    slice_find_byte(value->text, 0, '/') < value->text.len)
		config_complain(reader, value,
		    "%s must be the name of a credential, without \"/\" and a first \".\", found "
		    "\"%s\"; for the path of a file there is secret_file",
		    setting->key, config_shown(reader, value->text));
	else
		*out = arena_string(&reader->config->arena, value->text);
}

static bool is_key(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    c != '-')
			return false;
	}
	return text.len >= KEY_MIN && text.len <= KEY_MAX;
}

static void read_key(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	const char **out = field;

	if (is_key(value->text))
		*out = arena_string(&reader->config->arena, value->text);
	else
		config_complain(reader, value,
		    "%s must be %d to %d letters of a to z, digits and \"-\"; leave the line out, "
		    "and feedd makes one up",
		    setting->key, KEY_MIN, KEY_MAX);
}

/* ---- proxies ---- */

/* Those of libcurl that are needed: CURLOPT_PROXY(3). */
static const char *const proxy_schemes[] = {"http", "https", "socks5", "socks5h"};

enum { PROXY_SCHEMES = sizeof(proxy_schemes) / sizeof(*proxy_schemes) };

bool type_is_port(struct slice digits)
{
	unsigned port = 0;

	for (size_t i = 0; i < digits.len; i++) {
		if (digits.ptr[i] < '0' || digits.ptr[i] > '9' || i > 4)
			return false;
		port = port * 10 + (unsigned)(digits.ptr[i] - '0');
	}
	return port > 0 && port <= 65535;
}

/* `host:port`; without one, libcurl's would be 1080, which is no usual one. */
static bool has_host_and_port(struct slice authority)
{
	size_t colon = authority.len;

	while (colon > 0 && authority.ptr[colon - 1] != ':')
		colon--;
	if (colon < 2 || !type_is_port(slice_from(authority, colon)))
		return false;
	for (size_t i = 0; i < authority.len; i++)
		if (authority.ptr[i] <= ' ' || authority.ptr[i] > '~')
			return false;
	return slice_find_byte(slice_sub(authority, 0, colon - 1), 0, ':') >= colon - 1 ||
	       authority.ptr[0] == '[';
}

static bool is_proxy(const struct uri *uri)
{
	bool known = false;

	for (size_t i = 0; i < PROXY_SCHEMES && uri->has_scheme; i++)
		known = known || slice_equal_nocase(uri->scheme, proxy_schemes[i]);
	return known && has_host_and_port(uri->authority) && !uri->has_query &&
	       !uri->has_fragment && (uri->path.len == 0 || slice_equal_str(uri->path, "/"));
}

static void read_proxy(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	const char **out = field;
	struct uri uri;

	if (!type_check_text(reader, setting, value))
		return;
	uri_split(value->text, &uri);
	if (slice_find_byte(uri.authority, 0, '@') < uri.authority.len)
		config_complain(
		    reader, value, "%s must not hold a user name or password", setting->key);
	else if (!is_proxy(&uri))
		config_complain(reader, value,
		    "%s must be an address with a port, such as "
		    "\"http://proxy.example.com:3128\", of http, https, socks5 or socks5h, found "
		    "\"%s\"",
		    setting->key, config_shown(reader, value->text));
	else
		*out = arena_string(&reader->config->arena, value->text);
}

/* ---- networks ---- */

static void read_networks(struct config_reader *reader, const struct setting *setting,
    const struct value *value, void *field)
{
	struct config *config = reader->config;
	struct network **out = field;
	struct network *networks = arena_array(&config->arena, struct network, value->count);
	size_t len = 0;

	if (!type_check_list(reader, setting, value))
		return;
	for (const struct value *item = value->first; item; item = item->next) {
		if (network_parse(item->text, &networks[len]))
			len++;
		else
			config_complain(reader, item,
			    "%s holds networks such as \"192.168.1.0/24\" or \"fd00::/8\", found "
			    "\"%s\"",
			    setting->key, config_shown(reader, item->text));
	}
	*out = networks;
	config->http.allow_len = len;
}

const struct setting_type type_protocol = {
    "protocol", VALUE_STRING, read_protocol, choice_of_pings};
const struct setting_type type_credential = {
    "name of a credential", VALUE_STRING, read_credential, NULL};
const struct setting_type type_key = {"key", VALUE_STRING, read_key, NULL};
const struct setting_type type_proxy = {"web address", VALUE_STRING, read_proxy, NULL};
const struct setting_type type_networks = {"networks", VALUE_LIST, read_networks, NULL};
