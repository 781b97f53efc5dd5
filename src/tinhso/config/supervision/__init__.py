"""Keep the processes of the province running: start, start again, replace without a dropped request, end."""
