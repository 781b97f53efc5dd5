"""Ask the time-stamp authority what time it is."""

from __future__ import annotations

import asyncio
import datetime as dt

from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from tinhso.signatures.adapters import trust

#: A question of a check, not of a signature: one try, soon given up.
_BRIEFLY = trust.Patience(timeout=2.0, pauses=())


def authority_time() -> dt.datetime:
    """Return the moment in a fresh time stamp, by which every signature is dated.

    Waits two seconds at most. Raises ``TimeStampUnavailable`` where nobody answers.
    """
    stamper = trust.current().stamper(_BRIEFLY)
    try:
        token = asyncio.run(stamper.async_dummy_response("sha256"))
    except TimestampRequestError as error:
        raise trust.TimeStampUnavailable from error
    moment: dt.datetime = token["content"]["encap_content_info"]["content"].parsed["gen_time"].native
    return moment
