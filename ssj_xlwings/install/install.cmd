@echo off
rem ASCII only: cmd.exe reads this file in the code page of the PC. All words to people come from Python.
setlocal DisableDelayedExpansion
set "HERE=%~dp0"
set "PYTHON=%HERE%ssj\python\python.exe"
if not exist "%PYTHON%" goto failed
"%PYTHON%" -B -m ssj_xlwings setup --from "%HERE%."
if "%errorlevel%"=="0" goto done
if "%errorlevel%"=="1" goto done
if "%errorlevel%"=="2" goto done
if "%errorlevel%"=="3" goto done
:failed
if not exist "%HERE%ssj\failed.txt" goto alone
start "" notepad.exe "%HERE%ssj\failed.txt"
exit /b 9
:alone
rem Copied without its folder, or started inside a zip: nothing is here to say it but Windows' own PowerShell.
powershell.exe -NoProfile -Command "Add-Type -AssemblyName System.Windows.Forms; [void][Windows.Forms.MessageBox]::Show((-join [char[]](@ALONE@)))"
exit /b 9
:done
pause
