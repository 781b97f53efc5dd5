"""What this installation calls itself, on pages and on paper."""

from typing import Final

PROVINCE: Final = "Tỉnh Nam Định"
SERVICE_NAME: Final = "Dịch vụ công trực tuyến"
PHONE: Final = "0228 000 1022"
