/* The lasting copy of an article. */
#include <stdlib.h>

#include "feeds/article.h"
#include "feeds/base/mem.h"

/*
 * One block: the article, its lists, and then the bytes of all its strings. A string
 * that is part of what is there already is not stored again, nor is a beginning that
 * ends it: the id ends with the path's stem, which begins the path and holds the section.
 */
struct packing {
	struct article *article; /* the block */
	struct slice *slots;
	char *bytes;
	size_t len;
};

enum { OVERLAP_MAX = 256 }; /* bytes; more is not looked for */

static struct slice pack_bytes(struct packing *p, struct slice s)
{
	const char *found = s.len ? memmem(p->bytes, p->len, s.ptr, s.len) : p->bytes;
	size_t overlap = p->len < s.len ? p->len : s.len;
	const char *end = p->bytes + p->len, *from;

	if (found)
		return slice_make(found, s.len);
	if (overlap > OVERLAP_MAX)
		overlap = OVERLAP_MAX;
	from = memchr(end - overlap, s.ptr[0], overlap);
	while (from && memcmp(from, s.ptr, (size_t)(end - from)) != 0)
		from = memchr(from + 1, s.ptr[0], (size_t)(end - from - 1));
	overlap = from ? (size_t)(end - from) : 0;
	memcpy(p->bytes + p->len, s.ptr + overlap, s.len - overlap);
	p->len += s.len - overlap;
	return slice_make(p->bytes + p->len - s.len, s.len);
}

static const struct slice *pack_slices(struct packing *p, const struct slice *from, size_t len)
{
	struct slice *to = p->slots;

	for (size_t i = 0; i < len; i++)
		to[i] = pack_bytes(p, from[i]);
	p->slots += len;
	return to;
}

static size_t lists_of(const struct article *a)
{
	return (size_t)a->tags_len + a->categories_len + a->authors_len;
}

/* Lays a block out for `a` in p->article, which has room for everything in full. */
static void pack_into(struct packing *p, const struct article *a)
{
	struct article *pack = p->article;

	p->slots = (struct slice *)(pack + 1);
	p->bytes = (char *)(p->slots + lists_of(a));
	*pack = *a;
	pack->id = pack_bytes(p, a->id);
	pack->path = pack_bytes(p, a->path);
	pack->url = pack_bytes(p, a->url);
	pack->title = pack_bytes(p, a->title);
	pack->section = pack_bytes(p, a->section);
	pack->lang = pack_bytes(p, a->lang);
	pack->tags = pack_slices(p, a->tags, a->tags_len);
	pack->categories = pack_slices(p, a->categories, a->categories_len);
	pack->authors = pack_slices(p, a->authors, a->authors_len);
}

static size_t bytes_of(const struct article *a)
{
	size_t bytes =
	    a->path.len + a->title.len + a->id.len + a->url.len + a->section.len + a->lang.len;

	for (size_t i = 0; i < a->tags_len; i++)
		bytes += a->tags[i].len;
	for (size_t i = 0; i < a->categories_len; i++)
		bytes += a->categories[i].len;
	for (size_t i = 0; i < a->authors_len; i++)
		bytes += a->authors[i].len;
	return bytes;
}

/* The string as it lies in the block that was copied. */
static struct slice moved(struct slice s, const struct article *from, const struct article *to)
{
	return slice_make((const char *)to + (s.ptr - (const char *)from), s.len);
}

static const struct slice *move_slices(
    const struct slice *slices, size_t len, const struct article *from, struct article *to)
{
	struct slice *own =
	    (struct slice *)((char *)to + ((const char *)slices - (const char *)from));

	for (size_t i = 0; i < len; i++)
		own[i] = moved(own[i], from, to);
	return own;
}

struct article *article_pack(const struct article *a)
{
	size_t structs = sizeof(*a) + lists_of(a) * sizeof(struct slice);
	struct article *full = mem_alloc(structs + bytes_of(a)), *pack;
	struct packing p = {.article = full};

	pack_into(&p, a); /* only then it is known how much is shared */
	pack = mem_alloc(structs + p.len);
	memcpy(pack, full, structs + p.len);
	pack->id = moved(full->id, full, pack);
	pack->path = moved(full->path, full, pack);
	pack->url = moved(full->url, full, pack);
	pack->title = moved(full->title, full, pack);
	pack->section = moved(full->section, full, pack);
	pack->lang = moved(full->lang, full, pack);
	pack->tags = move_slices(full->tags, full->tags_len, full, pack);
	pack->categories = move_slices(full->categories, full->categories_len, full, pack);
	pack->authors = move_slices(full->authors, full->authors_len, full, pack);
	free(full);
	return pack;
}
