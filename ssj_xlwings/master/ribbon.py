"""The ribbon as XML (2006 customUI), from the declarations of the commands: a tab, a group each, a button a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from ssj_xlwings.vocabulary.commands import GROUPS
from ssj_xlwings.vocabulary.sentences import macros as say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ssj_xlwings.types import Command

NAMESPACE = "http://schemas.microsoft.com/office/2006/01/customui"
RELATION = "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"
PART = "customUI/customUI.xml"
CALLBACK = "SsjRibbon.SsjClick"
"""The one Sub that every button calls; a new command needs no new VBA."""


def ribbon(commands: Iterable[Command]) -> bytes:
    """The part: groups in the order of `GROUPS`, buttons in the order of the commands; those without a group have none."""
    root = etree.fromstring(f'<customUI xmlns="{NAMESPACE}"/>')
    tab = _add(_add(_add(root, "ribbon"), "tabs"), "tab", id="ssj_tab", label=say.TITLE, insertAfterMso="TabHome")
    listed = list(commands)
    for number, label in enumerate(GROUPS, start=1):
        buttons = [command for command in listed if command.group == label]
        if buttons:
            group = _add(tab, "group", id=f"ssj_group{number}", label=label)
            for command in buttons:
                _add(group, "button", **_button(command))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True, pretty_print=True)


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, etree.QName(NAMESPACE, name), attributes)


def _button(command: Command) -> Mapping[str, str]:
    return {
        "id": f"ssj_{command.id}", "label": command.label, "size": "large" if command.large else "normal", "imageMso": command.icon,
        "screentip": command.label, "supertip": command.help, "tag": command.id, "onAction": CALLBACK,
    }


def related(relations: bytes) -> bytes:
    """The relations of the package (`_rels/.rels`) with that to the ribbon."""
    root = etree.fromstring(relations)
    etree.SubElement(root, etree.QName(root, "Relationship"), {"Id": "ssjRibbon", "Type": RELATION, "Target": PART})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
