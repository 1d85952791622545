/* front matter that is an exported object */
#include "tests/fuzz/front.h"

FRONT_FUZZ(frontmatter_mdx, "a.mdx")
