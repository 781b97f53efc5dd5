"""Hold the commands of `tinhso`: one file each, its click command named `command`."""
