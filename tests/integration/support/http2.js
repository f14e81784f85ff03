// SPDX-License-Identifier: MIT
// HTTP/2 connections: with prior knowledge over plain TCP, negotiated over TLS.
import assert from 'node:assert/strict';
import http2 from 'node:http2';

/** A connection with request(method, path, body, headers) -> {status, headers, body, text(), json()}, the same with trailers behind
 * the body, and close(). */
export function connect(server) {
    const session = http2.connect(server.url, {rejectUnauthorized: false});
    const failed = new Promise((_, reject) => session.once('error', reject));
    failed.catch(() => {});

    function requestWithTrailers(method, path, body, headers, trailers) {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const type = body === undefined ? {} : {'content-type': 'application/json'};
        const stream = session.request({':method': method, ':path': path, ...type, ...headers}, {waitForTrailers: trailers !== undefined});
        stream.on('wantTrailers', () => stream.sendTrailers(trailers));
        const answer = new Promise((resolve, reject) => {
            const pieces = [];
            let head;
            stream.on('response', (fields) => (head = fields));
            stream.on('data', (piece) => pieces.push(piece));
            stream.on('error', reject);
            stream.on('end', () => {
                const bytes = Buffer.concat(pieces);
                resolve({status: head[':status'], headers: head, body: bytes, text: () => bytes.toString('utf8'), json: () => JSON.parse(bytes.toString('utf8'))});
            });
        });
        stream.end(text);
        return Promise.race([answer, failed]).then((whole) => {
            server.contract?.check(method, path, whole);
            return whole;
        });
    }

    const request = (method, path, body, headers = {}) => requestWithTrailers(method, path, body, headers);

    return {
        session, request, requestWithTrailers,
        protocol: () => session.alpnProtocol,
        async close() {
            assert.equal(session.destroyed, false);
            await new Promise((resolve) => session.close(resolve));
        },
    };
}
