"""Frame headers of MPEG audio (MP3) and ADTS (AAC)."""

_BIT_RATES = {  # kbit/s by (MPEG-1?, layer)
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_ADTS_HZ = (
    96_000,
    88_200,
    64_000,
    48_000,
    44_100,
    32_000,
    24_000,
    22_050,
    16_000,
    12_000,
    11_025,
    8_000,
    7_350,
)


def parse_frame_header(head: bytes) -> tuple[int, int, int, int] | None:
    """Parse the four bytes of an MPEG audio frame header (ISO/IEC 11172-3, 2.4.1.3).

    Returns
    -------
    tuple or None
        Bytes, samples, sample rate in Hz and channels of the frame; None if it is not a header.
    """
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    bit_rate, rate = head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or layer == 4 or bit_rate in (0, 15) or rate == 3:
        return None
    first = version == 3
    sr, padding = _RATES_HZ[version][rate], head[2] >> 1 & 1
    bits_s = 1000 * _BIT_RATES[first, layer][bit_rate - 1]
    samples = 384 if layer == 1 else 1152 if layer == 2 or first else 576
    size = (12 * bits_s // sr + padding) * 4 if layer == 1 else samples // 8 * bits_s // sr + padding
    return size, samples, sr, 1 if head[3] >> 6 == 3 else 2


def rate_of(head: bytes, format: str) -> int | None:
    """Return the sample rate in Hz in the header of an MP3 ("mp3") or ADTS ("aac") frame, else None."""
    if format == "mp3":
        header = parse_frame_header(head)
        return header[2] if header else None
    if format == "aac" and len(head) >= 4 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        rate = head[2] >> 2 & 15
        return _ADTS_HZ[rate] if rate < len(_ADTS_HZ) else None
    return None
