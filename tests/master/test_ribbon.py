"""The ribbon is well-formed for Excel and complete: one button a command, each with a callback that exists."""

from __future__ import annotations

import json
import re
from importlib import resources
from typing import Any

import pytest
from lxml import etree

from ssj_xlwings.master.macros import sources
from ssj_xlwings.master.ribbon import NAMESPACE, ribbon
from ssj_xlwings.types import Command
from ssj_xlwings.vocabulary.commands import BY_ID, COMMANDS, GROUPS, ICONS

MSO = f"{{{NAMESPACE}}}"
SCHEMA = "data/openxml/schemas/schemas_microsoft_com_office_2006_01_customui.json"
"""Microsoft's schema, as the Open XML SDK publishes it and openxml-audit carries it."""


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return json.loads(resources.files("openxml_audit").joinpath(SCHEMA).read_text(encoding="utf-8"))


def root(commands=COMMANDS) -> etree._Element:
    return etree.fromstring(ribbon(commands))


def buttons() -> list[etree._Element]:
    return list(root().iter(f"{MSO}button"))


def faults(schema: dict[str, Any], element: etree._Element, kind: str) -> list[str]:
    """What the schema has against an element of this type and those below it."""
    types = {each["Name"]: each for each in schema["Types"]}
    enums = {each["Type"]: {facet["Value"] for facet in each["Facets"]} for each in schema["Enums"]}
    type_ = types[kind]
    found = []
    known = {each["QName"].lstrip(":"): each for each in type_.get("Attributes", [])}
    for name, value in element.attrib.items():
        if name not in known:
            found.append(f"{kind}: unknown attribute {name}")
            continue
        given = {argument["Name"]: argument["Value"] for each in known[name].get("Validators", []) for argument in each.get("Arguments", [])}
        if not int(given.get("MinLength", 0)) <= len(value) <= int(given.get("MaxLength", 10**6)):
            found.append(f"{kind}: length of {name}")
        if "Size" in known[name]["Type"] and value not in enums["mso:ST_Size"]:
            found.append(f"{kind}: value of {name}")
    below = {each["Name"].rpartition("mso:")[2]: each["Name"] for each in type_.get("Children", [])}
    for child in element:
        name = etree.QName(child).localname
        found += faults(schema, child, below[name]) if name in below else [f"{kind}: unknown element {name}"]
    return found


def test_no_unknown_element_or_attribute(schema: dict[str, Any]) -> None:
    """Microsoft's schema has nothing against it: elements, attributes, lengths, sizes."""
    assert faults(schema, root(), "mso:CT_CustomUI/mso:customUI") == []


def test_the_schema_would_object(schema: dict[str, Any]) -> None:
    """The check above sees an attribute of 2009, a size that is none and a text that is too long."""
    wrong = root()
    button = next(wrong.iter(f"{MSO}button"))
    button.set("autoScale", "true")
    button.set("size", "huge")
    button.set("label", "长" * 2000)
    found = faults(schema, wrong, "mso:CT_CustomUI/mso:customUI")
    assert {fault.rpartition(": ")[2] for fault in found} == {"value of size", "length of label", "unknown attribute autoScale"}


def test_ids_are_unique_names() -> None:
    """Every id occurs once and is an XML name without a colon; a duplicate would hide the whole tab."""
    ids = [element.get("id") for element in root().iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", id_) for id_ in ids)


def test_one_button_a_command() -> None:
    """The buttons are the commands that have a group, each under its group, in the order of the declarations."""
    found = {group.get("label"): [button.get("tag") for button in group] for group in root().iter(f"{MSO}group")}
    assert found == {label: [command.id for command in COMMANDS if command.group == label] for label in GROUPS}
    assert {command.group for command in COMMANDS} <= {"", *GROUPS}


def test_every_tag_is_a_command_and_every_callback_a_sub() -> None:
    """What a click hands over is a declared command, and Excel finds the Sub it calls."""
    subs = {
        f"{path.stem}.{name}" for path in sources().glob("*.bas")
        for name in re.findall(r"^Public Sub (\w+)\(control As IRibbonControl\)$", path.read_text(encoding="ascii"), re.MULTILINE)
    }
    for button in buttons():
        assert button.get("tag") in BY_ID
        assert button.get("onAction") in subs


def test_icons_stand_in_the_list() -> None:
    """Each button has a picture that Excel knows."""
    assert {button.get("imageMso") for button in buttons()} <= ICONS


def test_five_buttons_are_large() -> None:
    """Those that matter daily, and no more."""
    assert len([button for button in buttons() if button.get("size") == "large"]) == 5


def test_tips_are_the_vocabularys() -> None:
    """A button explains itself in the words of its command."""
    for button in buttons():
        command = BY_ID[button.get("tag")]
        assert (button.get("label"), button.get("screentip"), button.get("supertip")) == (command.label, command.label, command.help)


def test_a_new_command_needs_no_new_vba() -> None:
    """A command declared with a group has its button, calling the same Sub; one without has none."""
    new = Command("stamp", "commands.stamp", "盖章 <&>", "盖一个章。", (), icon="Help", group=GROUPS[-1])
    hidden = Command("engine", "commands.engine", "引擎", "看不见。", (), icon="Help")
    made = root((*COMMANDS, new, hidden))
    added = {button.get("tag"): button for button in made.iter(f"{MSO}button")}
    assert set(added) == {button.get("tag") for button in buttons()} | {"stamp"}
    assert added["stamp"].get("label") == "盖章 <&>"
    assert added["stamp"].get("onAction") == added["check"].get("onAction")
