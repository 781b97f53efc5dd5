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
        for importer in sorted(module for module in graph.modules if module.startswith(here)):
            own, *room = importer.removeprefix(here).split(".")
            if own in (self.wiring or ()):
                continue
            is_test = room[:1] == [self.test_room]
            allowed = self.doors | ((self.test_doors or set()) if is_test else set())
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                other, _, inside = imported.removeprefix(here).partition(".")
                is_ours = imported.startswith(here) and other != own
                if not is_ours or other in (self.open_modules or ()) or inside in allowed:
                    continue
                details = graph.get_import_details(importer=importer, imported=imported)
                bad += [(importer, imported, detail["line_number"]) for detail in details]
        return ContractCheck(kept=not bad, metadata={"bad": bad})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import by its line."""
        for importer, imported, line in check.metadata["bad"]:
            output.print_error(f"{importer}:{line} imports {imported}: come in by the door", bold=False)
