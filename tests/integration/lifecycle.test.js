// SPDX-License-Identifier: MIT
// The server's life: how it starts, what it refuses to start with, and how it stops, whatever its clients are up to.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import net from 'node:net';
import {describe, it} from 'node:test';

import {get, parseResponse, post} from './support/client.js';
import {FORMATS, LARGEST_PAGE, PARTS, fewer, htmlBody, readPage, traced} from './support/input.js';
import {program, startGlassbox, stop, stopGlassbox, untilNoCaptures} from './support/process.js';

const ROUTE = '/graph/from/html/to/dot/default';
const large = JSON.stringify(traced(htmlBody(readPage(LARGEST_PAGE))));
const rawRequest = (path, text, extra = '') => `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${extra}Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;

/** Asks for a large traced answer and reads its first bytes; rest() reads on to the end. */
function begunAnswer(server, name) {
    return new Promise((resolve, reject) => {
        const pieces = [];
        const socket = net.connect(server.port, server.host, () => socket.write(rawRequest(name, large)));
        const closed = new Promise((done) => socket.on('close', () => done(Buffer.concat(pieces))));
        socket.on('error', reject);
        socket.on('data', (piece) => {
            pieces.push(piece);
            if (pieces.length === 1) {
                socket.pause();
                resolve({rest: () => (socket.resume(), closed)});
            }
        });
    });
}

/** Runs glassbox to its end, which must come by itself. */
const run = (...args) => spawnSync(program('glassbox'), args, {encoding: 'utf8', timeout: 60_000});

describe('starting', () => {
    it('says first where it listens, and is ready then', async () => {
        for (const threads of ['1', '8']) {
            const server = await startGlassbox('--threads', threads);
            assert.match(server.firstLine, /^glassbox: listening on http:\/\/127\.0\.0\.1:\d+$/);
            assert.equal((await get(server, '/healthz')).json().live_captures, 0);
            await stopGlassbox(server);
        }
    });
    it('lists engines and transformations', async () => {
        const server = await startGlassbox();
        const names = async (what) => (await get(server, `/graph/${what}`)).json()[what].map(({name}) => name);
        assert.deepEqual(await names('engines'), PARTS.engine);
        assert.deepEqual(await names('transformations'), PARTS.transformation);
        await stopGlassbox(server);
    });
    it('refuses what it cannot serve, in one line and with a code', async () => {
        const server = await startGlassbox();
        for (const args of [
            ['--port', String(server.port)], ['--port', '65536'], ['--port', 'http'], ['--threads', '0'], ['--host', 'no.such.host.invalid'],
            ['--cert', '/nonexistent'], ['--cert', '/nonexistent', '--key', '/nonexistent'], ['--teapot'], ['surplus'],
        ]) {
            const {status, stdout, stderr} = run('serve', ...args);
            assert.ok(status > 0, `${args}: ${status}`);
            assert.equal(stdout, '');
            assert.match(stderr, /^glassbox/);
        }
        await stopGlassbox(server);
    });
    it('explains itself', () => {
        for (const args of [[], ['--help'], ['help', 'serve'], ['serve', '--help']]) {
            const {status, stdout} = run(...args);
            assert.equal(status, 0);
            assert.match(stdout, /usage: glassbox/i);
        }
        assert.match(run('--version').stdout, /\d+\.\d+\.\d+/);
        assert.ok(run('teapot').status > 0);
    });
});

describe('stopping', () => {
    for (const signal of ['SIGTERM', 'SIGINT']) {
        it(`${signal} ends an idle server with open connections`, async () => {
            const server = await startGlassbox();
            await get(server, '/healthz'); // leaves its connection open
            const silent = net.connect(server.port, server.host);
            await new Promise((resolve) => silent.once('connect', resolve));
            await stop(server, signal);
            silent.destroy();
        });
        it(`${signal} while traced answers are on their way: every one arrives whole`, async () => {
            const server = await startGlassbox('--threads', '2', '--workers', '2', '--stop-timeout', '90', '--request-timeout', '90');
            const answers = await Promise.all(Array.from({length: fewer(9)}, (_, i) => begunAnswer(server, `${ROUTE}/${FORMATS[i % 3]}`)));
            const stopped = stop(server, signal);
            await Promise.all(answers.map(async ({rest}) => {
                const answer = parseResponse(await rest());
                assert.equal(answer.status, 200);
                assert.ok(answer.json().traces);
            }));
            await stopped;
        });
    }
    it('refuses connections once it has stopped', async () => {
        const server = await startGlassbox();
        await stop(server);
        await assert.rejects(get(server, '/healthz'), {code: 'ECONNREFUSED'});
    });
});

describe('clients that hang up', () => {
    it('while the trace is streaming: no capture stays, and the server serves on', async () => {
        const server = await startGlassbox();
        for (let i = 0; i < 12; i++) {
            await new Promise((resolve, reject) => {
                const socket = net.connect(server.port, server.host, () => socket.write(rawRequest(`${ROUTE}/${FORMATS[i % 3]}`, large)));
                socket.on('error', reject);
                socket.on('close', resolve);
                // At once, at the first bytes, or with a reset in the middle.
                if (i % 4 === 0)
                    socket.once('connect', () => socket.destroy());
                else if (i % 4 === 1)
                    socket.once('data', () => socket.destroy());
                else if (i % 4 === 2)
                    socket.once('data', () => socket.resetAndDestroy());
                else
                    socket.once('data', () => socket.once('data', () => socket.end(() => socket.destroy())));
            });
        }
        await untilNoCaptures(server, '/healthz');
        assert.equal((await post(server, ROUTE + '/full', traced(htmlBody('x')))).status, 200);
        await stopGlassbox(server);
    });
    it('in the middle of a request body', async () => {
        const server = await startGlassbox();
        for (const cut of [10, 200, 5000]) {
            await new Promise((resolve, reject) => {
                const socket = net.connect(server.port, server.host, () => socket.write(rawRequest(ROUTE + '/full', large).slice(0, cut), () => socket.destroy()));
                socket.on('error', reject);
                socket.on('close', resolve);
            });
        }
        await stopGlassbox(server);
    });
    it('who read slowly get everything', async () => {
        const server = await startGlassbox();
        const bytes = await new Promise((resolve, reject) => {
            const pieces = [];
            const socket = net.connect(server.port, server.host, () => socket.write(rawRequest(ROUTE + '/full', large, 'Connection: close\r\n')));
            socket.on('error', reject);
            socket.on('close', () => resolve(Buffer.concat(pieces)));
            socket.on('data', (piece) => {
                pieces.push(piece);
                socket.pause();
                setImmediate(() => socket.resume());
            });
        });
        assert.ok(parseResponse(bytes).json().traces.entries.length > 0);
        await stopGlassbox(server);
    });
});
