"""Every chunk and every event, on disk: one writer, many readers.

==========  =====================================================================================
entry       what the journal holds: entries, clients
journal     the live journal: `append`, its health, its end (`intake` is its hot path)
reader      entries by id, by client and direction, by filter; live or from an old file
context     a chunk's text, decoded as a part of its stream
find        the next match, also one that spans chunks
bookmarks   what the user noted at entries
copying     a whole copy in one file, also while traffic runs
shelf       the files of earlier runs: kept, deleted, offered after a crash
==========  =====================================================================================

The way of an entry: `intake` gives it an id and keeps it in memory; `writer` takes what has
gathered and has `store` commit it; `trail` notes the ids of each client and kind; `pruning` deletes
the oldest when the file gets too large, but nothing that a follower still needs (`holds`).
`opening` opens files, anybody's; `schema`, `extent` and `blocks` believe nothing that is in them.
"""
