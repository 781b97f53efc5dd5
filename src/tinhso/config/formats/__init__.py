"""Write and read dates and numbers as Vietnam does: the one that ships with Django misreads dates."""
