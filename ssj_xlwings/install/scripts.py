"""The two files that people double-click, and the texts that stand beside them."""

from __future__ import annotations

from importlib.resources import files

from ssj_xlwings.vocabulary.sentences import install as say

FAILED = "failed.txt"
SPELLED = {"@ALONE@": say.ALONE, "@GONE@": say.PROGRAM_GONE}
"""What the scripts themselves must say: in code points, so that they stay ASCII."""


def script(name: str) -> bytes:
    """install.cmd or menu.cmd, with the line ends that cmd.exe wants."""
    text = (files("ssj_xlwings.install") / name).read_text(encoding="ascii")
    for mark, sentence in SPELLED.items():
        text = text.replace(mark, ",".join(str(ord(char)) for char in sentence))
    return text.replace("\n", "\r\n").encode("ascii")


def note(text: str) -> bytes:
    """A text for Notepad of any Windows: UTF-8 with its mark, CRLF."""
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def beside() -> dict[str, bytes]:
    """What stands at the top of the pack beside the workbook."""
    return {say.INSTALL_FILE: script("install.cmd"), say.MENU_FILE: script("menu.cmd"), say.README_FILE: note(say.README_TEXT)}
