"""The steps of making a bundle, with nothing but the standard library.

===========  =====================================================================
pe           what a Windows program file says of itself, read on any system
pe_audit     what must hold for those of a bundle
===========  =====================================================================
"""
