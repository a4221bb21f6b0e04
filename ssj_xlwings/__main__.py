"""`python -m ssj_xlwings` is `ssj`."""

from ssj_xlwings.doors.cli import main

main()
