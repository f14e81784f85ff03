// SPDX-License-Identifier: MIT
// HTTP/2 by the byte, for clients that no library would let us be.

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** A frame with its head. */
export function frame(type, flags, stream, payload = Buffer.alloc(0)) {
    const head = Buffer.alloc(9);
    head.writeUIntBE(payload.length, 0, 3);
    head.writeUInt8(type, 3);
    head.writeUInt8(flags, 4);
    head.writeUInt32BE(stream, 5);
    return Buffer.concat([head, payload]);
}

export const SETTINGS = frame(4, 0, 0);

/** The header block of a request, every field written out. */
export function headersOf(method, path) {
    const text = (value) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value, 'latin1')]);
    const fields = {':method': method, ':scheme': 'http', ':path': path, ':authority': '127.0.0.1'};
    return Buffer.concat(Object.entries(fields).flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));
}
