"""Say how a must stands, as a sentence that tells what is missing."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tinhso.plans.rules.plans import Found


def sentence(one: Found) -> str:
    """Return the must as a plain sentence: what holds, or what is still missing."""
    names, numbers = ", ".join(one.names), one.numbers
    if one.key == "rows":
        return _("Phụ lục có %(n)d nhiệm vụ") % numbers if one.holds else _("Phụ lục chưa có nhiệm vụ nào")
    if one.key == "head":
        return _("Nêu tên người đứng đầu chịu trách nhiệm") if one.holds else _("Chưa nêu tên người đứng đầu")
    if one.key == "goal":
        return _("Có mục tiêu chung") if one.holds else _("Chưa có mục tiêu chung")
    if one.key == "groups":
        if one.holds:
            return _("Đủ %(n)d nhóm nhiệm vụ") % numbers
        return _("Thiếu %(missing)d trên %(n)d nhóm: ") % numbers + names
    if one.key == "whole_rows":
        if one.holds:
            return _("Nhiệm vụ nào cũng có chủ trì, hạn và sản phẩm")
        if not names:
            return _("Phụ lục chưa có nhiệm vụ nào")
        return _("Chưa đủ chủ trì, hạn, sản phẩm: nhiệm vụ %(names)s") % {"names": names}
    if one.key == "dates":
        if one.holds:
            return _("Hạn không vượt 31/12/%(year)d") % numbers
        return _("Thời gian ra ngoài năm của kế hoạch: nhiệm vụ %(names)s") % {"names": names}
    if one.key == "opinions_answered":
        if one.holds:
            return (
                _("Trả lời đủ %(n)d ý kiến") % numbers if numbers["n"] else _("Không có ý kiến phải trả lời")
            )
        return _("Còn %(open)d ý kiến chưa trả lời") % numbers
    if one.key != "offices_answered":
        return one.key
    if not one.holds:
        return _("%(names)s chưa góp ý") % {"names": names} if names else _("Chưa hỏi ý kiến nơi nào")
    if numbers["silent"]:
        return _("%(n)d nơi được hỏi, %(silent)d nơi quá hạn không trả lời tính là nhất trí") % numbers
    return _("Đủ %(n)d nơi được hỏi đã trả lời") % numbers
