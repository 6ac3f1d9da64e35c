#!/bin/sh
# lxml's parser of HTML reads text that lxml refuses to set: lxml 6.1.3.
#
# One would guess: what an element's `text` or `tail` gives may be written to another one, as cleaners of pages do
# that drop an element and keep the words behind it.
# Seen: a reference to a control character ("&#1;") is read as that character, and writing the text that holds it
# raises ValueError ("All strings must be XML compatible"). A whole page or feed is lost unless that is expected.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet lxml==6.1.3
"$folder/env/bin/python" - <<'PYTHON'
import lxml
from lxml import html

root = html.fromstring("<div><p>One &#1; word</p></div>")
print("lxml", lxml.__version__)
text = root[0].text
print("read:", repr(text))
try:
    root[0].text = text
except ValueError as error:
    print("written:", error)
else:
    raise SystemExit("what was read may be written now")
raise SystemExit(0 if "\x01" in text else "the reference is read as something else now")
PYTHON
