"""Which bodies run the one-stop, the interlinked one-stop and official signatures."""
