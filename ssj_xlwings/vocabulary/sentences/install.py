"""What is said about packing, setting up, and what a PC lacks."""

from __future__ import annotations

HOME_FOLDER = "双随机"
"""In the user's own folder: never redirected to a cloud drive, as 文档 and 桌面 may be."""
BOOK_NAME = "双随机台账"
INSTALL_FILE = "安装.cmd"
MENU_FILE = "双随机.cmd"
README_FILE = "先看这里.txt"
UNKNOWN = "原因不详"
UNKNOWN_VERSION = "版本不详"
NONE, THERE = "没有", "有"
ALLOWED, BLOCKED = "没有禁用", "已禁用"

# pack
NOT_EMBEDDED = "“{name}”不是嵌入版 Python。请到 python.org 下载 “Windows embeddable package (64-bit)”，文件名像 python-3.12.10-embed-amd64.zip。"
NOT_AMD64 = "“{name}”不是 64 位的嵌入版 Python。请下载文件名里带 embed-amd64 的那个。"
OLD_PYTHON = "“{name}”是 Python {seen}，太旧了。请下载 {want} 或更新的嵌入版。"
DOWNLOAD_FAILED = "下载组件没有成功：{why}。请检查网络后再做一次，或用 --wheels 给出已经下载好的文件夹。"
WHEELS_LACKING = "文件夹“{folder}”里缺少组件：{names}。请补齐，或去掉 --wheels 让程序自己下载。"
BAD_WHEEL = "“{name}”不是完好的组件文件（.whl）。请删除它再做一次。"
OUT_EXISTS = "文件夹“{path}”已经有内容。请换一个新文件夹。"
MISSING_IMPORT = "安装包里缺少“{module}”（{importer} 要用），还有 {more} 个。请换一个 Python 版本再做一次。"
DOWNLOADING = "正在下载组件…"
UNPACKING = "正在展开组件…"
COMPILING = "正在编译…"
SCANNING = "正在核对有没有缺少组件…"
PACKED = "安装包已做好：Python {python}，{wheels} 个组件，共 {size} MB。把整个文件夹“{name}”拷到 U 盘，在要用的电脑上双击里面的“安装.cmd”。"
SCANNED = "已核对 {read} 个组件模块，它们要用的都在。"
UNREAD = "有 {count} 个文件（例如 {first}）用了比本机更新的 Python 写法，没有核对；用同一版本的 Python 做安装包就能全部核对。"
COMPILED_LATER = "组件会在安装时编译（本机的 Python 版本与包里的 {python} 不同），安装会多用约一分钟。"
README_TEXT = """双随机工作台

一、安装：双击“安装.cmd”。不用联网，不用管理员权限。装好后会自动打开台账工作簿。
二、打开工作簿时如果上方出现黄色或红色的条：
    黄色“受保护的视图”：点“启用编辑”。
    黄色“宏已被禁用”：点“启用内容”。
    红色“已阻止宏运行”：关闭工作簿，在文件上点右键 → 属性 → 勾选“解除锁定” → 确定，再打开。
三、用 WPS，或者单位禁用了宏：双击“双随机.cmd”，或者把工作簿拖到它上面，按数字选择要做的事。
四、要求：64 位 Windows 10 或 11；Excel 2013 或更新（用“双随机.cmd”时不需要 Excel）。
五、如果出现蓝色的“Windows 已保护你的电脑”：点“更多信息”，再点“仍要运行”。
六、选项卡不能用，或者要撤销安装：双击“双随机.cmd”，选“安装到本机”，可以检查缺什么、放好加载宏、换回原来的加载宏。
七、换新版本：用新的安装包再装一次，工作簿不会动。
"""
FAILED_TEXT = """双随机工作台没有能够启动。

请逐项检查：
一、这台电脑必须是 64 位的 Windows 10 或 11。32 位 Windows、Windows 7 和 8 都不能用。
二、请把整个安装包文件夹拷过来，不能只拷其中一个文件。
三、杀毒软件如果拦下了 python.exe，请选择“允许”，或者请信息科加入信任。
做好后再双击一次“安装.cmd”。
"""

ALONE = "只有“安装.cmd”这一个文件，装不了。请把整个安装包文件夹拷到电脑上（压缩包要先全部解压），再双击里面的“安装.cmd”。"
PROGRAM_GONE = "这台电脑上没有双随机程序。请双击安装包里的“安装.cmd”装一次，再双击“双随机.cmd”。"

# setup
NOT_WINDOWS = "“ssj setup”只用在 Windows 电脑上。别的电脑可以直接用命令行，或者用 ssj pack 给 Windows 电脑做安装包。"
WINDOWS_32 = "这台电脑是 32 位 Windows，不能用。请换一台 64 位 Windows 10 或 11 的电脑。"
WINDOWS_OLD = "这台电脑的 Windows 太旧，不能用。请换一台 Windows 10 或 11 的电脑。"
NOT_A_PACK = "“{path}”不是安装包。请给出用 ssj pack 做好的那个文件夹。"
CLOSE_EXCEL = "Excel 正开着。请保存并关闭所有 Excel 窗口，再做一次。"
PROGRAM_IN_USE = "程序没有拷成（{why}）。请关闭 Excel 和别的双随机窗口，看看磁盘空间够不够，再做一次。"
CANNOT_WRITE = "没有做成（{why}）。请看看磁盘空间和文件夹的权限，再做一次。"
NO_XLWINGS = "找不到 xlwings 组件，装不了加载宏。请用完整的安装包再装一次。"
REPLACE_ADDIN = "Excel 启动文件夹里已有另一个 xlwings.xlam（{seen}），要换成 {want}。原件会另存到“{kept}”，以后可以换回：双击“双随机.cmd”，选“安装到本机”。换吗？"
ASK_REPLACE = "Excel 启动文件夹里已有另一个 xlwings.xlam（{seen}），与本程序要用的 {want} 不同。要换掉（原件会另存），请再运行一次：ssj setup --replace"
KEPT_AS_IS = "没有换掉原来的 xlwings.xlam，Excel 里的“双随机”选项卡不能用；可以用“双随机.cmd”。"
COPYING = "正在拷贝程序…"
SELF_TEST = "正在自检…"
SELF_TEST_FAILED = "自检没有通过：{why}"
SET_UP = "安装完成。{door}"
SET_UP_BUT = "程序已经拷好，但还有 {count} 处要处理。{door}"
PLACED_ADDIN = "已放好加载宏：{path}（{version}）"
ADDIN_SAME = "加载宏已是 {version}，不用换"
BACKED_UP = "原来的加载宏（{version}）另存为：{path}"
PLACED_BOOK = "台账工作簿：{path}"
BOOK_KEPT = "已有台账工作簿，没有动：{path}"
NOTHING_TO_UNDO = "这台电脑没有安装记录，不用撤销。"
UNDONE = "已撤销安装：{what}。程序文件还在“{path}”，不再需要可以直接删除这个文件夹。"
REMOVED_ADDIN = "加载宏已移除"
RESTORED_ADDIN = "原来的加载宏（{version}）已换回"
FOREIGN_ADDIN = "加载宏在安装后被别的程序换过，没有动"
LOST_BACKUP = "原来的加载宏备份“{path}”不见了，没有换回"

# --check
GOOD, BAD = "好　", "不行"
POINT_LINE = "{mark}　{what}{remedy}"
TO_DO = "　→ {remedy}"
POINT_WINDOWS = "Windows：{seen}，{bits} 位"
POINT_PYTHON = "Python：{path}"
POINT_PACKAGE = "程序版本：{seen}"
POINT_EXCEL = "Excel：{seen}"
POINT_WPS = "WPS：{seen}"
POINT_ADDIN = "加载宏 xlwings.xlam：{seen}"
POINT_MACROS = "宏：{seen}"
POINT_BOOK = "工作簿：{name}"
NO_PYTHON = "请用安装包里的“安装.cmd”再装一次。"
NO_PACKAGE = "请用安装包里的“安装.cmd”再装一次。"
OTHER_PACKAGE = "装的是 {seen}，现在运行的是 {want}。请用新的安装包再装一次。"
NO_EXCEL = "没有找到 Excel。请用“双随机.cmd”。"
OLD_EXCEL = "Excel 太旧（内部版本 {seen}）。请换 Excel 2013 或更新的版本，或者用“双随机.cmd”。"
HIJACKED = "WPS 接管了 Excel，选项卡不能用。请在“WPS 配置工具”里取消“兼容第三方系统和软件”，或者用“双随机.cmd”。"
NO_ADDIN = "“{path}”不在。请关闭 Excel，双击“双随机.cmd”，选“安装到本机”，放好加载宏。"
OTHER_ADDIN = "现在是 {seen}，应当是 {want}。请关闭 Excel，双击“双随机.cmd”，选“安装到本机”，放好加载宏。"
MACROS_OFF = "请在 Excel 里：文件 → 选项 → 信任中心 → 信任中心设置 → 宏设置，选“禁用所有宏，并发出通知”。"
MACROS_POLICY = "单位的策略禁用了宏，自己改不了。请用“双随机.cmd”，或者请信息科放行。"
FROM_INTERNET = "“{name}”被标记为来自互联网，宏会被阻止。请关闭它，在文件上点右键 → 属性 → 勾选“解除锁定” → 确定。"
RIBBON_DOOR = "这台电脑可以用：Excel 里的“双随机”选项卡；也可以用“双随机.cmd”。"
MENU_DOOR = "这台电脑请用“双随机.cmd”（双击它，或者把工作簿拖到它上面）。"
NO_DOOR = "这台电脑现在还不能用。请先处理上面标“不行”的第一处。"
CHECK_DONE = "检查了 {count} 处，{bad} 处要处理。{door}"
