// SPDX-License-Identifier: MIT
// Bodies of 32 MB (less under ThreadSanitizer) on traced routes: permission comes before any work, a worker reads them,
// and a token is spent by a capture alone.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import net from 'node:net';
import path from 'node:path';
import {execFileSync} from 'node:child_process';
import {after, before, describe, it} from 'node:test';
import {setTimeout} from 'node:timers/promises';

import {exchange, get, parseResponse, post} from './support/client.js';
import {FORMATS, SLOW, htmlBody, traced} from './support/input.js';
import {checkProblem, checkUntouched} from './support/problem.js';
import {program, startGlassbox, stopGlassbox, untilNoCaptures} from './support/process.js';

const LIMIT = SLOW ? 1 << 20 : 32 << 20;
const ROUTE = '/graph/from/html/to/dot/default';
const FILL_ROUTE = '/graph/from/json/to/d3/default';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-large-bodies-'));
const keyFile = path.join(directory, 'keys');
after(() => fs.rmSync(directory, {recursive: true}));
const glassbox = (...args) => execFileSync(program('glassbox'), args, {encoding: 'utf8'}).trimEnd();
fs.writeFileSync(keyFile, glassbox('token', '--new-key') + '\n', {mode: 0o600});

const makeToken = (...args) => glassbox('token', '--key-file', keyFile, '--path', '/graph', '--expires', '1h', ...args);
const bearer = (token) => ({Authorization: `Bearer ${token}`});
const altered = (token) => (token[0] === 'A' ? 'B' : 'A') + token.slice(1);

const CAPTURE = '"trace_config":{"capture_traces":true}';
const padded = (start, end, piece = 'a') => Buffer.concat([Buffer.from(start), Buffer.alloc(LIMIT - start.length - end.length, piece), Buffer.from(end)]);
const text = padded(`{${CAPTURE},"graph_data":{"html":"`, '"}}');
const replaced = (at, byte) => {
    const bytes = Buffer.from(text);
    bytes[(at + LIMIT) % LIMIT] = byte;
    return bytes;
};

// What each says when it is read, with a token; without one, nothing of it is.
const SHAPES = {
    'one long text': [text, 200],
    'one that asks for no capture': [padded('{"graph_data":{"html":"', '"}}'), 200],
    'spaces': [padded('{', '}', ' '), 422],
    'empty lists': [padded(`{${CAPTURE},"graph_data":{"nodes":[${'[],'.repeat(Math.floor(LIMIT / 3) - 100)}[]],"edges":[]}`, '}', ' '), 422],
    'nesting': [padded('{"graph_data":', '', '['), 400],
    'not JSON at the start': [replaced(0, 0x21), 400],
    'not JSON at the end': [replaced(-1, 0x21), 400],
    'not UTF-8 at the end': [replaced(-5, 0xff), 400],
};

const workersOf = async (server) => (await get(server, '/healthz')).json().workers;

async function untilWorkers(server, expected) {
    for (;;) {
        const workers = await workersOf(server);
        if (Object.entries(expected).every(([name, value]) => workers[name] === value))
            return;
        await setTimeout(5);
    }
}

describe('32 MB and a server that asks for a token', () => {
    let server, token;
    before(async () => {
        server = await startGlassbox('--key-file', keyFile, '--threads', '1', '--workers', '1', '--max-body', `${LIMIT}`);
        token = makeToken();
    });
    after(() => stopGlassbox(server));

    for (const [name, [body, status]] of Object.entries(SHAPES)) {
        it(`${name}: refused unread without a valid token, ${status} with one`, async () => {
            const none = await post(server, `${ROUTE}/summary`, body);
            checkProblem(none, 401);
            checkUntouched(none);
            checkProblem(await post(server, `${ROUTE}/summary`, body, bearer(altered(token))), 403);
            checkProblem(await post(server, `${ROUTE}/summary`, body, bearer(makeToken('--path', '/other'))), 403);
            const answer = await post(server, `${ROUTE}/summary`, body, bearer(token));
            assert.equal(answer.status, status, answer.text().slice(0, 500));
            if (status === 400)
                checkProblem(answer, 400);
        });
    }

    it('is told of the type and the size before the token', async () => {
        checkProblem(await post(server, `${ROUTE}/full`, text, {'Content-Type': 'text/plain'}), 415);
        checkProblem(await post(server, `${ROUTE}/full`, Buffer.concat([text, Buffer.from(' ')])), 413);
    });

    it('a small body is read first, and asks for a token only if it asks for a capture', async () => {
        checkProblem(await post(server, `${ROUTE}/full`, '!'), 400);
        assert.equal((await post(server, `${ROUTE}/full`, htmlBody('<p>'))).status, 200);
        checkProblem(await post(server, `${ROUTE}/full`, traced(htmlBody('<p>'))), 401);
    });

    it('only a capture is a use', async () => {
        const once = bearer(makeToken('--uses', '1'));
        checkProblem(await post(server, `${ROUTE}/full`, SHAPES['not JSON at the end'][0], once), 400);
        assert.equal((await post(server, `${ROUTE}/full`, SHAPES['one that asks for no capture'][0], once)).json().traces, null);
        const wrong = traced(htmlBody('a'.repeat(100_000)), {max_spans: 'many'});
        checkProblem(await post(server, `${ROUTE}/full`, wrong, once), 422, '/trace_config/max_spans');
        const answer = await post(server, `${ROUTE}/full`, text, once);
        assert.equal(answer.headers['glassbox-capture'], 'captured');
        checkProblem(await post(server, `${ROUTE}/full`, text, once), 403);
    });

    it('the limits of a token hold for a large body too', async () => {
        const many = htmlBody('<p>a</p>'.repeat(20_000));
        const answer = await post(server, `${ROUTE}/full`, traced(many), bearer(makeToken('--max-spans', '10')));
        const {truncated, entry_count: entries} = answer.json().traces.metadata;
        assert.deepEqual({truncated, entries}, {truncated: true, entries: 20});
    });

    it('every format, chunked framing and the next request of the connection', async () => {
        const body = JSON.stringify(traced(htmlBody('b'.repeat(300_000))));
        for (const format of FORMATS) {
            const bytes = await exchange(server,
                `POST ${ROUTE}/${format} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer ${token}\r\n` +
                `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` +
                'GET /graph/engines HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
            const second = bytes.lastIndexOf('HTTP/1.1 ');
            const [one, two] = [parseResponse(bytes.subarray(0, second)), parseResponse(bytes.subarray(second))];
            assert.deepEqual([one.status, two.status], [200, 200]);
            assert.equal(one.headers['glassbox-capture'], 'captured');
            assert.notEqual(one.json().traces, null);
        }
    });

    it('leaves nothing behind', () => untilNoCaptures(server, '/healthz'));
});

describe('while every worker is busy', () => {
    let server;
    before(async () => {
        server = await startGlassbox('--key-file', keyFile, '--threads', '1', '--workers', '1', '--queue', '1', '--slow-clients', '0');
    });
    after(() => stopGlassbox(server));

    // An answer that fills every buffer on its way.
    const huge = JSON.stringify({graph_data: {nodes: Array.from({length: 24}, (_, id) => ({id, text: 'a'.repeat(1_000_000)})), edges: []}});

    /** A client that reads nothing keeps the worker until it has gone. */
    function occupy() {
        const socket = net.connect(server.port, server.host);
        socket.pause();
        socket.on('error', () => {});
        socket.write(`POST ${FILL_ROUTE} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${huge.length}\r\n\r\n${huge}`);
        return socket;
    }

    it('a large body waits while its loop serves others, the next is told to come later, and no token is spent', async () => {
        const once = bearer(makeToken('--uses', '1'));
        const busy = occupy();
        await untilWorkers(server, {busy: 1});
        const waiting = post(server, `${ROUTE}/full`, text, bearer(makeToken()));
        await untilWorkers(server, {queued: 1});
        assert.equal((await get(server, '/graph/engines')).status, 200);
        checkProblem(await post(server, `${ROUTE}/full`, SHAPES['not JSON at the start'][0]), 401);
        const later = await post(server, `${ROUTE}/full`, text, once);
        checkProblem(later, 503);
        assert.equal(later.headers['retry-after'], '1');
        busy.destroy();
        assert.equal((await waiting).headers['glassbox-capture'], 'captured');
        await untilWorkers(server, {busy: 0, queued: 0});
        assert.equal((await post(server, `${ROUTE}/full`, text, once)).headers['glassbox-capture'], 'captured');
    });
});
