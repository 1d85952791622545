/* front matter between hyphens, in any of its languages */
#include "tests/fuzz/front.h"

FRONT_FUZZ(frontmatter_yaml, "a.md")
