#include "feeds/lang.h"

#include <ctype.h>

enum { TAG_MAX = 35, SUBTAG_MAX = 8 }; /* RFC 5646, section 4.4.1 */

/* ISO 639-1, less the codes that are well-known file suffixes: io, so, ts. */
static const char codes[] =
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da "
    "de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy "
    "hz ia id ie ig ii ik is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li "
    "ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os "
    "pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn sq sr ss st su sv sw ta te tg "
    "th ti tk tl tn to tr tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu ";

static bool all(struct slice s, int (*class)(int))
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] > 127 || !class((unsigned char)s.ptr[i]))
			return false;
	return s.len > 0;
}

/* Take the next subtag off; "-" and "_" divide. */
static bool subtag(struct slice *rest, struct slice *out)
{
	size_t end = 0;

	if (!rest->ptr || rest->len == 0)
		return false;
	while (end < rest->len && rest->ptr[end] != '-' && rest->ptr[end] != '_')
		end++;
	*out = slice_sub(*rest, 0, end);
	*rest = slice_from(*rest, end < rest->len ? end + 1 : end);
	return true;
}

struct slice lang_tag(struct arena *arena, struct slice text)
{
	char tag[TAG_MAX + 1];
	size_t len = 0;
	bool extension = false;
	struct slice rest = slice_trim(text), part;

	rest = slice_sub(rest, 0, slice_find_byte(rest, 0, '.'));
	rest = slice_sub(rest, 0, slice_find_byte(rest, 0, '@'));
	if (rest.len == 0 || rest.len > TAG_MAX || rest.ptr[rest.len - 1] == '-')
		return SLICE_NONE;
	while (subtag(&rest, &part)) {
		bool first = len == 0;

		if (part.len > SUBTAG_MAX || !all(part, isalnum))
			return SLICE_NONE;
		if (first && (part.len < 2 || part.len > 3 || !all(part, isalpha)))
			return SLICE_NONE;
		extension = extension || (!first && part.len == 1);
		if (!first)
			tag[len++] = '-';
		for (size_t i = 0; i < part.len; i++) {
			bool upper =
			    !first && !extension &&
			    ((part.len == 2) || (part.len == 4 && i == 0 && all(part, isalpha)));
			int c = (unsigned char)part.ptr[i];

			tag[len++] = (char)(upper ? toupper(c) : tolower(c));
		}
	}
	return arena_copy(arena, slice_make(tag, len));
}

bool lang_is_code(struct slice text)
{
	struct slice rest = text, part;

	if (!subtag(&rest, &part) || part.len != 2 || !all(part, islower))
		return false;
	for (const char *code = codes; *code; code += 3) {
		if (code[0] != part.ptr[0] || code[1] != part.ptr[1])
			continue;
		if (part.len == text.len)
			return true;
		/* One more: a script (Hant), a region (TW, 419). */
		return subtag(&rest, &part) && rest.len == 0 && text.ptr[text.len - 1] != '-' &&
		       ((part.len == 4 && all(part, isalpha)) ||
			   (part.len == 2 && all(part, isalpha)) ||
			   (part.len == 3 && all(part, isdigit)));
	}
	return false;
}
