"""Certificates by which a cluster and this computer know one another."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.errors import ClusterError, InputError

if TYPE_CHECKING:
    from distributed.security import Security

SCHEME: Final = "tls://"
OPTIONS: Final = ("--tls-ca-file", "--tls-cert", "--tls-key")
"""As ``dask scheduler`` and ``dask worker`` name them."""


@dataclass(frozen=True)
class Tls:
    """Files in the form of PEM, as ``dask scheduler`` and ``dask worker`` take them too.

    Parameters
    ----------
    ca_file
        Certificates of those that are believed: scheduler, workers and this computer show
        certificates that one of them has signed.
    certificate, key
        This computer's own certificate, and the key that belongs to it.

    Raises
    ------
    InputError
        If one of them is no file.
    """

    ca_file: Path
    certificate: Path
    key: Path

    def __post_init__(self) -> None:
        for option, file in zip(OPTIONS, (self.ca_file, self.certificate, self.key), strict=True):
            if not file.is_file():
                raise InputError(
                    "there is no such file", path=option, found=str(file), allowed="a PEM file"
                )

    @classmethod
    def of(cls, ca_file: Path | None, certificate: Path | None, key: Path | None) -> Tls | None:
        """Return what three options say; None where none is given.

        Raises
        ------
        InputError
            If some are absent, or one is no file.
        """
        given = (ca_file, certificate, key)
        absent = [option for option, file in zip(OPTIONS, given, strict=True) if file is None]
        if len(absent) == len(OPTIONS):
            return None
        if ca_file is None or certificate is None or key is None:
            raise InputError(
                "certificates are given together", path=absent[0], allowed=", ".join(OPTIONS)
            )
        return cls(ca_file, certificate, key)


def security_of(tls: Tls | None, address: str) -> Security:
    """Return what dask takes for it; without any, what its own configuration says.

    Raises
    ------
    ClusterError
        If the address is not one of TLS, or the files hold no certificates and key.
    """
    from distributed.security import Security

    if tls is None:
        return Security()
    if not address.startswith(SCHEME):
        raise ClusterError(
            "certificates are given, and this address is without TLS",
            address,
            f"{SCHEME}HOST:PORT, of a scheduler begun with --protocol tls",
        )
    security = Security(
        tls_ca_file=str(tls.ca_file),
        tls_client_cert=str(tls.certificate),
        tls_client_key=str(tls.key),
        require_encryption=True,
    )
    try:
        security.get_connection_args("client")
    except (OSError, ssl.SSLError, ValueError) as error:
        raise ClusterError(
            f"the certificates cannot be used ({error})",
            address,
            f"PEM files, the key without a password: {', '.join(OPTIONS)}",
        ) from None
    return security
