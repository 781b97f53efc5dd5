"""Wire the modules into one running province: settings, addresses, processes, commands."""
