"""The command `tinhso`: every file in `commands/` is one command, loaded only when it is called."""

import importlib
import os
import sys
from pathlib import Path
from typing import Final

import click
import django

from tinhso.config.cluster import ClusterNotStarted
from tinhso.config.machine import MachineNotReady
from tinhso.config.roles import RolesNotMade
from tinhso.config.runtime import TablesNotThere

FOLDER: Final = Path(__file__).parent / "commands"
TROUBLES: Final = (ClusterNotStarted, MachineNotReady, RolesNotMade, TablesNotThere)


class Commands(click.Group):
    """Find commands by the names of their files."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, sorted."""
        return sorted(file.stem.replace("_", "-") for file in FOLDER.glob("[a-z]*.py"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command, or nothing where there is no such file."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"tinhso.config.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command


@click.command(cls=Commands, name="tinhso")
def tinhso() -> None:
    """Vận hành và kiểm chứng Tỉnh Số."""


def main() -> int:
    """Run the command named on the command line; a trouble becomes one sentence and exit code 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinhso.config.settings")
    django.setup()
    try:
        tinhso.main(prog_name="tinhso")
    except TROUBLES as trouble:
        sys.stderr.write(f"✗ {trouble}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
