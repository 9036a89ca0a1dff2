"""The steps of making a bundle, with nothing but the standard library.

===============  =================================================================
__main__         all stages on the system where it runs; the first thing to read
places           where things lie in the checkout
record           one stage after the other, and a table in the end
calls            other programs, each with a deadline
runner           running what was built
screen           an X screen for it
made             names, packing, audit
recipe           what goes into a bundle, and what is left out
windows_version  the version information of the Windows programs
linux_folder     what lies beside the programs on Linux
signing          for Windows, where there is a certificate
closure          what is needed, when each says what it wants
pe, elf          what a program file says of itself, read on any system
pe_audit,        what must hold for those of a bundle
elf_audit
audit            what must hold for the whole of it
packing          the zip, the tar.gz, and the check sums
trials           what its programs must be able to do
installed        the installed copy on Windows
===============  =================================================================

`wine` does the same stages for Windows on Debian.
"""
