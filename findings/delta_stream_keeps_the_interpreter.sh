#!/bin/sh
# DeltaStorageHandler.open_output_stream keeps every Python thread waiting for the network: deltalake 1.6.6.
#
# One would guess: whoever waits for a store lets Python's other threads run, as deltalake's other calls to it do.
# Seen: while it asks the store to begin an upload no other thread runs at all. So a program stands still for as
# long as the store is slow, and a store that is served by a thread of the same process (as tests do) is never
# answered: the call ends with a timeout. The same server answers get_file_info at once.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet deltalake==1.6.6 pyarrow==21.0.0
"$folder/env/bin/python" - <<'PYTHON'
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version

from deltalake.fs import DeltaStorageHandler

BEGUN = (
    b"<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>x</Key><UploadId>1</UploadId>"
    b"</InitiateMultipartUploadResult>"
)
NOTHING = b"<ListBucketResult><Name>b</Name><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>"


class Store(BaseHTTPRequestHandler):
    """An empty bucket of S3, in which an upload may begin."""

    protocol_version = "HTTP/1.1"

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.answer(200, BEGUN)

    def do_GET(self):
        self.answer(200, NOTHING)

    def do_HEAD(self):
        self.answer(404, b"")

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
server.handle_error = lambda *_: None
threading.Thread(target=server.serve_forever, daemon=True).start()
store = DeltaStorageHandler(
    "s3://b/table",
    {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "1",
        "timeout": "3s",
        "max_retries": "0",
    },
)
moments = []


def tick():
    while True:
        moments.append(time.monotonic())
        time.sleep(0.01)


threading.Thread(target=tick, daemon=True).start()
time.sleep(0.2)


def longest_pause(call):
    """(what came of a call, the longest time (s) for which no other thread ran meanwhile)"""
    begun = time.monotonic()
    try:
        call()
        came = "answered"
    except OSError as error:
        came = "timed out" if "time" in str(error) else str(error)
    time.sleep(0.1)
    during = [at for at in moments if at >= begun - 0.1]
    return came, max(b - a for a, b in zip(during, during[1:]))


print("deltalake", version("deltalake"))
asked = longest_pause(lambda: store.get_file_info(["x"]))
written = longest_pause(lambda: store.open_output_stream("x"))
print(f"get_file_info:      {asked[0]}, other threads stood still for {asked[1]:.1f} s at most")
print(f"open_output_stream: {written[0]}, other threads stood still for {written[1]:.1f} s at most")
seen = asked[0] == "answered" and written[0] == "timed out" and written[1] > 2 > asked[1]
raise SystemExit(0 if seen else "it lets other threads run now")
PYTHON
