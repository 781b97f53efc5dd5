"""Say what one check found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was checked: `says` is a sentence, what is right or what to do.

    A warning is fine, and yet something could not be looked at.
    """

    name: str
    is_fine: bool
    says: str
    is_warning: bool = False
