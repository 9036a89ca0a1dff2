"""The teaching room: what the program shows, played by real sockets and threads.

calls, recorder, call_text   what the traced threads did, kept and put in Python's words
habits, crowd                demo clients: what each kind does, and the thread that plays them
"""
