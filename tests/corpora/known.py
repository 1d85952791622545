"""Where feedd reads a corpus otherwise than the independent reading, and why that is right.

(corpus, path or "*", field): reason
"""

JEKYLL_WORDS = "Jekyll divides an unquoted `tags: a b` at blanks, and these heads are Jekyll's own tests of it"

KNOWN = {
    ("jekyll", "test/source/_posts/2009-01-27-categories.markdown", "tags"): JEKYLL_WORDS,
    ("jekyll", "test/source/_posts/2013-12-20-properties.text", "tags"): JEKYLL_WORDS,
}
