"""The import contract that import-linter lacks: other modules come in by the door."""

from importlinter import Contract, ContractCheck, fields, output
from importlinter.application.ports.reporting import ImportGraph  # type: ignore[attr-defined, unused-ignore]


class DoorsContract(Contract):
    """Let a module import from another only what is `doors` there; `open_modules` have no walls.

    `wiring` modules may import anything; a module's `test_room` may also use another's `test_doors`.
    """

    type_name = "doors"
    root = fields.StringField()
    test_room = fields.StringField(required=False)
    doors = fields.SetField(subfield=fields.StringField())
    open_modules = fields.SetField(subfield=fields.StringField(), required=False)
    wiring = fields.SetField(subfield=fields.StringField(), required=False)
    test_doors = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find every import that does not come in by a door, with its line."""
        bad = []
        here = f"{self.root}."
        doors, test_doors = self._words("doors"), self._words("test_doors")
        without_walls, wiring = self._words("open_modules"), self._words("wiring")
        for importer in sorted(module for module in graph.modules if module.startswith(here)):
            own, *room = importer.removeprefix(here).split(".")
            if own in wiring:
                continue
            allowed = doors | (test_doors if room and room[0] == str(self.test_room) else set())
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                other, _, inside = imported.removeprefix(here).partition(".")
                is_ours = imported.startswith(here) and other != own
                if not is_ours or other in without_walls or inside in allowed:
                    continue
                details = graph.get_import_details(importer=importer, imported=imported)
                bad += [(importer, imported, detail["line_number"]) for detail in details]
        return ContractCheck(kept=not bad, metadata={"bad": bad})

    def _words(self, field: str) -> set[str]:
        return set(getattr(self, field) or ())

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import by its line."""
        for importer, imported, line in check.metadata["bad"]:
            output.print_error(f"{importer}:{line} imports {imported}: come in by the door", bold=False)
