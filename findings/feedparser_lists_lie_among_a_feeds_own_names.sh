#!/bin/sh
# feedparser keeps its lists under the names that a feed's own elements get: feedparser 6.0.14.
#
# One would guess: an element that feedparser does not know lies beside what it knows, and feedparser.parse() never
# raises; a feed that is not well-formed sets `bozo`.
# Seen: the text of an unknown <links> takes the place of the list `links`, and the entry's `link` is no address but
# a dict of attributes (`bozo` is False). The text of an unknown <authors> takes the place of the list `authors`, and
# the <name> of an <author> behind it raises TypeError, which costs the whole feed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet feedparser==6.0.14
"$folder/env/bin/python" - <<'PYTHON'
import feedparser

FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>The Press</title><item><title>One</title>{own}
<link>https://press.example/1</link><author><name>Ann Lee</name></author></item></channel></rss>"""

print("feedparser", feedparser.__version__)
plain = feedparser.parse(FEED.format(own=""))
assert (plain.bozo, plain.entries[0].link) == (False, "https://press.example/1"), plain
found = feedparser.parse(FEED.format(own="<links>3</links>"))
print("with <links>: bozo", found.bozo, "link", found.entries[0].get("link"))
if found.entries[0].get("link") == "https://press.example/1":
    raise SystemExit("the link is kept now")
try:
    feedparser.parse(FEED.format(own="<authors>Ann Lee</authors>"))
except TypeError as error:
    print("with <authors>: TypeError:", error)
else:
    raise SystemExit("authors are read now")
PYTHON
