; The installer's own words in English; chinese.nsh has the same names.
!define ENGLISH_DESCRIPTION "Portside installer (network debugging assistant, server side)"
!define L ${LANG_ENGLISH}
LangString PROGRAM_ABOUT ${L} "The program, and its entry in the Start menu."
LangString DESKTOP_TITLE ${L} "Shortcut on the desktop"
LangString DESKTOP_ABOUT ${L} "Start Portside from the desktop."
LangString LINK_COMMENT ${L} "Network debugging assistant, server side"
LangString STILL_RUNNING ${L} "Portside is running in$\r$\n$INSTDIR$\r$\n$\r$\nClose its windows, then press Retry. Clients that are connected will be disconnected; the journal keeps everything."
LangString OLD_WINDOWS ${L} "Portside needs 64-bit Windows 10, version 1809 or later."
LangString NEWER_INSTALLED ${L} "Portside $0 is installed, newer than this ${VERSION}. Replace it by the older version?"
LangString FOLDER_TAKEN ${L} "This folder is not empty and holds no Portside:$\r$\n$INSTDIR$\r$\n$\r$\nChoose an empty or a new folder."
LangString FOLDER_PORTABLE ${L} "This folder holds a portable Portside with its own settings and journals:$\r$\n$INSTDIR$\r$\n$\r$\nChoose another folder. To upgrade a portable copy, unpack the new zip over it."
LangString NOT_WRITTEN ${L} "Portside could not be written to$\r$\n$INSTDIR$\r$\n$\r$\nIs the disk full, or is something in this folder open in another program? What was there before is there again."
LangString UN_PROGRAM_ABOUT ${L} "The program and its shortcuts."
LangString DATA_TITLE ${L} "My journals, settings and lessons"
LangString DATA_ABOUT ${L} "Also delete every journal, all settings and your own lessons for good."
!undef L
