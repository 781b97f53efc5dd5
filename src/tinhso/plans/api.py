"""What other modules may call of the plans."""

from tinhso.plans.services.load_committee import load_committee
from tinhso.plans.services.play_committee import play_committee
from tinhso.plans.services.reckon_targets import reckon_targets

__all__ = ["load_committee", "play_committee", "reckon_targets"]
