"""The steps of making a bundle, with nothing but the standard library.

===============  =================================================================
recipe           what goes into a bundle, and what is left out
windows_version  the version information of the Windows programs
pe               what a Windows program file says of itself, read on any system
pe_audit         what must hold for those of a bundle
audit            what must hold for the whole of it
packing          the portable zip, and the check sums
===============  =================================================================
"""
