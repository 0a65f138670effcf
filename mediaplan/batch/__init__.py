"""Many briefs: each is answered in a worker process; one that fails never stops the others."""
