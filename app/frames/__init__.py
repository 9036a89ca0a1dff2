"""The frames room: from bytes to messages. Pure: no sockets, no Qt, no words.

The journal keeps chunks, which is what the sockets did. Frames are a reading of it, computed when
somebody looks: changing the framing re-reads history.

========== ==========================================================================
framing    the rules that cut a stream into frames; one function for all of them
written    framings as they are written on the command line
cutting    runs a rule along one stream: frames, junk, what stayed incomplete
streams    cuts all streams of a journal at once, and tells where the frames are
fields     what a decoded frame says: named values with their places
reading    reads fields out of a frame, one by one or many in one go
escapes    bytes that stand for others inside a frame
checksums  the catalogue of all algorithms
seals      a checksum put into a message, and the search for an unknown one
client     what a program that serves a client is given
facade     what a kit imports as `portside.kit`
kits       loads a kit, tries its examples, keeps what it raises from everybody else
force      raises an exception in another thread
limit      ends calls of the user's kits that do not end by themselves
shelf      all kits, ours and the user's, and which of them may run
clue       what bytes may be that a length has cut wrongly
guess      which kit's protocol some bytes are
========== ==========================================================================

The built-in kits are `resources/kits/*.py`: to be read, copied and changed.
"""
