"""Where it is kept: clients, what was imported for them, their briefs and plans, in SQLite or PostgreSQL.

What stands in a workspace is a log: an import adds rows and never changes those of another. What counts now is worked
out from the log by the same functions that read loose files, so that both give the same plan, and taking an import back
leaves what there would be without it.
"""
