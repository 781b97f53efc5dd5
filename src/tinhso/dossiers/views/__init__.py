"""Pages of the one-stop: the officers' desks and the applicant's filing."""
