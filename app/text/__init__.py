"""Bytes to text and back: encodings, stream decoders, hex, escapes, typed text to bytes.

Everything here is pure and stateless but for `StreamDecoder`, which belongs to one thread at a
time. Positions in faults count Python characters (code points), not Qt's UTF-16 units.

Decoded text is an ordinary `str` in which a byte b that belongs to no character stands as the
lone surrogate U+DC00+b. No valid data decodes to a lone surrogate, so nothing is ever dropped or
confused.
"""
