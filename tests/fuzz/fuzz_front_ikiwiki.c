/* ikiwiki's directives */
#include "tests/fuzz/front.h"

FRONT_FUZZ(frontmatter_ikiwiki, "a.mdwn")
