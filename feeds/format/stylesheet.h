/*
 * stylesheet: the CSS of pages, and of RSS and Atom in a browser.
 *
 * It is kept as a file beside its source, feedd.css, and stands in the program.
 */
#ifndef FEEDS_FORMAT_STYLESHEET_H
#define FEEDS_FORMAT_STYLESHEET_H

#include "feeds/base/slice.h"

struct slice stylesheet_bytes(void);

#endif
