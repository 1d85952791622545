/* front matter between pluses */
#include "tests/fuzz/front.h"

FRONT_FUZZ(frontmatter_toml, "a.md")
