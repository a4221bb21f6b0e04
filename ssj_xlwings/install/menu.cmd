@echo off
rem ASCII only: cmd.exe reads this file in the code page of the PC. All words to people come from Python.
rem A dropped file comes in through the command line as Explorer wrote it: only so does an ampersand in a path survive.
setlocal DisableDelayedExpansion
set "SSJ_FOLDER=%~dp0"
set "PYTHON=%LOCALAPPDATA%\ssj\python\python.exe"
if not exist "%PYTHON%" set "PYTHON=%SSJ_FOLDER%ssj\python\python.exe"
setlocal EnableDelayedExpansion
set "SSJ_DROPPED=!cmdcmdline!"
if not exist "!PYTHON!" goto failed
"!PYTHON!" -B -m ssj_xlwings menu
if "!errorlevel!"=="0" exit
pause
exit
:failed
if not exist "!SSJ_FOLDER!ssj\failed.txt" goto alone
start "" notepad.exe "!SSJ_FOLDER!ssj\failed.txt"
exit 9
:alone
rem No program on this PC, and no pack around this file: nothing is here to say it but Windows' own PowerShell.
powershell.exe -NoProfile -Command "Add-Type -AssemblyName System.Windows.Forms; [void][Windows.Forms.MessageBox]::Show((-join [char[]](@GONE@)))"
exit 9
