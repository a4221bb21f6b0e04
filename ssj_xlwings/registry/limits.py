"""Run a script of ours within limits of memory and time: `python limits.py SCRIPT ARGUMENTS`. It imports nothing of ours, to be run by path."""

from __future__ import annotations

import runpy
import sys
from contextlib import suppress

MEMORY = 3 * 1024**3
"""Bytes of address space; where the platform keeps no such limit, the parent's time limit remains."""
SECONDS = 120
PROCESS_MEMORY, EXTENDED_LIMITS = 0x100, 9
"""JOB_OBJECT_LIMIT_PROCESS_MEMORY, JobObjectExtendedLimitInformation."""


def limit() -> None:
    """Bound memory and time of this process, on platforms that can."""
    try:
        import resource
    except ImportError:  # Windows
        with suppress(OSError, AttributeError):  # without it the parent's time limit remains
            enclose(MEMORY)
        return
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        with suppress(ValueError, OSError):  # a lower limit stands already, or macOS, which does not keep this one
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))


def enclose(memory: int) -> None:
    """Put this process into a job object of Windows that bounds its memory. OSError if Windows does not want that.

    learn.microsoft.com, JOBOBJECT_EXTENDED_LIMIT_INFORMATION: only its LimitFlags and ProcessMemoryLimit are filled in.
    """
    import ctypes
    from ctypes import c_int64, c_size_t, c_uint32, c_uint64, c_void_p

    class Basic(ctypes.Structure):
        _fields_ = (("process_time", c_int64), ("job_time", c_int64), ("flags", c_uint32), ("least", c_size_t), ("most", c_size_t),
                    ("processes", c_uint32), ("affinity", c_size_t), ("priority", c_uint32), ("scheduling", c_uint32))

    class Extended(ctypes.Structure):
        _fields_ = (("basic", Basic), ("io", c_uint64 * 6), ("process_memory", c_size_t), ("job_memory", c_size_t), ("peak", c_size_t * 2))

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined, unused-ignore]
    kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = c_void_p
    job = c_void_p(kernel.CreateJobObjectW(None, None))
    bounds = Extended()
    bounds.basic.flags, bounds.process_memory = PROCESS_MEMORY, memory
    if not (kernel.SetInformationJobObject(job, EXTENDED_LIMITS, ctypes.byref(bounds), ctypes.sizeof(bounds))
            and kernel.AssignProcessToJobObject(job, c_void_p(kernel.GetCurrentProcess()))):
        raise OSError("no job object")


if __name__ == "__main__":
    limit()
    del sys.argv[0]
    runpy.run_path(sys.argv[0], run_name="__main__")
