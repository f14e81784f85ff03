// SPDX-License-Identifier: MIT
// HTTP clients for the tests: Node's own for ordinary requests, a bare socket for what a polite client cannot send.
import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';

const agents = {
    http: new http.Agent({keepAlive: true, maxSockets: 128}),
    https: new https.Agent({keepAlive: true, maxSockets: 128, rejectUnauthorized: false}),
};

// A server closes a connection that is not used for ten seconds, which is how long this process may be busy with one long
// answer: then the end of the connection is not read yet when the next request is sent on it.
const IDLE_MS_MAX = 3000;
for (const agent of Object.values(agents))
    agent.on('free', (socket) => (socket.freeSince = performance.now()));

function dropIdle(agent) {
    for (const socket of Object.values(agent.freeSockets).flat())
        if (performance.now() - socket.freeSince > IDLE_MS_MAX)
            socket.destroy();
}

/** A whole answer: {status, headers, rawHeaders, body: Buffer, text(), json()}. */
function answer(status, headers, rawHeaders, body) {
    return {
        status, headers, rawHeaders, body,
        text: () => body.toString('utf8'),
        json: () => JSON.parse(body.toString('utf8')),
    };
}

/** Any request; `body` may be a string, a Buffer, or a value to be sent as JSON. An answer that the server's own contract does not allow fails the test. */
export async function request(server, method, path, options) {
    const whole = await send(server, method, path, options);
    server.contract?.check(method, path, whole);
    return whole;
}

function send(server, method, path, {body, headers = {}} = {}) {
    const bytes = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const type = bytes === undefined ? {} : {'Content-Type': 'application/json'};
    const options = {
        method, path, host: server.host, port: server.port,
        agent: server.tls ? agents.https : agents.http,
        headers: {...type, ...(bytes === undefined ? {} : {'Content-Length': Buffer.byteLength(bytes)}), ...headers},
    };
    dropIdle(options.agent);
    return new Promise((resolve, reject) => {
        const outgoing = (server.tls ? https : http).request(options, (incoming) => {
            const pieces = [];
            incoming.on('data', (piece) => pieces.push(piece));
            incoming.on('error', reject);
            incoming.on('end', () => resolve(answer(incoming.statusCode, incoming.headers, incoming.rawHeaders, Buffer.concat(pieces))));
        });
        outgoing.on('error', reject);
        outgoing.end(bytes);
    });
}

export const get = (server, path, headers) => request(server, 'GET', path, {headers});
export const post = (server, path, body, headers) => request(server, 'POST', path, {body, headers});

/** Sends `bytes` on a new connection as they are, and resolves to everything that came until the server closed. */
export function exchange(server, bytes, {halfClose = false} = {}) {
    return new Promise((resolve, reject) => {
        const pieces = [];
        const socket = net.connect(server.port, server.host, () => {
            socket.write(bytes);
            if (halfClose)
                socket.end();
        });
        socket.on('data', (piece) => pieces.push(piece));
        socket.on('error', reject);
        socket.on('close', () => resolve(Buffer.concat(pieces)));
    });
}

/** Takes one HTTP/1 response apart without mercy: a malformed chunk or a byte too many fails the test. */
export function parseResponse(bytes) {
    const split = bytes.indexOf('\r\n\r\n');
    assert.notEqual(split, -1, 'no end of the headers');
    const [statusLine, ...lines] = bytes.subarray(0, split).toString('latin1').split('\r\n');
    const headers = {};
    for (const line of lines) {
        const colon = line.indexOf(':');
        headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    const [version, status] = statusLine.split(' ');
    const rest = bytes.subarray(split + 4);
    const body = headers['transfer-encoding'] === 'chunked' ? unchunk(rest) : rest;
    if (headers['content-length'] !== undefined)
        assert.equal(body.length, Number(headers['content-length']));
    return {version, ...answer(Number(status), headers, lines, body)};
}

function unchunk(bytes) {
    const pieces = [];
    for (let at = 0; ;) {
        const lineEnd = bytes.indexOf('\r\n', at);
        assert.notEqual(lineEnd, -1, 'a chunk without a size line');
        const sizeText = bytes.subarray(at, lineEnd).toString('latin1');
        assert.match(sizeText, /^[0-9a-fA-F]+$/);
        const size = parseInt(sizeText, 16);
        const end = lineEnd + 2 + size;
        assert.equal(bytes.subarray(end, end + 2).toString('latin1'), '\r\n', 'a chunk that does not end where it should');
        if (size === 0) {
            assert.equal(end + 2, bytes.length, 'bytes after the last chunk');
            return Buffer.concat(pieces);
        }
        pieces.push(bytes.subarray(lineEnd + 2, end));
        at = end + 2;
    }
}
