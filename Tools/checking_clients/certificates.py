"""Certificates for the transcripts with TLS: one authority, and servers that are right or wrong in one way each."""

import os
import subprocess

# Long enough for a run that waits for a busy machine; each run makes its own.
DAYS = "2"


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def make(folder):
    """ca.pem; good, expired, wrong-host and self-signed as .pem and .key."""
    os.makedirs(folder, exist_ok=True)

    def path(name):
        return os.path.join(folder, name)

    authority(path, "ca", "Transcripts")
    authority(path, "self-signed", "localhost", "subjectAltName=DNS:localhost,IP:127.0.0.1")
    signed(path, "good", "subjectAltName=DNS:localhost,IP:127.0.0.1", ["-days", DAYS])
    signed(path, "wrong-host", "subjectAltName=DNS:elsewhere.example", ["-days", DAYS])
    signed(path, "expired", "subjectAltName=DNS:localhost,IP:127.0.0.1", ["-days", "-1"])
    return folder


def authority(path, name, subject, extension=None):
    extra = ["-addext", extension] if extension else []
    openssl(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path(f"{name}.key"),
        "-out", path(f"{name}.pem"), "-days", DAYS, "-subj", f"/CN={subject}", *extra,
    )


def signed(path, name, names, validity):
    openssl(
        "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path(f"{name}.key"),
        "-out", path(f"{name}.csr"), "-subj", f"/CN={name}",
    )
    with open(path(f"{name}.ext"), "w", encoding="utf-8") as stream:
        stream.write(names + "\n")
    openssl(
        "x509", "-req", "-in", path(f"{name}.csr"), "-CA", path("ca.pem"), "-CAkey", path("ca.key"), "-CAcreateserial",
        "-out", path(f"{name}.pem"), "-extfile", path(f"{name}.ext"), *validity,
    )
