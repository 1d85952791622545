#include <dirent.h>
#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/http_inside.h"

enum { VERSION_NEEDED = 0x075700 }; /* 7.87: CURLOPT_QUICK_EXIT */

/* It is never unloaded: threads that look for an address may still be in it. */
int http_curl_load(struct http_curl *out, struct err *err)
{
	static const struct {
		const char *name;
		size_t offset;
	} functions[] = {
#define HTTP_CURL_ROW(name) {"curl_" #name, offsetof(struct http_curl, name)},
	    HTTP_CURL(HTTP_CURL_ROW)
#undef HTTP_CURL_ROW
	};
	void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
	const curl_version_info_data *version;
	struct http_curl curl;

	if (!library)
		return err_set(err, ERR_IO, "%s", dlerror());
	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++) {
		void *function = dlsym(library, functions[i].name);

		if (!function)
			return err_set(err, ERR_IO, "%s", dlerror());
		*(void **)((char *)&curl + functions[i].offset) = function;
	}
	if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(err, ERR_IO, "libcurl does not start");
	version = curl.version_info(CURLVERSION_NOW);
	if (version->version_num < VERSION_NEEDED)
		return err_set(err, ERR_IO, "libcurl is %s; 7.87.0 is needed, or a newer one",
		    version->version);
	if (!(version->features & CURL_VERSION_SSL))
		return err_set(err, ERR_IO, "libcurl was built without TLS");
	*out = curl;
	return 0;
}

/* Does OpenSSL find certificates in there, by names such as "0a1b2c3d.0"? */
static bool is_hashed(const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	bool found = false;

	while (folder && !found && (entry = readdir(folder)) != NULL)
		found = strspn(entry->d_name, "0123456789abcdef") == 8 && entry->d_name[8] == '.';
	if (folder)
		(void)closedir(folder); /* only read */
	return found;
}

/*
 * With a file and a folder, as Debian's libcurl has it, it reads all of the file again for each
 * connection, which blocks the loop for over 20 ms. The folder alone takes 1 ms; a file alone
 * is read once a day.
 */
void http_curl_trust(const struct http_curl *curl, const char **out_file, const char **out_dir)
{
	const curl_version_info_data *version = curl->version_info(CURLVERSION_NOW);
	const char *file = getenv("SSL_CERT_FILE"), *dir = getenv("SSL_CERT_DIR");

	*out_file = file && *file ? file : NULL;
	*out_dir = dir && *dir ? dir : NULL;
	if (!*out_file && !*out_dir && version->capath && is_hashed(version->capath))
		*out_dir = version->capath;
}
