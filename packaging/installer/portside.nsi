; Portside's installer for Windows: for one user, without an administrator, Chinese and English.
;
; installer/making.py calls makensis with:
;   TARGET   amd64-unicode, or x86-unicode where makensis has no stub for the former
;   SOURCE   the bundle's folder          ITEMS    a generated file: the names in that folder
;   OUTPUT   the installer to write       ICON     the program's icon
;   VERSION  as people write it           VERSION4 the same as four numbers
;   SIZE_KB  what will lie on the disk
;
; Switches: /S silent, /D=FOLDER where to (the last one, no quotes), /DESKTOP with a shortcut on
; the desktop. The uninstaller: /S silent, /DELETEDATA with journals and settings.
; Exit codes: 0 done, 1 cancelled, 2 failed, 3 Portside is running, 4 not this folder,
; 5 not this Windows.
;
; An upgrade moves the former version aside, and moves it back if anything fails.

!define NAME "Portside"
!define PUBLISHER "Portside"
!define PROGRAM "Portside.exe"
!define CONSOLE "portside-console.exe"
!define FORMER ".former"
!define PORTABLE_MARKER "portable.txt"
!define APP_ID "Portside.Portside"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define OLDEST_BUILD 17763 ; Windows 10 1809, what Qt asks for

!define BUSY 3
!define WRONG_FOLDER 4
!define WRONG_WINDOWS 5

Target ${TARGET}
SetCompressor /SOLID lzma
RequestExecutionLevel user
ManifestDPIAware true
ManifestSupportedOS Win10
Name "${NAME}"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${UNINSTALL_KEY}" "InstallLocation"
BrandingText "${NAME} ${VERSION}"
ShowInstDetails nevershow
ShowUninstDetails nevershow

!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include WordFunc.nsh
!include WinVer.nsh
!include x64.nsh
!include Win/COM.nsh
!include Win/Propkey.nsh

Var Aside   ; "yes" while a former version waits in ${FORMER}
Var HadData ; "yes" if there are journals or settings

; -- pages ------------------------------------------------------------------------------------

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_COMPONENTSPAGE_SMALLDESC
!define MUI_FINISHPAGE_RUN "$INSTDIR\${PROGRAM}"
!define MUI_FINISHPAGE_NOAUTOCLOSE
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_COMPONENTS
!define MUI_PAGE_CUSTOMFUNCTION_LEAVE CheckFolder
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!define MUI_PAGE_CUSTOMFUNCTION_PRE un.SkipWithoutData
!insertmacro MUI_UNPAGE_COMPONENTS
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES

; The first language is for everybody whose own is not here.
!insertmacro MUI_LANGUAGE English
!insertmacro MUI_LANGUAGE SimpChinese
SetFont /LANG=${LANG_SIMPCHINESE} "Microsoft YaHei UI" 9
!include /CHARSET=UTF8 english.nsh
!include /CHARSET=UTF8 chinese.nsh

VIProductVersion ${VERSION4}
VIFileVersion ${VERSION4}
!macro VersionWords LANG DESCRIPTION
  VIAddVersionKey /LANG=${LANG} ProductName "${NAME}"
  VIAddVersionKey /LANG=${LANG} ProductVersion "${VERSION}"
  VIAddVersionKey /LANG=${LANG} FileVersion "${VERSION}"
  VIAddVersionKey /LANG=${LANG} CompanyName "${PUBLISHER}"
  VIAddVersionKey /LANG=${LANG} LegalCopyright "MIT"
  VIAddVersionKey /LANG=${LANG} FileDescription "${DESCRIPTION}"
!macroend
!insertmacro VersionWords ${LANG_ENGLISH} "${ENGLISH_DESCRIPTION}"
!insertmacro VersionWords ${LANG_SIMPCHINESE} "${CHINESE_DESCRIPTION}"

; ITEMS defines EachItem DO: `!insertmacro DO name` for each file and folder at the bundle's top.
; What a former version had there and this one has not is to be named here.
!include /CHARSET=UTF8 "${ITEMS}"

; -- shared by installer and uninstaller ------------------------------------------------------

!macro RemoveItem ITEM
  ${If} ${FileExists} "$INSTDIR\${ITEM}\*"
    RMDir /r "$INSTDIR\${ITEM}"
  ${Else}
    Delete "$INSTDIR\${ITEM}"
  ${EndIf}
!macroend

; Windows does not let anybody write to a program that runs.
!macro IsRunning PROGRAM RESULT
  ${If} ${FileExists} "$INSTDIR\${PROGRAM}"
    ClearErrors
    FileOpen $0 "$INSTDIR\${PROGRAM}" a
    ${If} ${Errors}
      StrCpy ${RESULT} "yes"
    ${Else}
      FileClose $0
    ${EndIf}
  ${EndIf}
!macroend

; Return when nothing runs from $INSTDIR. A server with clients is not ended behind its user's
; back: they are asked to close it. Silently: wait ten seconds, then give up.
!macro WaitUntilClosed UN
Function ${UN}WaitUntilClosed
  StrCpy $1 0
  ${Do}
    StrCpy $2 "no"
    !insertmacro IsRunning "${PROGRAM}" $2
    !insertmacro IsRunning "${CONSOLE}" $2
    ${If} $2 == "no"
      Return
    ${EndIf}
    ${If} ${Silent}
      IntOp $1 $1 + 1
      Sleep 500
      ${If} $1 < 20
        ${Continue}
      ${EndIf}
    ${ElseIf} ${Cmd} `MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(STILL_RUNNING)" IDRETRY`
      ${Continue}
    ${EndIf}
    SetErrorLevel ${BUSY}
    Quit
  ${Loop}
FunctionEnd
!macroend
!insertmacro WaitUntilClosed ""
!insertmacro WaitUntilClosed "un."

; -- installing -------------------------------------------------------------------------------

Function .onInit
  ${IfNot} ${AtLeastBuild} ${OLDEST_BUILD}
  ${OrIfNot} ${RunningX64}
    MessageBox MB_OK|MB_ICONSTOP "$(OLD_WINDOWS)" /SD IDOK
    SetErrorLevel ${WRONG_WINDOWS}
    Quit
  ${EndIf}
  ReadRegStr $0 HKCU "${UNINSTALL_KEY}" "DisplayVersion"
  ${If} $0 != ""
    ${VersionCompare} $0 "${VERSION}" $1
    ${If} $1 == 1 ; what is there is newer
      MessageBox MB_OKCANCEL|MB_ICONQUESTION|MB_DEFBUTTON2 "$(NEWER_INSTALLED)" /SD IDOK IDOK go_on
      SetErrorLevel 1
      Quit
      go_on:
    ${EndIf}
  ${EndIf}
  Call ChooseDesktop
FunctionEnd

; Only a folder that is new, empty or already ours is filled, since an upgrade and an uninstall
; remove what they find under our names.
Function CheckFolder
  ${If} ${FileExists} "$INSTDIR\${PORTABLE_MARKER}"
    StrCpy $0 "$(FOLDER_PORTABLE)"
  ${ElseIf} ${FileExists} "$INSTDIR\${PROGRAM}"
  ${OrIf} ${FileExists} "$INSTDIR\${FORMER}\${PROGRAM}"
    Return
  ${Else}
    ${DirState} "$INSTDIR" $0 ; 1: there is something in it
    ${If} $0 != 1
      Return
    ${EndIf}
    StrCpy $0 "$(FOLDER_TAKEN)"
  ${EndIf}
  MessageBox MB_OK|MB_ICONEXCLAMATION $0 /SD IDOK
  SetErrorLevel ${WRONG_FOLDER}
  ${If} ${Silent}
    Quit
  ${EndIf}
  Abort ; back to the page
FunctionEnd

!macro SetAside ITEM
  ${If} ${FileExists} "$INSTDIR\${ITEM}"
    Rename "$INSTDIR\${ITEM}" "$INSTDIR\${FORMER}\${ITEM}"
  ${EndIf}
!macroend

!macro PutBack ITEM
  ${If} ${FileExists} "$INSTDIR\${FORMER}\${ITEM}"
    !insertmacro RemoveItem "${ITEM}"
    Rename "$INSTDIR\${FORMER}\${ITEM}" "$INSTDIR\${ITEM}"
  ${EndIf}
!macroend

Function PutFormerBack
  ${If} $Aside == "yes"
    SetOutPath "$TEMP"
    !insertmacro EachItem PutBack
    RMDir "$INSTDIR\${FORMER}"
    StrCpy $Aside "no"
  ${EndIf}
FunctionEnd

Function .onInstFailed
  Call PutFormerBack
FunctionEnd

Function GiveUp
  Call PutFormerBack
  MessageBox MB_OK|MB_ICONSTOP "$(NOT_WRITTEN)" /SD IDOK
  SetErrorLevel 2
  Quit
FunctionEnd

Section "${NAME}" ProgramSection
  SectionIn RO
  Call CheckFolder
  Call WaitUntilClosed
  ${If} ${FileExists} "$INSTDIR\${FORMER}" ; an upgrade was interrupted: what it left is whole
    StrCpy $Aside "yes"
    Call PutFormerBack
  ${EndIf}
  ClearErrors
  CreateDirectory "$INSTDIR\${FORMER}"
  StrCpy $Aside "yes"
  !insertmacro EachItem SetAside
  ${If} ${Errors} ; something in there is open
    Call GiveUp
  ${EndIf}
  SetOutPath "$INSTDIR"
  SetOverwrite try
  File /r "${SOURCE}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  ${If} ${Errors}
    Call GiveUp
  ${EndIf}
  StrCpy $Aside "no"
  RMDir /r "$INSTDIR\${FORMER}"
  Call Register
  StrCpy $0 "$SMPROGRAMS\${NAME}.lnk"
  Call Link
SectionEnd

Section /o "$(DESKTOP_TITLE)" DesktopSection
  StrCpy $0 "$DESKTOP\${NAME}.lnk"
  Call Link
SectionEnd

; An upgrade keeps what the user made of the shortcut on the desktop.
Function ChooseDesktop
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/DESKTOP" $1
  ${IfNot} ${Errors}
  ${OrIf} ${FileExists} "$DESKTOP\${NAME}.lnk"
    !insertmacro SelectSection ${DesktopSection}
  ${EndIf}
FunctionEnd

Function Register
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\${PROGRAM},0"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
FunctionEnd

; Make the shortcut $0. It carries the identity that the program gives its windows, so that a
; pinned one and a running one share a place in the taskbar.
Function Link
  CreateShortCut $0 "$INSTDIR\${PROGRAM}" "" "$INSTDIR\${PROGRAM}" 0 SW_SHOWNORMAL "" "$(LINK_COMMENT)"
  !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r1 ""
  ${If} $1 P= 0
    Return
  ${EndIf}
  ${IUnknown::QueryInterface} $1 '("${IID_IPersistFile}",.r2)'
  ${If} $2 P<> 0
    ${IPersistFile::Load} $2 '(r0,${STGM_READWRITE})'
    ${IUnknown::QueryInterface} $1 '("${IID_IPropertyStore}",.r3)'
    ${If} $3 P<> 0
      System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.r4'
      System::Call '*(&w${NSIS_MAX_STRLEN} "${APP_ID}")p.r6'
      System::Call '*${SYSSTRUCT_PROPVARIANT}(${VT_LPWSTR},,p r6)p.r5'
      ${IPropertyStore::SetValue} $3 '(r4,r5)'
      ${IPropertyStore::Commit} $3 ""
      System::Free $4
      System::Free $5
      System::Free $6
      ${IUnknown::Release} $3 ""
      ${IPersistFile::Save} $2 '(r0,1)'
    ${EndIf}
    ${IUnknown::Release} $2 ""
  ${EndIf}
  ${IUnknown::Release} $1 ""
FunctionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${ProgramSection} "$(PROGRAM_ABOUT)"
  !insertmacro MUI_DESCRIPTION_TEXT ${DesktopSection} "$(DESKTOP_ABOUT)"
!insertmacro MUI_FUNCTION_DESCRIPTION_END

; -- uninstalling -----------------------------------------------------------------------------

Section "un.${NAME}" un.ProgramSection
  SectionIn RO
  Call un.WaitUntilClosed
  SetOutPath "$TEMP" ; not in the folder that is to go
  !insertmacro EachItem RemoveItem
  RMDir /r "$INSTDIR\${FORMER}"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR" ; stays if there is something in it that is not ours
  Delete "$SMPROGRAMS\${NAME}.lnk"
  Delete "$DESKTOP\${NAME}.lnk"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
SectionEnd

Section /o "un.$(DATA_TITLE)" un.DataSection
  RMDir /r "$LOCALAPPDATA\${NAME}"
  RMDir /r "$APPDATA\${NAME}"
SectionEnd

Function un.onInit
  ${If} ${FileExists} "$LOCALAPPDATA\${NAME}"
  ${OrIf} ${FileExists} "$APPDATA\${NAME}"
    StrCpy $HadData "yes"
  ${EndIf}
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/DELETEDATA" $1
  ${IfNot} ${Errors}
    !insertmacro SelectSection ${un.DataSection}
  ${EndIf}
FunctionEnd

Function un.SkipWithoutData
  ${If} $HadData != "yes"
    Abort
  ${EndIf}
FunctionEnd

!insertmacro MUI_UNFUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${un.ProgramSection} "$(UN_PROGRAM_ABOUT)"
  !insertmacro MUI_DESCRIPTION_TEXT ${un.DataSection} "$(DATA_ABOUT)"
!insertmacro MUI_UNFUNCTION_DESCRIPTION_END
