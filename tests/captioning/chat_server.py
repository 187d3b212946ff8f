"""A server on this machine that speaks the chat protocol."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

GOOD = "The lyrics are wistful.\nThe song is about {word}.\nIt is a wistful folk song."


class ChatServer:
    """Serves ``/v1/chat/completions``; ``answer(request, number)`` gives (status, body or text, headers)."""

    def __init__(self):
        self.requests: list[dict] = []
        self.headers: list[dict] = []
        self.answer: Callable = lambda request, number: (
            200,
            GOOD.format(word=lyrics_of(request).split()[0]),
            {},
        )
        self._lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with server._lock:
                    server.requests.append(request)
                    server.headers.append({name.lower(): value for name, value in self.headers.items()})
                    number = len(server.requests)
                if self.path != "/v1/chat/completions":
                    status, body, headers = 404, {"error": {"message": f"no {self.path}"}}, {}
                else:
                    status, body, headers = server.answer(request, number)
                if isinstance(body, str) and status == 200:
                    body = completion(body)
                content = (body if isinstance(body, str) else json.dumps(body)).encode()
                self.send_response(status)
                self.send_header(
                    "Content-Type", "application/json" if not isinstance(body, str) else "text/html"
                )
                self.send_header("Content-Length", str(len(content)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def completion(text: str | None, finish_reason: str = "stop") -> dict:
    """What a server that speaks the protocol answers."""
    message = {"role": "assistant", "content": text}
    return {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": "small",
        "choices": [{"index": 0, "finish_reason": finish_reason, "message": message}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 30, "total_tokens": 130},
    }


def lyrics_of(request: dict) -> str:
    """The lyrics that a request holds."""
    return request["messages"][-1]["content"].split("=====")[1].strip()
