"""What other modules may call of the catalogue."""

from tinhso.catalogue.models import Case, ChannelTerm, Defect, Procedure, ProcedureVersion, ProcessStep

__all__ = ["Case", "ChannelTerm", "Defect", "Procedure", "ProcedureVersion", "ProcessStep"]
