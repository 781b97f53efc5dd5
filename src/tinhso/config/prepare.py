"""Make everything ready and start nothing: `make setup` calls this after the Python environment is there."""

import argparse
import os
import sys
import sysconfig
from pathlib import Path

from tinhso.config import machine, places
from tinhso.config.cluster import Cluster, ClusterNotStarted


def main() -> int:
    """Install system libraries, write the command `tinhso`, make the cluster. Return 0, or 1 with a sentence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", action="store_true", help="also what the tests need")
    arguments = parser.parse_args()
    try:
        _write_command()
        machine.make_ready(for_tests=arguments.tests)
        if not os.environ.get("TINHSO_DATABASE_URL"):
            Cluster(places.data()).make()
    except (machine.MachineNotReady, ClusterNotStarted) as trouble:
        sys.stderr.write(f"✗ {trouble}\n")
        return 1
    return 0


def _write_command() -> None:
    """Write `tinhso` beside this Python, so that no package has to be built."""
    command = Path(sysconfig.get_path("scripts")) / "tinhso"
    text = f"#!{sys.executable}\nimport sys\n\nfrom tinhso.config.cli import main\n\nsys.exit(main())\n"
    if not command.exists() or command.read_text() != text:
        command.write_text(text)
        command.chmod(0o755)


if __name__ == "__main__":
    sys.exit(main())
