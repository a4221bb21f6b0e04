"""What is said about a workbook as a file, and about cells that cannot be read as they stand."""

from __future__ import annotations

from ssj_xlwings.types import Sentence

BACKUPS = "备份"
"""The folder beside the workbook that keeps its former versions."""

MISSING = "找不到工作簿“{path}”。请检查文件名和文件夹是否写对。"
FOLDER = "“{path}”是文件夹，不是工作簿。请写出工作簿的文件名。"
LONG_NAME = "“{name}”的名字太长，旁边放不下备份。请把文件名改短（70 个汉字以内）再做一次。"
ODD_NAME = "“{name}”的名字里有认不出的字（不是 UTF-8）。请给文件改个名字再做一次。"
UNREADABLE = "读不了“{name}”（{why}）。请检查文件的权限，或者网络盘是否断开。"
NOT_WORKBOOK = "“{name}”不是 .xlsx 或 .xlsm 工作簿。请换成正确的文件，或者用 Excel 打开它，另存为 .xlsx 再用。"
OLD_XLS = "“{name}”是旧格式（.xls，或 WPS 的 .et）。请用 Excel 或 WPS 打开它，另存为 .xlsx 再用。"
ENCRYPTED = "“{name}”设有打开密码。请在 Excel 里取消密码（文件 → 信息 → 保护工作簿 → 用密码进行加密，清空后保存）再用。"
DAMAGED = "“{name}”已经损坏，读不完整。请用 Excel 打开修复后另存，或者从旁边的“备份”文件夹里取回最近的一份。"
TWISTED = "“{name}”的内部结构不正常（{how}），不像是 Excel 或 WPS 存出来的，为了安全没有打开。请向提供的人核实来源，或者用 Excel 打开后另存再用。"
HOWS = {
    "doctype": "带有 DTD 或实体定义", "names": "内部文件名越出文件包", "twice": "内部文件重名", "overlap": "内部文件互相重叠",
    "header": "内部文件的大小或名称前后不一", "packed": "用了不该有的压缩方式",
}
SIGNED = "“{name}”带有数字签名，一写入签名就会失效，所以没有写入。请先在 Excel 里删除签名（文件 → 信息 → 查看签名），做完再重新签。"
COVERED = "工作表“{sheet}”的 {area} 是合并单元格或数组公式，要写的内容会被它盖住，没有写入。请取消合并（或改掉数组公式）再做一次。"
UNDECLARED = "这次保存会动到本不该动的内容（{what}），已经停下，“{name}”保持原样。这是程序的错误，请把这句话和工作簿一起告诉开发者。"
UNWRITTEN = "写好以后读回来核对不上（{what}），已经停下，“{name}”保持原样。可能是原来就有坏掉的内容，也可能是磁盘有问题：请用 Excel 打开修复后另存，或者换个磁盘再试。"
XML_2003 = "“{name}”是 Excel 2003 的 XML 表格，只是名字像工作簿。请用 Excel 打开它，另存为 .xlsx 再用。"
WEB_PAGE = "“{name}”其实是网页，只是名字像工作簿。请用 Excel 打开它，另存为 .xlsx 再用。"
NO_FILE = "“{name}”不是普通文件，读不了。请写出工作簿的文件名。"
TOO_LARGE = "“{name}”里有一部分大得不正常，为了安全没有打开。请用 Excel 打开它，删掉多余的空行空列后另存。"

IN_EXCEL = "“{name}”正由 {who} 在 Excel（或 WPS）里打开着。请先保存并关闭，再做一次；如果确实没有人打开，请删除同一文件夹里的“{lock}”。"
IN_OFFICE = "“{name}”正由 {who} 在 LibreOffice 里打开着。请先保存并关闭，再做一次；如果确实没有人打开，请删除同一文件夹里的“{lock}”。"
IN_USE = "“{name}”正被别的程序打开着。请先关闭它，再做一次。"
BUSY = "另一个命令正在写“{name}”（电脑 {who}，{since} 开始）。请等它做完再做一次；如果它已经中断，请删除同一文件夹里的“{lock}”。"
SOMEONE = "别人"
UNKNOWN = "不详"
READ_ONLY = "“{name}”是只读的，写不进去。请在文件属性里去掉“只读”再做一次。"
FOLDER_READ_ONLY = "文件夹“{folder}”不能写入。请把工作簿放到可以写的文件夹里再做一次。"
CANNOT_WRITE = "“{name}”没有写成（{why}），文件保持原样。请检查磁盘空间和权限再做一次。"
CHANGED = "“{name}”在读过之后被改动了，为了不盖掉改动，这次没有写入。请再做一次。"

SHEET_MISSING = "工作簿里找不到工作表“{sheet}”。请把它的名称改回来，或者从“备份”文件夹里取回；旧版的工作簿请先“升级工作簿”。"
SHEET_RENAMED = "工作簿里找不到工作表“{sheet}”。“{seen}”里的标题与它一样，像是它改了名。请在 Excel 里双击这个标签，改回“{sheet}”，再做一次。"
HEADING_RENAMED = "工作表“{sheet}”里找不到标题“{heading}”。{cell} 的“{seen}”像是它改了名。请在 Excel 里把 {cell} 改回“{heading}”，再做一次。"
HEADING_MISSING = "工作表“{sheet}”里找不到标题“{heading}”。请把标题改回来再做一次。"
HEADING_TWICE = "工作表“{sheet}”里标题“{heading}”出现了两次（{cells}），不知道该用哪一列。请把多余的那个改名。"
NO_ROOM = "工作表“{sheet}”的表格往下放不下新的行：第 {row} 行已经有内容或汇总行。请把它移到别处（或关掉汇总行）再做一次。"
TOTALS_STUCK = "工作表“{sheet}”第 {row} 行是汇总行，上面有批注或合并单元格，没法跟着表格下移。请先去掉它（或关掉汇总行）再做一次。"
LOOSE = (
    "工作表“{sheet}”第 {row} 行紧挨着表格，却没有填“{headings}”，分不清是表格的一行还是说明，没有写入。"
    "是表格的一行，请填上“{headings}”，或拖动表格右下角把它包进来；是合计、说明，请移到别处。然后再做一次。"
)
FULL = "工作表“{sheet}”已经到了 Excel 的最后一行，放不下新的行。"
TOO_LONG = "要写入工作表“{sheet}”“{heading}”列的一格超过了 Excel 的上限 32767 个字，没有写入。请缩短后再做一次。"
LONG_CELL = "工作表“{sheet}”第 {row} 行“{heading}”里的文字超过了 Excel 一格的上限 32767 个字，没有读入。请缩短后再做一次。"

DAMAGED_CODE = Sentence("“{heading}”里的代码存成了数字，已经不准。", "请先把单元格设为文本，再从原始资料重新录入。")
ERROR_VALUE = Sentence("“{heading}”里是错误值。", "请改成正确的内容，或者清空。")
TEXT_WANTED = "文本格式的代码"
NO_ERROR = "不能是错误值"
