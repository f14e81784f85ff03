// SPDX-License-Identifier: MIT
// The memory of graph requests is bounded: what is past the limit is refused, and the server stays within the formula.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import {after, before, describe, it} from 'node:test';
import {setTimeout} from 'node:timers/promises';
import {gzipSync} from 'node:zlib';

import {get, parseResponse, post} from './support/client.js';
import {htmlBody, traced} from './support/input.js';
import {COSTLY, FORMULA, KIB, MIB, bound, mostResident} from './support/memory.js';
import {checkProblem} from './support/problem.js';
import {built, source, startGlassbox, stopGlassbox} from './support/process.js';
import {cpuMs} from './support/wire.js';

const ROUTE = '/graph/from/json/to/d3/default';
const SMALL_ROUTE = '/graph/from/html/to/dot/default';
const small = htmlBody('<p>hello');
const large = htmlBody('<a>'.repeat(100_000)); // for a worker
const costly = htmlBody('<a>'.repeat(24_000)); // of 72 KB of JSON, and much more than that as a page
const workMemoryOf = async (server) => (await get(server, '/healthz')).json().work_memory;

/** Asks until the memory in use is as `test` wants it; one that never is is the test's time-out. */
async function untilUsed(server, test) {
    for (;;) {
        const memory = await workMemoryOf(server);
        if (test(memory.used_bytes))
            return memory;
        await setTimeout(5);
    }
}

function checkTooMuch(answer) {
    checkProblem(answer, 413);
    assert.match(answer.json().detail, /needs more memory than all of --work-memory.*raise --work-memory/);
    assert.equal(answer.headers['retry-after'], undefined, 'trying again is of no use');
}

function checkForAnotherTime(answer) {
    checkProblem(answer, 503);
    assert.match(answer.json().detail, /--work-memory.*try again/);
    assert.equal(answer.headers['retry-after'], '1');
}

describe('a request that could never fit', () => {
    let server;
    before(async () => (server = await startGlassbox('--work-memory', '2M', '--inline-body', '2K')));
    after(() => stopGlassbox(server));

    it('is refused for good while its body is parsed', async () => checkTooMuch(await post(server, SMALL_ROUTE, large)));
    it('is refused for good when not even its body fits', async () => checkTooMuch(await post(server, SMALL_ROUTE, htmlBody('x'.repeat(3_000_000)))));
    it('is so in a trace, too, if its trace_config can be read', async () => {
        const answer = await post(server, SMALL_ROUTE + '/summary', traced(costly));
        assert.equal(answer.status, 413);
        assert.equal(answer.json().graph_output.status, 413);
        assert.match(answer.json().graph_output.detail, /--work-memory/);
        assert.equal(answer.json().traces.error.span, 'graph.parse');
    });
    it('is refused for good while its trace_config is read', async () => checkTooMuch(await post(server, SMALL_ROUTE + '/summary', traced(large))));
    it('leaves nothing in use, and is counted', async () => {
        const memory = await untilUsed(server, (used) => used === 0);
        assert.ok(memory.refused >= 3 && memory.most_used_bytes <= memory.max_bytes, JSON.stringify(memory));
        assert.equal(memory.max_bytes, 2 * MIB);
        assert.equal((await post(server, SMALL_ROUTE, small)).status, 200);
    });
});

describe('without the option', () => {
    it('half of the memory is for requests', async () => {
        const server = await startGlassbox();
        const {max_bytes: max} = await workMemoryOf(server);
        assert.ok(max > 0 && max <= os.totalmem() / 2, `${max} of ${os.totalmem()}`);
        await stopGlassbox(server);
    });
});

describe('a small request that could never fit', () => {
    it('is refused by the loop itself', async () => {
        const server = await startGlassbox('--work-memory', '8K');
        checkTooMuch(await post(server, SMALL_ROUTE, small));
        await untilUsed(server, (used) => used === 0);
        await stopGlassbox(server);
    });
});

/** A request with a large answer that nobody reads until rest(), which resolves to the answer. */
function unreadRequest(server, body) {
    const pieces = [];
    const socket = net.connect(server.port, server.host);
    socket.pause();
    socket.write(`POST ${ROUTE} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    socket.on('data', (piece) => pieces.push(piece));
    const closed = new Promise((resolve, reject) => socket.on('error', reject).on('close', () => resolve(Buffer.concat(pieces))));
    closed.catch(() => {});
    return () => (socket.resume(), closed);
}

describe('memory that others use', () => {
    // While it is parsed, this takes up to 19 times its size, and 4 times while it waits for its client.
    const held = JSON.stringify({graph_data: {nodes: Array.from({length: 12}, (_, id) => ({id, text: 'a'.repeat(1_000_000)})), edges: []}});
    let server, rest;
    before(async () => {
        server = await startGlassbox('--work-memory', '256M', '--workers', '2', '--threads', '1');
        rest = unreadRequest(server, held);
        while ((await get(server, '/healthz')).json().workers.slow_clients !== 1)
            await setTimeout(5);
    });
    after(() => stopGlassbox(server));

    it('is counted', async () => {
        const {used_bytes: used, max_bytes: max} = await workMemoryOf(server);
        assert.ok(used > held.length && used < max, `${used} of ${max}`);
    });
    it('refuses a large request for now', async () => checkForAnotherTime(await post(server, ROUTE, held)));
    it('refuses no small one', async () => assert.equal((await post(server, SMALL_ROUTE, small)).status, 200));
    it('is free again when the client has read', async () => {
        assert.equal(parseResponse(await rest()).status, 200);
        await untilUsed(server, (used) => used === 0);
        assert.equal((await post(server, ROUTE, held)).status, 200);
    });
});

describe('a short body that is long when it is unpacked', () => {
    const packed = gzipSync(JSON.stringify({graph_data: {nodes: [], edges: []}}) + ' '.repeat(MIB));
    /** The answer to it, and the most memory in use, with that limit. */
    async function answerWith(limit) {
        const server = await startGlassbox('--work-memory', String(Math.ceil(limit)));
        try {
            return [await post(server, ROUTE, packed, {'Content-Encoding': 'gzip'}), (await workMemoryOf(server)).most_used_bytes];
        } finally {
            await stopGlassbox(server);
        }
    }

    it('does not use the sixteenth that is kept for short ones', async () => {
        assert.ok(packed.length < 64 * KIB);
        const [answer, needed] = await answerWith(1024 * MIB);
        assert.equal(answer.status, 200);
        checkTooMuch((await answerWith(needed * 32 / 31))[0]);
        assert.equal((await answerWith(needed * 12 / 11))[0].status, 200);
    });
});

describe('answers that wait for their clients', () => {
    it('are counted until the clients have them', async () => {
        const server = await startGlassbox('--threads', '1');
        const body = JSON.stringify(htmlBody('<p>a'.repeat(15_000))); // under 64 KiB, an answer of about 1.5 MB
        const requests = Array.from({length: 8}, () => net.connect(server.port, server.host));
        for (const socket of requests) {
            socket.pause();
            socket.write(`POST ${SMALL_ROUTE} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`.repeat(8));
        }
        await untilUsed(server, (used) => used > 2 * MIB);
        for (const socket of requests)
            socket.destroy();
        await untilUsed(server, (used) => used === 0);
        await stopGlassbox(server);
    });
});

describe('the memory of the server', {skip: !/^GLASSBOX_SANITIZE:\w+=$/m.test(fs.readFileSync(built('CMakeCache.txt'), 'utf8')) && 'sanitizers use memory of their own'}, () => {
    const LIMITS = {connections: 12, body: 2 * MIB, work: 110 * MIB, captures: 16 * MIB};
    const bodies = COSTLY.map(([from, transformation, engine, make]) => [`/graph/from/${from}/to/${engine}/${transformation}`, make(LIMITS.body)]);

    /** Sends all bodies at once, `rounds` times, and returns the statuses and the most memory. */
    async function attack(workMemory, bodies, rounds) {
        const server = await startGlassbox('--max-connections', `${LIMITS.connections}`, '--max-body', `${LIMITS.body}`, '--work-memory', `${workMemory}`,
            '--capture-memory', `${LIMITS.captures}`, '--workers', '4', '--threads', '2');
        const statuses = new Set();
        for (let round = 0; round < rounds; round++)
            for (const answer of await Promise.all(bodies.map(([path, body]) => post(server, path, body))))
                statuses.add(answer.status);
        const most = mostResident(server);
        await untilUsed(server, (used) => used === 0);
        await stopGlassbox(server);
        return {statuses, most};
    }

    it('is within the formula, whatever is sent', async () => {
        const {statuses, most} = await attack(LIMITS.work, bodies, 2);
        assert.ok(most <= bound(LIMITS), `${most / MIB} MiB of ${bound(LIMITS) / MIB}`);
        assert.ok([200, 503].every((status) => statuses.has(status)), [...statuses].join());
    });

    const CONNECTIONS = 400; // each costs the process that it is tested from as much as the server
    const WAITING = {connections: CONNECTIONS + 2, body: 4 * KIB, work: 8 * MIB, captures: MIB};
    const head = (bytes) => `GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(bytes - 44)}`;
    for (const [what, bytes] of Object.entries({
        'the largest heads, unfinished': head(32 * KIB - 1), 'heads without end': head(400 * KIB),
        'the largest heads, and bodies': `POST ${SMALL_ROUTE} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4096\r\n${`X: ${'x'.repeat(500)}\r\n`.repeat(60)}\r\n${' '.repeat(4095)}`,
        'requests without waiting for answers': 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(10_000),
        'requests for the page, in the same way': 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(10_000),
    }))
        it(`is within the formula when all connections send ${what}`, async () => {
            const server = await startGlassbox('--max-connections', `${WAITING.connections}`, '--max-body', `${WAITING.body}`, '--work-memory', `${WAITING.work}`,
                '--capture-memory', `${WAITING.captures}`, '--workers', '1', '--threads', '2');
            const sockets = Array.from({length: CONNECTIONS}, () => net.connect(server.port, server.host));
            for (const socket of sockets) {
                socket.on('error', () => {});
                socket.pause();
                socket.write(bytes);
            }
            for (let before = -1, now = 0; now !== before; before = now, now = cpuMs(server.child.pid))
                await setTimeout(500); // it has done what it could do
            const most = mostResident(server);
            assert.ok(most <= bound(WAITING), `${most / MIB} MiB of ${bound(WAITING) / MIB}`);
            for (const socket of sockets)
                socket.destroy();
            await stopGlassbox(server);
        });
    it('is so because of the limit', async () => {
        const {most} = await attack(8192 * MIB, Array(6).fill(bodies[0]), 1);
        assert.ok(most > bound(LIMITS), `${most / MIB} MiB of ${bound(LIMITS) / MIB}`);
    });
    it('is documented', () => assert.ok(fs.readFileSync(source('SECURITY.md'), 'utf8').includes(FORMULA)));
});
