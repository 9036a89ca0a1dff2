"""The lessons: Markdown files, ours in `resources/lessons/<language>`, the teacher's in one folder.

==============  ===============================================================
names           what a file's name says: its place, its name, its language
reading         one file: title, text, answer, links; or what is wrong with it
links           the few places that a link in a lesson may lead to
shelf           all of them, in teaching order, for one language
folder          the teacher's folder, and the how-to that lies in it
teachers_words  words that stand in those files
==============  ===============================================================

What a file holds is data: it is never run, and nothing that it names is fetched. The rules for a
teacher are those of `resources/lessons/how-to.*.txt`, where they stand for people:

- `25-queues.md` stands between 20 and 30; without a number it stands at the end.
- `25-queues.en.md` is for the English window, `25-queues.zh_CN.md` for the Chinese one,
  `25-queues.md` for both. A lesson in one language only is shown in both.
- The same name as one of ours takes its place, in the languages that the file is for.
- A file that cannot be shown hides nothing: it is listed with the reason.
"""
