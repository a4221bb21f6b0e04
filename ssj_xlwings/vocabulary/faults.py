"""What the operating system complained of, in Chinese."""

from __future__ import annotations

import errno

REASONS = {
    errno.ENOENT: "文件夹不存在", errno.EACCES: "没有权限", errno.EPERM: "没有权限", errno.EEXIST: "已有同名的文件", errno.ENOTDIR: "上一级不是文件夹",
    errno.EISDIR: "它是一个文件夹", errno.ENOSPC: "磁盘满了", errno.EROFS: "磁盘只读", errno.ENAMETOOLONG: "名字太长", errno.EBUSY: "正被别的程序使用",
    errno.EIO: "磁盘读写出错", errno.EINVAL: "名字里有不能用的字符", errno.ENODEV: "没有这个设备", errno.ETXTBSY: "正被别的程序使用",
}


def reason(error: OSError) -> str:
    """Why a file could not be read or written; the system's number where there is no word for it."""
    return REASONS.get(error.errno or 0, f"系统错误 {error.errno}")
