#include "feeds/format/stylesheet.h"

#include <stdint.h>

#include "feeds/format/format.h"

/* The file as it is; a C string would be no CSS to whoever edits it. */
__asm__(".pushsection .rodata\n"
	"stylesheet: .incbin \"feeds/format/feedd.css\"\n"
	"stylesheet_end: .balign 8\n"
	"stylesheet_len: .8byte stylesheet_end - stylesheet\n"
	".popsection\n");

extern const char stylesheet[] __attribute__((visibility("hidden")));
extern const uint64_t stylesheet_len __attribute__((visibility("hidden")));

struct slice stylesheet_bytes(void)
{
	return slice_make(stylesheet, (size_t)stylesheet_len);
}

const struct format format_stylesheet = {
    .name = "stylesheet",
    .title = "CSS",
    .media_type = "text/css",
    .file = "feedd.css",
    .for_people = true,
};
