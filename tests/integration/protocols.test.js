// SPDX-License-Identifier: MIT
// The same traced request over HTTP/1.0, HTTP/1.1 and HTTP/2, in plain text and over TLS: the same response, framed as
// each protocol requires.
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';
import tls from 'node:tls';

import {exchange, get, parseResponse, post} from './support/client.js';
import {makeCertificate} from './support/certificate.js';
import {connect} from './support/http2.js';
import {FORMATS, LARGEST_PAGE, htmlBody, readPage, traced} from './support/input.js';
import {startGlassbox, stopGlassbox} from './support/process.js';
import {checkSpeedscope} from './support/speedscope.js';

const ROUTE = '/graph/from/html/to/dot/default';
/** The protocol that the server selects of these, or false if it selects none. */
function alpnOf({host, port}, protocols) {
    return new Promise((resolve, reject) => {
        const socket = tls.connect({host, port, ALPNProtocols: protocols, rejectUnauthorized: false}, () => {
            resolve(socket.alpnProtocol);
            socket.destroy();
        });
        socket.on('error', (error) => (error.code === 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL' ? resolve(false) : reject(error)));
    });
}

const body = traced(htmlBody('<html><body><p class="x">hello</p></body></html>'));
const large = traced(htmlBody(readPage(LARGEST_PAGE)));

for (const [where, args] of [['worked on in the event loop', []], ['worked on by workers', ['--inline-body', '0']]]) describe(where, () => {
    let server;
    let expected; // the handler's output without its duration
    const withoutDuration = ({duration, ...rest}) => (assert.equal(typeof duration, 'number'), rest);
    const checkAnswer = (answer) => {
        assert.equal(answer.status, 200);
        const {graph_output: output, traces} = answer.json();
        assert.deepEqual(withoutDuration(output), expected);
        assert.ok(checkSpeedscope(traces).flat().length > 4);
        assert.equal(answer.headers['glassbox-capture'], 'captured');
    };

    before(async () => {
        server = await startGlassbox('--http2', ...args);
        expected = withoutDuration((await post(server, ROUTE, body)).json());
    });
    after(() => stopGlassbox(server));

    const head = (version, ...lines) => `POST ${ROUTE}/speedscope HTTP/${version}\r\nHost: localhost\r\nContent-Type: application/json\r\n${lines.join('\r\n')}\r\n\r\n`;
    const text = JSON.stringify(body);
    const sized = `Content-Length: ${Buffer.byteLength(text)}`;

    describe('HTTP/1.0', () => {
        it('ends the body by closing', async () => {
            const answer = parseResponse(await exchange(server, head('1.0', sized) + text));
            assert.equal(answer.headers['transfer-encoding'], undefined);
            assert.equal(answer.headers['content-length'], undefined);
            checkAnswer(answer);
        });
        it('ends it by closing although the client would keep the connection', async () => {
            checkAnswer(parseResponse(await exchange(server, head('1.0', sized, 'Connection: keep-alive') + text)));
        });
    });

    describe('HTTP/1.1', () => {
        it('frames the body in chunks', async () => {
            const answer = parseResponse(await exchange(server, head('1.1', sized, 'Connection: close') + text));
            assert.equal(answer.headers['transfer-encoding'], 'chunked');
            assert.equal(answer.headers['content-length'], undefined);
            checkAnswer(answer);
        });
        it('takes a body in chunks', async () => {
            const half = Math.floor(text.length / 2);
            const chunks = [text.slice(0, half), text.slice(half)].map((piece) => `${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`).join('') + '0\r\n\r\n';
            checkAnswer(parseResponse(await exchange(server, head('1.1', 'Transfer-Encoding: chunked', 'Connection: close') + chunks)));
        });
        it('answers two requests that were sent at once, one after the other', async () => {
            const bytes = await exchange(server, head('1.1', sized) + text + head('1.1', sized, 'Connection: close') + text);
            const second = bytes.indexOf('HTTP/1.1 200', 12);
            assert.ok(second > 0);
            checkAnswer(parseResponse(bytes.subarray(0, second)));
            checkAnswer(parseResponse(bytes.subarray(second)));
        });
        it('keeps the connection after a traced answer', async () => {
            const answers = [];
            for (let i = 0; i < 20; i++)
                answers.push(await post(server, ROUTE + '/speedscope', body));
            answers.forEach(checkAnswer);
        });
        it('a query stays with the handler\'s path and does not hide the suffix', async () => {
            checkAnswer(await post(server, ROUTE + '/speedscope?x=1/full', body));
        });
    });

    /** What HTTP/2 must do, on any connection. */
    async function checkHttp2(over) {
        const connection = connect(over);
        const answers = await Promise.all(Array.from({length: 20}, (_, i) =>
            connection.request('POST', i % 4 === 3 ? ROUTE : ROUTE + '/speedscope', body)));
        answers.forEach((answer, i) => {
            assert.equal(answer.headers['transfer-encoding'], undefined);
            if (i % 4 !== 3) {
                checkAnswer(answer);
            } else {
                assert.deepEqual(withoutDuration(answer.json()), expected);
                assert.equal(answer.headers['glassbox-capture'], undefined);
            }
        });
        const refused = await connection.request('POST', ROUTE + '/full', {trace_config: {top_n: 0}});
        assert.equal(refused.status, 422);
        assert.equal(refused.json().pointer, '/trace_config/top_n');
        for (const format of FORMATS)
            assert.ok((await connection.request('POST', `${ROUTE}/${format}`, large)).json().traces);
        await connection.close();
    }

    it('HTTP/2 with prior knowledge, many streams at a time', () => checkHttp2(server));

    describe('TLS', () => {
        let certificate;
        let secure;
        before(async () => {
            certificate = makeCertificate();
            secure = await startGlassbox('--cert', certificate.cert, '--key', certificate.key, '--http2', ...args);
        });
        after(async () => {
            await stopGlassbox(secure);
            certificate.remove();
        });
        it('says https in its first line', () => assert.match(secure.firstLine, /^glassbox: listening on https:\/\/127\.0\.0\.1:\d+$/));
        it('HTTP/1.1', async () => {
            checkAnswer(await post(secure, ROUTE + '/speedscope', body));
            assert.equal((await get(secure, '/healthz')).status, 200);
        });
        it('without --http2, only HTTP/1.1 is offered', async () => {
            const plain = await startGlassbox('--cert', certificate.cert, '--key', certificate.key, ...args);
            assert.equal(await alpnOf(plain, ['h2', 'http/1.1']), 'http/1.1');
            assert.equal(await alpnOf(plain, ['h2']), false);
            checkAnswer(await post(plain, ROUTE + '/speedscope', body));
            await stopGlassbox(plain);
        });
        it('HTTP/2, negotiated', async () => {
            await checkHttp2(secure);
            const connection = connect(secure);
            await connection.request('GET', '/healthz');
            assert.equal(connection.protocol(), 'h2');
            await connection.close();
        });
        it('plain HTTP on the same port is no answer and no harm', async () => {
            await exchange(secure, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n').catch(() => {});
            checkAnswer(await post(secure, ROUTE + '/speedscope', body));
        });
    });
});

describe('TLS with an RSA key', () => {
    let certificate;
    let secure;
    before(async () => {
        certificate = makeCertificate('rsa');
        secure = await startGlassbox('--cert', certificate.cert, '--key', certificate.key);
    });
    after(async () => {
        await stopGlassbox(secure);
        certificate.remove();
    });

    /** The name of the negotiated suite, or null if the server refused. */
    const handshake = (ciphers, version) => new Promise((resolve) => {
        const socket = tls.connect({
            host: secure.host, port: secure.port, rejectUnauthorized: false, ciphers, minVersion: version, maxVersion: version,
        }, () => {
            resolve(socket.getCipher().standardName);
            socket.destroy();
        });
        socket.on('error', () => resolve(null));
    });

    const WEAK = (suite) => `${suite}:@SECLEVEL=0`; // the client itself would take it

    for (const suite of ['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-RSA-CHACHA20-POLY1305'])
        it(`${suite} with TLS 1.2`, async () => assert.match(await handshake(WEAK(suite), 'TLSv1.2'), /^TLS_ECDHE_RSA_WITH_.*_(GCM|POLY1305)_/));
    for (const suite of ['AES128-SHA', 'AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'ECDHE-RSA-AES128-SHA', 'ECDHE-RSA-AES256-SHA384', 'DHE-RSA-AES128-SHA'])
        it(`${suite} is refused`, async () => assert.equal(await handshake(WEAK(suite), 'TLSv1.2'), null));
    it('TLS 1.3, and nothing before TLS 1.2', async () => {
        assert.match(await handshake(undefined, 'TLSv1.3'), /^TLS_(AES|CHACHA20)_/);
        for (const version of ['TLSv1', 'TLSv1.1'])
            assert.equal(await handshake(WEAK('ALL'), version), null);
    });
});
