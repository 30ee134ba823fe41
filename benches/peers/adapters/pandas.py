"""The Python package `parquetframe` on its pandas engine: the same calls as `ours`, without the library."""

from adapters import ours


class Peer(ours.Peer):
    engine = "pandas"
    notes = {}
