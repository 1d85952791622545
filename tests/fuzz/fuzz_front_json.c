/* front matter that is a JSON object */
#include "tests/fuzz/front.h"

FRONT_FUZZ(frontmatter_json, "a.md")
