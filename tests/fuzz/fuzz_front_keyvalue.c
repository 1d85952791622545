/* Key: value lines */
#include "tests/fuzz/front.h"

FRONT_FUZZ(frontmatter_keyvalue, "a.md")
