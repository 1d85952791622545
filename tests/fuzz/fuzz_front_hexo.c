/* front matter that is JSON between semicolons, or above them */
#include "tests/fuzz/front.h"

FRONT_FUZZ(frontmatter_hexo, "a.md")
