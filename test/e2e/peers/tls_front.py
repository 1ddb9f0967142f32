"""TLS before a fake that speaks plain HTTP, by a certificate of a test authority; and a name server for it."""

import contextlib
import pathlib
import select
import socket
import ssl
import struct
import subprocess
import threading


class Authority:
    """A certificate authority of a test, in a folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.file = self.folder / "authority.crt"
        self._openssl(
            *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Test authority"),
            *("-keyout", self.folder / "authority.key", "-out", self.file),
        )

    def certificate(self, name):
        """The files (certificate, key) of a server of this name."""
        key, request, certificate = (self.folder / f"{name}.{kind}" for kind in ("key", "csr", "crt"))
        self._openssl(
            *("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"),
            *("-keyout", key, "-out", request),
        )
        self._openssl(
            *("x509", "-req", "-in", request, "-days", "2", "-copy_extensions", "copy", "-out", certificate),
            *("-CA", self.file, "-CAkey", self.folder / "authority.key", "-CAcreateserial"),
        )
        return certificate, key

    @staticmethod
    def _openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


class TlsFront:
    """Takes TLS on a port of 127.0.0.1 and passes what comes to a port behind it."""

    def __init__(self, authority, name, behind):
        self.behind = behind
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(*authority.certificate(name))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://{name}:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self):
        with contextlib.suppress(OSError):  # the front was stopped
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with contextlib.suppress(OSError):
            with self._context.wrap_socket(client, server_side=True) as shown, socket.create_connection(
                ("127.0.0.1", self.behind)
            ) as behind:
                # One thread for both directions: a TLS connection is not for two at once.
                while True:
                    ready = [shown] if shown.pending() else select.select([shown, behind], [], [])[0]
                    for source, target in ((shown, behind), (behind, shown)):
                        if source in ready:
                            data = source.recv(65536)
                            if not data:
                                return
                            target.sendall(data)


class ConnectProxy:
    """A proxy for HTTPS that leads every host to one port of 127.0.0.1. asked: the hosts, as host:port."""

    def __init__(self, behind):
        self.asked, self._behind = [], behind
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self):
        with contextlib.suppress(OSError):  # the proxy was stopped
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with contextlib.suppress(OSError), client, socket.create_connection(("127.0.0.1", self._behind)) as behind:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += client.recv(1) or b"\r\n\r\n"
            self.asked.append(head.split()[1].decode())
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                for source, target in ((client, behind), (behind, client)):
                    if source in select.select([client, behind], [], [])[0]:
                        data = source.recv(65536)
                        if not data:
                            return
                        target.sendall(data)


class NameServer:
    """Answers each question for an A record of one of the names with 127.0.0.1; of any other, that there is none."""

    def __init__(self, address, names):
        self.names, self.asked = names, []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 53))
        self._socket.settimeout(0.1)
        self._is_stopped = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self):
        self._is_stopped.set()
        self._thread.join()
        self._socket.close()

    def _serve(self):
        while not self._is_stopped.is_set():
            with contextlib.suppress(TimeoutError):
                question, client = self._socket.recvfrom(512)
                self._socket.sendto(self._answer(question), client)

    def _answer(self, question):
        labels, at = [], 12
        while length := question[at]:
            labels.append(question[at + 1 : at + 1 + length].decode())
            at += 1 + length
        name, (kind,) = ".".join(labels), struct.unpack(">H", question[at + 1 : at + 3])
        self.asked.append(name)
        is_known = name in self.names
        answers = 1 if is_known and kind == 1 else 0
        head = question[:2] + struct.pack(">HHHHH", 0x8180 if is_known else 0x8183, 1, answers, 0, 0)
        record = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 1, 4) + socket.inet_aton("127.0.0.1")
        return head + question[12 : at + 5] + record * answers
