/* a title and meta- lines */
#include "tests/fuzz/front.h"

FRONT_FUZZ(frontmatter_blosxom, "a.txt")
