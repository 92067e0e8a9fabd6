"""Says in a HEIC picture's header that it is to be turned by 270 degrees against the clock (irot 3), as phones do."""
import struct, sys

def boxes(data, at, end):
    while at < end:
        size = struct.unpack_from('>I', data, at)[0]
        yield bytes(data[at + 4:at + 8]), at, at + size
        at += size

path = sys.argv[1]
data = bytearray(open(path, 'rb').read())
top = {name: span for name, *span in boxes(data, 0, len(data))}
meta = {name: span for name, *span in boxes(data, top[b'meta'][0] + 12, top[b'meta'][1])}
iprp = {name: span for name, *span in boxes(data, meta[b'iprp'][0] + 8, meta[b'iprp'][1])}
count = len(list(boxes(data, iprp[b'ipco'][0] + 8, iprp[b'ipco'][1])))
ipma = iprp[b'ipma'][0]
assert data[ipma + 8] == 0 and data[ipma + 11] == 0 and struct.unpack_from('>I', data, ipma + 12)[0] == 1
data[ipma + 18] += 1
grown = 10
for at, by in ((ipma, 1), (iprp[b'ipco'][0], 9), (meta[b'iprp'][0], grown), (top[b'meta'][0], grown)):
    struct.pack_into('>I', data, at, struct.unpack_from('>I', data, at)[0] + by)
iloc = meta[b'iloc'][0]
version, sizes, base = data[iloc + 8], data[iloc + 12], data[iloc + 13] >> 4
assert sizes == 0x44 and version in (0, 1)
items, at = struct.unpack_from('>H', data, iloc + 14)[0], iloc + 16
for _ in range(items):
    method = struct.unpack_from('>H', data, at + 2)[0] if version else 0
    at += (6 if version else 4) + base
    extents, at = struct.unpack_from('>H', data, at)[0], at + 2
    for _ in range(extents):
        if method == 0:
            struct.pack_into('>I', data, at, struct.unpack_from('>I', data, at)[0] + grown)
        at += 8
# The later place first, so that the earlier one stays where it is.
changes = sorted([(iprp[b'ipma'][1], bytes([0x80 | (count + 1)])), (iprp[b'ipco'][1], struct.pack('>I4sB', 9, b'irot', 3))])
for at, more in reversed(changes):
    data[at:at] = more
open(path, 'wb').write(data)
