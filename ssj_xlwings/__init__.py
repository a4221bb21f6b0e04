"""双随机、一公开: random subjects, random inspectors, public results, in one Excel workbook."""

__version__ = "0.1.0"
