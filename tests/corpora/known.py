"""Where feedd reads a corpus otherwise than the independent reading, and why that is right.

(corpus, path or "*", field): reason
"""

KNOWN = {}
