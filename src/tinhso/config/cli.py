"""The command `tinhso`: every file in `commands/` is one command, loaded only when it is called."""

import importlib
import json
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
    """Run the command named on the command line; a trouble becomes one sentence and exit code 1.

    With ``--json`` the sentence is the document ``{"error": …}`` on standard output, so that a program can read it.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinhso.config.settings")
    django.setup()
    try:
        code = tinhso.main(prog_name="tinhso", standalone_mode=False)
    except click.UsageError as wrong:
        return _trouble(_how_to_call(wrong))
    except click.ClickException as trouble:
        return _trouble(trouble.message)
    except click.Abort:
        return 130
    except TROUBLES as trouble:
        return _trouble(str(trouble))
    return code if isinstance(code, int) else 0


def _trouble(sentence: str) -> int:
    if "--json" in sys.argv:
        sys.stdout.write(json.dumps({"error": sentence}, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(f"✗ {sentence}\n")
    return 1


def _how_to_call(wrong: click.UsageError) -> str:
    """Return what is wrong with a command line; click itself would say it in English."""
    if isinstance(wrong, click.NoSuchOption):
        said = f"Lệnh này không có {wrong.option_name}."
    elif isinstance(wrong, click.MissingParameter):
        said = f"Lệnh này còn thiếu {_name(wrong)}."
    elif isinstance(wrong, click.BadParameter):
        said = f"Giá trị của {_name(wrong)} chưa đúng."
    else:
        said = "Lệnh viết chưa đúng."
    command = wrong.ctx.command_path if wrong.ctx else "tinhso"
    return f"{said} Gõ {command} --help để xem cách viết."


def _name(wrong: click.BadParameter) -> str:
    return wrong.param.opts[0] if wrong.param is not None else "một tham số"


if __name__ == "__main__":
    sys.exit(main())
