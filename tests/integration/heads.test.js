// SPDX-License-Identifier: MIT
// Heads of requests as RFC 9110 and 9112 have them: targets that are URLs, hosts, blanks, expectations, and what every
// JSON answer says about itself.
import assert from 'node:assert/strict';
import http from 'node:http';
import tls from 'node:tls';
import {after, before, describe, it} from 'node:test';
import zlib from 'node:zlib';

import {makeCertificate} from './support/certificate.js';
import {exchange, get, parseResponse, post, request} from './support/client.js';
import {FORMATS} from './support/input.js';
import {checkProblem} from './support/problem.js';
import {startGlassbox, stopGlassbox} from './support/process.js';
import {Wire} from './support/wire.js';

const ROUTE = '/graph/from/json/to/dot/default';
const BODY = JSON.stringify({graph_data: {nodes: [{id: 'one'}]}, trace_config: {capture_traces: true}});

/** The answer to a head, with the lines given and those that end the connection and announce the body. */
async function ask(server, line, lines = ['Host: localhost'], body = '') {
    const head = [line, ...lines, 'Connection: close', 'Content-Type: application/json', `Content-Length: ${body.length}`];
    return parseResponse(await exchange(server, `${head.join('\r\n')}\r\n\r\n${body}`));
}

const withoutDuration = ({duration, ...rest}) => (assert.equal(typeof duration, 'number'), rest);

describe('over plain text', () => {
    let server;
    before(async () => (server = await startGlassbox('--threads', '1')));
    after(() => stopGlassbox(server));

    describe('a target that is a URL', () => {
        it('is served as its path, on every route', async () => {
            const expected = withoutDuration((await post(server, ROUTE, BODY)).json());
            for (const scheme of ['http', 'HTTP', 'hTtp']) {
                const url = `${scheme}://127.0.0.1:${server.port}${ROUTE}`;
                assert.deepEqual(withoutDuration((await ask(server, `POST ${url} HTTP/1.1`, undefined, BODY)).json()), expected);
                for (const format of FORMATS) {
                    const answer = await ask(server, `POST ${url}/${format}?x=http://y/ HTTP/1.1`, undefined, BODY);
                    assert.equal(answer.headers['glassbox-capture'], 'captured');
                    assert.deepEqual(withoutDuration(answer.json().graph_output), expected);
                }
            }
            for (const path of ['/healthz', '/schemas/full', '/ui/page.js', '/speedscope/', '/openapi.json'])
                assert.equal((await ask(server, `GET http://localhost${path} HTTP/1.1`)).status, 200);
            assert.equal((await ask(server, 'GET http://localhost/nothing HTTP/1.1')).status, 404);
            assert.equal((await ask(server, 'PUT http://localhost/healthz HTTP/1.1')).headers.allow, 'GET, HEAD');
        });
        it('may have no path, or a query alone', async () => {
            const page = (await get(server, '/')).text();
            for (const target of ['http://localhost', 'http://localhost?', 'http://localhost?x=/y', `http://127.0.0.1:${server.port}`])
                assert.equal((await ask(server, `GET ${target} HTTP/1.1`)).text(), page);
        });
        it('is compressed as any other', async () => {
            const plain = await get(server, '/ui/page.js');
            const packed = await ask(server, 'GET http://localhost/ui/page.js HTTP/1.1', ['Host: localhost', 'Accept-Encoding: gzip']);
            assert.equal(packed.headers['content-encoding'], 'gzip');
            assert.equal(zlib.gunzipSync(packed.body).toString(), plain.text());
        });
        it('has the host that counts', async () => {
            for (const [target, host, status] of [
                ['http://evil.test/healthz', 'localhost', 421], [`http://evil.test:${server.port}${ROUTE}`, '127.0.0.1', 421],
                ['http://localhost/healthz', 'evil.test', 200], ['http://[::1]/healthz', '', 200],
            ])
                assert.equal((await ask(server, `GET ${target} HTTP/1.1`, [`Host: ${host}`])).status, status, target);
            assert.equal((await ask(server, 'GET http://evil.test/healthz HTTP/1.0', [])).status, 421);
            assert.equal((await ask(server, 'GET http://localhost/healthz HTTP/1.0', [])).status, 200);
        });
        it('is sent by a client that takes the server for its proxy', async () => {
            const options = {host: server.host, port: server.port, method: 'POST', path: `http://localhost${ROUTE}/summary`, headers: {'Content-Type': 'application/json'}};
            const status = await new Promise((resolve, reject) => http.request(options, (answer) => (answer.resume(), resolve(answer.statusCode))).on('error', reject).end(BODY));
            assert.equal(status, 200);
        });
        it('is refused if it is no http URL of a host', async () => {
            for (const target of ['ftp://localhost/', 'http:///healthz', 'http://?x', 'http://a@localhost/healthz', 'http://local\\host/'])
                checkProblem(await ask(server, `GET ${target} HTTP/1.1`), 400);
            assert.match(checkProblem(await ask(server, 'GET https://localhost/healthz HTTP/1.1'), 421).detail, /not encrypted/);
        });
    });

    it('OPTIONS * is about the server', async () => {
        for (const target of ['*', `http://localhost:${server.port}`]) {
            const answer = await ask(server, `OPTIONS ${target} HTTP/1.1`);
            assert.equal(answer.status, 204);
            assert.equal(answer.headers.allow, 'GET, HEAD, POST, OPTIONS');
        }
    });
    it('one Host is needed, and over HTTP/1.0 none', async () => {
        for (const target of ['/healthz', '/nothing', 'http://localhost/healthz']) {
            for (const lines of [[], ['Host: localhost', 'HOST: localhost'], ['Host: localhost', 'Host:'], ['Host: local host'], ['Host: a/b']])
                checkProblem(await ask(server, `GET ${target} HTTP/1.1`, lines), 400);
            assert.equal((await ask(server, `GET ${target} HTTP/1.1`, ['Host:'])).status, target === '/nothing' ? 404 : 200);
            assert.equal((await ask(server, `GET ${target} HTTP/1.0`, [])).status, target === '/nothing' ? 404 : 200);
        }
    });
    it('blanks around a value are no part of it', async () => {
        const id = '12345678901234567890123456789012';
        for (const [before, behind] of [['', ' '], [' \t', '\t'], ['\t', ' \t ']]) {
            const answer = await ask(server, `POST ${ROUTE}/summary HTTP/1.1`, ['Host: localhost', `traceparent:${before}00-${id}-1234567890123456-01${behind}`], BODY);
            assert.equal(answer.headers['glassbox-trace-id'], id);
        }
    });
    it('100 Continue is for HTTP/1.1', async () => {
        for (const [version, interim] of [['1.1', /^HTTP\/1\.1 100 Continue\r\n\r\n$/], ['1.0', /^$/]]) {
            const wire = await Wire.open(server);
            await wire.send(`POST ${ROUTE} HTTP/${version}\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nExpect: 100-continue \t\r\nContent-Length: ${BODY.length}\r\n\r\n`);
            if (version === '1.1')
                await wire.until((bytes) => bytes.length > 0);
            assert.match(wire.bytes().toString(), interim);
            await wire.send(BODY);
            const bytes = await wire.until(() => false);
            assert.equal(/100 Continue/.test(bytes.toString()), version === '1.1');
            assert.match(bytes.toString(), /HTTP\/1\.1 200 OK\r\n/);
            await wire.destroy();
        }
    });
    it('a hundred headers may be followed by the end alone', async () => {
        const lines = ['Host: localhost', ...Array.from({length: 97}, (_, i) => `A${i}: b`)]; // and three of ask()
        assert.equal((await ask(server, 'GET /healthz HTTP/1.1', lines.slice(0, 97))).status, 200);
        const head = (end) => `GET /healthz HTTP/1.1\r\n${[...lines, 'B: c', 'D: e'].join('\r\n')}\r\n${end}`;
        assert.match(checkProblem(parseResponse(await exchange(server, head('\rX\r\n'))), 400).detail, /malformed/);
        assert.match(checkProblem(parseResponse(await exchange(server, head('F: g\r\n\r\n'))), 431).detail, /more than 100 headers/);
    });
    it('every JSON answer forbids to guess another type', async () => {
        const asked = [
            ['GET', '/healthz'], ['GET', '/graph/engines'], ['GET', '/graph/transformations'], ['GET', '/openapi.json'], ['GET', '/schemas'], ['GET', '/schemas/full'],
            ['GET', '/nothing'], ['PUT', '/healthz'], ['GET', '/schemas/nothing'], ['GET', '/', undefined, {Accept: 'application/json'}],
            ['POST', ROUTE, BODY], ['POST', ROUTE, '['], ['POST', `${ROUTE}/full`, '['], ...FORMATS.map((format) => ['POST', `${ROUTE}/${format}`, BODY]),
            ['POST', `${ROUTE}/full`, JSON.stringify({trace_config: {capture_traces: true}})],
        ];
        for (const [method, path, body, headers] of asked) {
            const answer = await request(server, method, path, {body, headers});
            assert.match(answer.headers['content-type'], /json/);
            assert.equal(answer.headers['x-content-type-options'], 'nosniff', `${method} ${path}`);
        }
        for (const head of ['nonsense\r\n\r\n', 'POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n']) {
            const answer = parseResponse(await exchange(server, head));
            checkProblem(answer, 400);
            assert.equal(answer.headers['x-content-type-options'], 'nosniff');
        }
    });
});

describe('over TLS', () => {
    let server;
    let certificate;
    before(async () => {
        certificate = makeCertificate();
        server = await startGlassbox('--threads', '1', '--cert', certificate.cert, '--key', certificate.key);
    });
    after(async () => {
        await stopGlassbox(server);
        certificate.remove();
    });

    it('a target may be an https URL', async () => {
        for (const [target, status] of [[`https://localhost:${server.port}/healthz`, 200], ['HTTPS://127.0.0.1?', 200], ['http://localhost/healthz', 200], ['https://evil.test/healthz', 421]]) {
            const socket = tls.connect({host: server.host, port: server.port, rejectUnauthorized: false});
            const pieces = [];
            socket.on('data', (piece) => pieces.push(piece));
            socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
            await new Promise((resolve, reject) => socket.on('close', resolve).on('error', reject));
            assert.equal(parseResponse(Buffer.concat(pieces)).status, status, target);
        }
    });
});
