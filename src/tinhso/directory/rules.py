"""Who is acting: values and pure decisions of the directory."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a post lets its holder do. A person may hold several posts (kiêm nhiệm)."""

    COUNTER_CLERK = "counter_clerk"
    SPECIALIST = "specialist"
    LEADER = "leader"
    SEAL_CLERK = "seal_clerk"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"
    #: Biên tập danh mục thủ tục, Văn phòng UBND tỉnh (kiểm soát thủ tục hành chính).
    CATALOGUE_EDITOR = "catalogue_editor"
    #: Duyệt danh mục thủ tục, người thứ hai, cùng văn phòng.
    CATALOGUE_REVIEWER = "catalogue_reviewer"
    #: Thúc đẩy sử dụng dịch vụ công trực tuyến, Sở Thông tin và Truyền thông.
    PROMOTER = "promoter"
    #: Tổng hợp số liệu: soạn bản công bố, tự chấm điểm, ghi số báo cáo; Văn phòng UBND tỉnh.
    STATISTICIAN = "statistician"
    #: Duyệt công bố số liệu và thẩm định điểm, người thứ hai, cùng văn phòng.
    FIGURES_APPROVER = "figures_approver"
    #: Trưởng ban Ban Chỉ đạo chuyển đổi số: ký kế hoạch của tỉnh, kết luận, duyệt gia hạn.
    COMMITTEE_CHAIR = "committee_chair"
    #: Thư ký Ban Chỉ đạo: nhập chỉ đạo, mở đợt đăng ký, giao và xác nhận nhiệm vụ, soạn sơ kết.
    COMMITTEE_SECRETARY = "committee_secretary"
    #: Cán bộ chuyển đổi số của cơ quan: soạn và đăng ký kế hoạch, báo cáo nhiệm vụ.
    PLANNER = "planner"
    #: Thẩm định kế hoạch, Sở Thông tin và Truyền thông.
    PLAN_APPRAISER = "plan_appraiser"
    #: Theo dõi kinh phí chuyển đổi số, Sở Tài chính.
    BUDGET_OFFICER = "budget_officer"


class OfficeKind(StrEnum):
    """What sort of body an office is."""

    PROVINCE = "province"
    DEPARTMENT = "department"
    DISTRICT = "district"
    DIVISION = "division"
    COMMUNE = "commune"
    PARTY_BODY = "party_body"
    MASS_ORGANISATION = "mass_organisation"
    PUBLIC_UNIT = "public_unit"
    STATE_ENTERPRISE = "state_enterprise"


class Purpose(StrEnum):
    """What a one-time code is for."""

    #: A new account: set the password and the second factor.
    ACTIVATE = "activate"
    PASSWORD = "password"  # noqa: S105 - a word, no secret
    SECOND_FACTOR = "second_factor"
    #: A citizen proves a new phone or mail address.
    CONTACT = "contact"


class SignInOutcome(StrEnum):
    """How a try to sign in ended."""

    SIGNED_IN = "signed_in"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a word, no secret
    WRONG_CODE = "wrong_code"
    TOO_OFTEN = "too_often"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class HeldPost:
    """One post that an actor may use today; ``for_name`` names the holder who delegated it."""

    post_id: int
    office_id: int
    role: Role
    title: str
    office_name: str
    for_name: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts, as known at the start of the request. Nobody signed in: ``ANYBODY``."""

    account_id: int | None
    person_id: int | None
    name: str
    posts: tuple[HeldPost, ...] = ()

    @property
    def ref(self) -> str:
        """Return the code by which the journal names this actor: never a name."""
        return f"account:{self.account_id}" if self.account_id else "anybody"

    @property
    def is_signed_in(self) -> bool:
        """Say whether somebody is signed in."""
        return self.account_id is not None

    @property
    def is_officer(self) -> bool:
        """Say whether the actor holds any post today."""
        return bool(self.posts)

    def offices(self, *roles: Role) -> tuple[int, ...]:
        """Return the offices where the actor holds one of the roles today."""
        return tuple(dict.fromkeys(p.office_id for p in self.posts if p.role in roles))

    def holds(self, *roles: Role) -> bool:
        """Say whether the actor holds one of the roles anywhere today."""
        return any(p.role in roles for p in self.posts)

    def post(self, office_id: int, *roles: Role) -> HeldPost | None:
        """Return the actor's post with one of the roles at the office; an own one before a delegated one."""
        found = [p for p in self.posts if p.office_id == office_id and p.role in roles]
        return min(found, key=lambda p: p.for_name is not None, default=None)


ANYBODY = Actor(None, None, "")
#: The software itself, where a duty falls due without a person.
SYSTEM = Actor(None, None, "Hệ thống")
