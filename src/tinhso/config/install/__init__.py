"""Write what a machine in service needs: units, web server, settings. `tinhso install` is the command."""
