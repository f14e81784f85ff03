// SPDX-License-Identifier: MIT
// A FastCGI program (https://fastcgi-archives.github.io/FastCGI_Specification.html) that answers with what it was told.
import net from 'node:net';

const BEGIN = 1;
const END = 3;
const PARAMS = 4;
const STDIN = 5;
const STDOUT = 6;

/** The records that the bytes hold, and how many of the bytes they are. */
function readRecords(bytes) {
    const records = [];
    let at = 0;
    while (bytes.length - at >= 8) {
        const length = bytes.readUInt16BE(at + 4);
        const end = at + 8 + length + bytes[at + 6];
        if (end > bytes.length)
            break;
        records.push({type: bytes[at + 1], id: bytes.readUInt16BE(at + 2), content: bytes.subarray(at + 8, at + 8 + length)});
        at = end;
    }
    return {records, used: at};
}

function readLength(bytes, at) {
    return bytes[at] < 128 ? [bytes[at], at + 1] : [bytes.readUInt32BE(at) & 0x7fffffff, at + 4];
}

function readParams(bytes) {
    const params = {};
    for (let at = 0; at < bytes.length;) {
        const [nameLength, afterName] = readLength(bytes, at);
        const [valueLength, start] = readLength(bytes, afterName);
        const name = bytes.toString('latin1', start, start + nameLength);
        params[name] = bytes.toString('latin1', start + nameLength, start + nameLength + valueLength);
        at = start + nameLength + valueLength;
    }
    return params;
}

function record(type, id, content) {
    const head = Buffer.from([1, type, id >> 8, id & 255, content.length >> 8, content.length & 255, 0, 0]);
    return Buffer.concat([head, content]);
}

function answer({params, stdin}, respond) {
    const {status = 200, headers = {}, body} = respond(params, stdin);
    const head = [`Status: ${status}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
    return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function serve(socket, respond) {
    const request = {params: Buffer.alloc(0), stdin: Buffer.alloc(0)};
    let bytes = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (piece) => {
        const {records, used} = readRecords(bytes = Buffer.concat([bytes, piece]));
        bytes = bytes.subarray(used);
        for (const {type, id, content} of records) {
            if (type === PARAMS)
                request.params = Buffer.concat([request.params, content]);
            else if (type === STDIN && content.length > 0)
                request.stdin = Buffer.concat([request.stdin, content]);
            else if (type === STDIN)
                socket.end(Buffer.concat([
                    record(STDOUT, id, answer({params: readParams(request.params), stdin: request.stdin.toString()}, respond)),
                    record(STDOUT, id, Buffer.alloc(0)), record(END, id, Buffer.alloc(8)),
                ]));
            else if (type !== BEGIN)
                socket.destroy();
        }
    });
}

/** Starts a program; `respond(params, stdin)` returns {status, headers, body}. Resolves to {port, close()}. */
export function startFastcgi(respond) {
    const server = net.createServer((socket) => serve(socket, respond));
    return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve({
        port: server.address().port,
        close: () => new Promise((closed) => server.close(closed)),
    })));
}
