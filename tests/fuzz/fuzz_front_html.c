/* what pages say of themselves, JSON-LD included */
#include "tests/fuzz/front.h"

FRONT_FUZZ(frontmatter_html, "a.html")
