"""Taking back the last step, from the copy that was kept before it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ssj_xlwings.books import backup, cells
from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.types import Outcome, Patch, Refusal
from ssj_xlwings.vocabulary.sentences import live as say
from ssj_xlwings.vocabulary.tables import BY_NAME

if TYPE_CHECKING:
    from ssj_xlwings.types import Frame, Request


def undo(request: Request) -> Outcome:
    """Every cell that the last step changed, as it was; a table ends where it did, unless staff use the rows since. Refusal: there is none, it stands in the log, or its tables changed since."""
    if request.book is None:
        raise RuntimeError("this command works on a book")
    step = backup.last(request.book)
    if step is None:
        raise Refusal(say.NO_STEP)
    if step.closed:
        raise Refusal(say.STEP_CLOSED, label=step.label)
    copy = backup.copy_of(request.book, step)
    if not copy.exists():
        raise Refusal(say.STEP_COPY_GONE, copy=step.copy)
    for name, after in step.after.items():
        if cells.fingerprint(BY_NAME[name], request.view[name]) != after:
            raise Refusal(say.STEP_OVERWRITTEN, label=step.label, sheet=BY_NAME[name].sheet, copy=step.copy)
    former = FileBook(copy)
    before, ends = former.read(step.after), former.ends(step.after)
    found = (difference(name, before[name], request.view[name]) for name in step.after)
    changes = [replace(patch, end=ends[patch.table]) for patch in found if patch.cells]
    return Outcome(message=say.UNDONE.format(label=step.label, count=sum(len(change.cells) for change in changes)), changes=changes)


def difference(table: str, wanted: Frame, now: Frame) -> Patch:
    """The cells that turn one state of a table into another; a row that was not there becomes blank."""
    names = [column.name for column in BY_NAME[table].columns if not column.formula]
    rows = wanted.index.union(now.index)
    want, have = wanted.reindex(rows, fill_value="")[names], now.reindex(rows, fill_value="")[names]
    found = (want != have).to_numpy()
    return Patch(table, {(int(rows[at]), names[column]): str(want.iat[at, column]) for at, column in zip(*found.nonzero(), strict=True)})
