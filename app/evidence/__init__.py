"""Evidence: what a journal holds, taken out of it in a form that others can read.

==========  =====================================================================================
selection   which entries: all, some ids, some clients or kinds, a span of time
source      the selected entries a batch at a time, their text, their clients; what is missing
form        each format's name and suffix
formats     each format's writer, and `export`: the one way to a file
lines       TXT: a line for each entry, as in the log
table       CSV, for Excel and LibreOffice
jsonl       JSON lines, for programs; the console's `--json` prints the same
page        HTML, for people
raw         the bytes of each client and direction, a file each
pcapng      reconstructed packets for Wireshark (`parties`, `talks`, `packets`)
archive     ZIP: a copy of the journal with settings and check sums; `verify`
whole       files and folders that appear whole or not at all
==========  =====================================================================================

A format is a generator of pieces: it holds one batch, so a journal of any size takes the same
memory. No Qt: the window and the command line call the same `export`.
"""
