; The installer's own words in Chinese; english.nsh has the same names.
!define CHINESE_DESCRIPTION "Portside 安装程序(网络调试助手 · 服务端)"
!define L ${LANG_SIMPCHINESE}
LangString PROGRAM_ABOUT ${L} "程序本身,以及开始菜单中的入口。"
LangString DESKTOP_TITLE ${L} "桌面快捷方式"
LangString DESKTOP_ABOUT ${L} "从桌面启动 Portside。"
LangString LINK_COMMENT ${L} "网络调试助手 · 服务端"
LangString STILL_RUNNING ${L} "Portside 正在运行,位置:$\r$\n$INSTDIR$\r$\n$\r$\n请关闭它的窗口,然后按“重试”。已连接的客户端会断开,日志不会丢失。"
LangString OLD_WINDOWS ${L} "Portside 需要 64 位的 Windows 10(1809 或更高版本)。"
LangString NEWER_INSTALLED ${L} "已安装的 Portside $0 比现在要装的 ${VERSION} 新。要换成旧版本吗?"
LangString FOLDER_TAKEN ${L} "这个文件夹不是空的,里面也没有 Portside:$\r$\n$INSTDIR$\r$\n$\r$\n请选择空文件夹或新文件夹。"
LangString FOLDER_PORTABLE ${L} "这个文件夹里是便携版 Portside,设置和日志都在其中:$\r$\n$INSTDIR$\r$\n$\r$\n请选择别的文件夹。升级便携版只需把新的 zip 解压覆盖过去。"
LangString NOT_WRITTEN ${L} "无法把 Portside 写入$\r$\n$INSTDIR$\r$\n$\r$\n是磁盘已满,还是文件夹里有文件正被别的程序使用?原来的内容已经恢复。"
LangString UN_PROGRAM_ABOUT ${L} "程序本身和它的快捷方式。"
LangString DATA_TITLE ${L} "我的日志、设置和课程"
LangString DATA_ABOUT ${L} "同时永久删除所有日志、全部设置和自己的课程。"
!undef L
