#include "feeds/identity.h"

#include "feeds/base/uri.h"

void identity_mint(
    struct slice site_url, const struct date *day, struct slice stem, struct buf *out)
{
	buf_puts(out, "tag:");
	uri_put_host(out, site_url);
	buf_printf(out, ",%04d-%02d-%02d:/", day->year, day->month, day->day);
	uri_put_path(out, stem);
}
