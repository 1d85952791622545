"""Blocks of code in Markdown, fenced or indented."""
import re

FENCE = re.compile(r'^```(\w*)\n(.*?)^```$', re.M | re.S)
INDENTED = re.compile(r'(?:(?<=\n\n)|\A)(?:    .*\n|\n(?=    ))+', re.M)


def fenced(text):
    """(language, code) of each."""
    return FENCE.findall(text)


def indented(text):
    """Code of each, without the indent."""
    plain = FENCE.sub('', text)
    return [re.sub(r'^    ', '', block, flags=re.M) for block in INDENTED.findall(plain)
            if block.strip()]


def files(text):
    """{name: content} of the blocks that begin with a remark which is the name of a file."""
    named = {}
    for _, code in fenced(text):
        head = re.match(r'(?:#|//) ([\w.-]+\.\w+)\n', code)
        if head:
            named[head[1]] = code
    return named
