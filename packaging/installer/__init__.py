"""The installer for Windows, made with NSIS on Linux or on Windows.

===========  =====================================================================
making       calls makensis on portside.nsi
portside     (.nsi) what the installer and the uninstaller do
english,     (.nsh) their own words; NSIS has the rest in both languages
chinese
===========  =====================================================================
"""
