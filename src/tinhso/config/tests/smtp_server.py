"""A mail server as a process of its own, over TLS: takes letters, writes each as a JSON line; refuses where told to.

``python smtp_server.py CERTIFICATE KEY LETTERS``: prints the port it listens on. A file ``LETTERS.refuse`` makes it refuse.
"""

from __future__ import annotations

import json
import socketserver
import ssl
import sys
from email import message_from_bytes
from email.policy import default
from pathlib import Path


class Talk(socketserver.StreamRequestHandler):
    """One conversation of SMTP."""

    def handle(self) -> None:
        """Answer until the other leaves."""
        letters = Path(sys.argv[3])
        self.say("220 here")
        to: list[str] = []
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "RCPT" and letters.with_suffix(".refuse").exists():
                self.say("550 no")
            elif verb == "RCPT":
                to.append(line.partition("<")[2].rstrip(">"))
                self.say("250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                body = b""
                while (row := self.rfile.readline()) not in (b".\r\n", b""):
                    body += row
                letter = message_from_bytes(body, policy=default)
                said = {"to": to, "subject": letter["Subject"], "text": letter.get_body().get_content()}  # type: ignore[union-attr]
                with letters.open("a", encoding="utf-8") as out:
                    out.write(json.dumps(said, ensure_ascii=False) + "\n")
                to = []
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, words: str) -> None:
        """Send one line."""
        self.wfile.write(f"{words}\r\n".encode())


if __name__ == "__main__":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        sys.stdout.write(f"{server.server_address[1]}\n")
        sys.stdout.flush()
        server.serve_forever()
