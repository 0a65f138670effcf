"""How the tables of a workspace came to be: one step after the other, run by Alembic where one is lacking."""
