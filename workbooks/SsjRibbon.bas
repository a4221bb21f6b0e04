Attribute VB_Name = "SsjRibbon"
Option Explicit
' The one callback of the ribbon: the tag of the button is the command, and Python does the rest.
' This source is ASCII, whatever the code page; the Chinese sentences are hexadecimal code points.
Private Const RUNNER As String = "xlwings.xlam!RunPython"

Public Sub SsjClick(control As IRibbonControl)
    Dim problem As String
    problem = Missing(Environ("LOCALAPPDATA") & "\ssj\python\")
    If problem = "" Then problem = Answer("from ssj_xlwings.doors import ribbon; ribbon.click('" & control.Tag & "')")
    If problem <> "" Then MsgBox U(problem), vbExclamation, U("53CC 968F 673A")
End Sub

' What xlwings would say in English, or not at all.
Private Function Missing(ByVal folder As String) As String
    Dim addin As String
    On Error Resume Next ' what cannot be asked for is missing
    addin = Workbooks("xlwings.xlam").Name
    If InStr(1, Application.Path, "WPS Office", vbTextCompare) > 0 Then
        Missing = "73B0 5728 7528 7684 662F 0020 0057 0050 0053 FF0C 8FD9 4E2A 6309 94AE 53EA 80FD 5728 0020 0045 0078 0063 0065 006C 0020 91CC 7528 3002 8BF7 4FDD 5B58 5E76 5173 95ED 5DE5 4F5C 7C3F FF0C 518D 53CC 51FB 201C 53CC 968F 673A 002E 0063 006D 0064 201D 3002"
    ElseIf Dir(folder & "python.exe") = "" Then
        Missing = "8FD9 53F0 7535 8111 4E0A 8FD8 6CA1 6709 88C5 53CC 968F 673A 7A0B 5E8F 3002 8BF7 53CC 51FB 201C 5B89 88C5 002E 0063 006D 0064 201D 3002"
    ElseIf Dir(folder & "Lib\site-packages\ssj_xlwings\__init__.py") = "" Then
        Missing = "53CC 968F 673A 7A0B 5E8F 4E0D 5B8C 6574 3002 8BF7 518D 53CC 51FB 4E00 6B21 201C 5B89 88C5 002E 0063 006D 0064 201D 3002"
    ElseIf addin = "" Then
        Missing = "0045 0078 0063 0065 006C 0020 91CC 7F3A 5C11 0020 0078 006C 0077 0069 006E 0067 0073 0020 52A0 8F7D 9879 3002 8BF7 5173 95ED 0020 0045 0078 0063 0065 006C FF0C 518D 53CC 51FB 4E00 6B21 201C 5B89 88C5 002E 0063 006D 0064 201D 3002"
    End If
End Function

Private Function Answer(ByVal code As String) As String
    Answer = "53CC 968F 673A 7A0B 5E8F 6CA1 6709 8DD1 8D77 6765 3002 8BF7 5173 95ED 0020 0045 0078 0063 0065 006C FF0C 518D 53CC 51FB 4E00 6B21 201C 5B89 88C5 002E 0063 006D 0064 201D FF1B 8FD8 4E0D 884C FF0C 8BF7 627E 7EF4 62A4 4EBA 5458 3002"
    On Error GoTo Done
    Application.StatusBar = U("53CC 968F 673A FF1A 6B63 5728 529E 7406 FF0C 8BF7 7A0D 5019 2026 2026")
    Application.Cursor = xlWait
    If Application.Run(RUNNER, code) <> -1 Then Answer = ""
Done:
    Application.StatusBar = False
    Application.Cursor = xlDefault
End Function

Private Function U(ByVal codes As String) As String
    Dim part As Variant
    For Each part In Split(codes, " ")
        U = U & ChrW(CLng("&H" & part))
    Next part
End Function
