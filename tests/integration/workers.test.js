// SPDX-License-Identifier: MIT
// Workers process large requests, traced and untraced; short requests are answered in the meantime; a full queue is
// reported.
import assert from 'node:assert/strict';
import http2 from 'node:http2';
import net from 'node:net';
import {after, before, describe, it} from 'node:test';
import {setTimeout} from 'node:timers/promises';

import {get, parseResponse, post} from './support/client.js';
import {checkFull, checkSummary} from './support/documents.js';
import {htmlBody, traced} from './support/input.js';
import {checkProblem, checkUntouched} from './support/problem.js';
import {start, startGlassbox, program, stop, stopGlassbox} from './support/process.js';
import {checkSpeedscope} from './support/speedscope.js';

const ROUTE = '/graph/from/html/to/dot/default';
const small = htmlBody('<p>hello');
const medium = htmlBody('<p>hello'.repeat(20_000)); // over 64 KiB: for a worker

// An answer that fills every buffer on its way, of little work: a few long texts, which D3 gets as they are.
const HUGE_ROUTE = '/graph/from/json/to/d3/default';
const HUGE_NODES = 24;
const huge = JSON.stringify({graph_data: {nodes: Array.from({length: HUGE_NODES}, (_, id) => ({id, text: 'a'.repeat(1_000_000)})), edges: []}});

const workersOf = async (server) => (await get(server, '/healthz')).json().workers;

/** Asks until the workers are as `expected` says; one that never are is the test's time-out. */
async function untilWorkers(server, expected) {
    for (;;) {
        const workers = await workersOf(server);
        if (Object.entries(expected).every(([name, value]) => workers[name] === value))
            return workers;
        await setTimeout(5); // the workers have a lower priority than who asks
    }
}

/** A large request whose client reads nothing until rest() is called, which resolves to the whole answer's bytes. */
function unreadRequest(server, path = HUGE_ROUTE) {
    const pieces = [];
    const socket = net.connect(server.port, server.host);
    socket.pause();
    socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${huge.length}\r\n\r\n${huge}`);
    socket.on('data', (piece) => pieces.push(piece));
    const closed = new Promise((resolve, reject) => socket.on('error', reject).on('close', () => resolve(Buffer.concat(pieces))));
    closed.catch(() => {});
    return {socket, closed, rest: () => (socket.resume(), closed)};
}

const checkWhole = (bytes) => {
    const answer = parseResponse(bytes);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['transfer-encoding'], 'chunked');
    assert.equal(answer.json().node_count, HUGE_NODES);
};

describe('the trace of a large request', () => {
    let server;
    before(async () => (server = await startGlassbox()));
    after(() => stopGlassbox(server));

    const only = (calls, name) => {
        const found = calls.filter((call) => call.name === name);
        assert.equal(found.length, 1, name);
        return found[0];
    };

    /** What the calls of the two threads must tell of the hand-over; the one that did the work comes first. */
    function checkHandOver([worker, loop]) {
        const [handler, request] = [only(loop, 'handler'), only(loop, 'graph.request')];
        assert.ok(handler.start <= request.start && request.end <= handler.end);
        const [queue, work] = [only(worker, 'graph.queue'), only(worker, 'graph.work')];
        assert.equal(worker[0], queue, 'the wait is the first that the worker tells of');
        assert.ok(queue.start >= request.start && queue.start <= request.end, 'it begins where the loop hands over');
        assert.ok(queue.end <= work.start && queue.depth === 0 && work.depth === 0);
        for (const phase of ['graph.body', 'graph.parse', 'graph.build', 'graph.transform', 'graph.render', 'graph.release'])
            assert.ok(only(worker, phase).end <= work.end, phase);
        assert.ok(loop.every(({name}) => !/^graph\.(?!request$)/.test(name)), 'the loop does none of the work');
    }

    function checkThreads(threads, workNs) {
        assert.match(threads[0].name, /^worker-\d+$/);
        assert.match(threads[1].name, /^loop-\d+$/);
        assert.notEqual(threads[0].tid, threads[1].tid);
        for (const {inside_ms: inside, cpu_ms: cpu} of threads)
            assert.ok(cpu > 0 && cpu <= inside * 1.01 + 1, `${cpu} ms of CPU in ${inside} ms`);
        assert.ok(threads[0].inside_ms * 1e6 >= workNs, 'the worker is inside while it works');
    }

    it('full: two threads that add up, the wait between them', async () => {
        const answer = await post(server, ROUTE + '/full', traced(medium, {trace_output: 'traces_only'}));
        const document = answer.json();
        const threads = [...checkFull(document, answer.text()).values()];
        checkHandOver(threads);
        checkThreads(document.metadata.threads, only(threads[0], 'graph.work').end - only(threads[0], 'graph.work').start);
        assert.equal(document.metadata.truncated, false);
    });
    it('speedscope: a profile for each', async () => {
        const {traces} = (await post(server, ROUTE + '/speedscope', traced(medium))).json();
        checkHandOver(checkSpeedscope(traces));
        assert.match(traces.profiles[0].name, /worker-/);
        assert.match(traces.profiles[1].name, /loop-/);
    });
    it('summary: both threads, and nothing cut', async () => {
        const {traces} = (await post(server, ROUTE + '/summary', traced(medium, {top_n: 1000}))).json();
        checkSummary(traces, {complete: false});
        checkThreads(traces.threads, traces.hotspots.find(({name}) => name === 'graph.work').total_ms * 1e6);
        assert.equal(traces.truncated, false);
        assert.equal(traces.error, null);
    });
    it('an error is traced where it happened', async () => {
        const answer = await post(server, ROUTE + '/summary', traced({...medium, transform_config: 7}, {top_n: 1000}));
        assert.equal(answer.status, 422);
        assert.equal(answer.json().graph_output.pointer, '/transform_config');
        assert.equal(answer.json().traces.error.span, 'graph.parse');
        assert.equal(answer.json().traces.threads.length, 2);
    });
});

describe('a body of the limit', () => {
    const bodyOf = (length) => {
        const text = JSON.stringify(htmlBody(''));
        return text.replace('""', `"${'x'.repeat(length - text.length)}"`);
    };
    const byHeader = {'Content-Type': 'application/json', 'Glassbox-Trace-Config': '{"capture_traces":true}'};
    const threadsOf = async (server, body) => (await post(server, ROUTE + '/summary', body, byHeader)).json().traces.threads.length;

    it('stays, and one byte more goes', async () => {
        const server = await startGlassbox('--inline-body', '1000');
        assert.equal(await threadsOf(server, bodyOf(1000)), 1);
        assert.equal(await threadsOf(server, bodyOf(1001)), 2);
        await stopGlassbox(server);
    });
    it('of 0 lets none stay', async () => {
        const server = await startGlassbox('--inline-body', '0');
        assert.equal(await threadsOf(server, JSON.stringify(small)), 2);
        checkProblem(await post(server, ROUTE, ''), 400);
        await stopGlassbox(server);
    });
});

describe('a full queue', () => {
    let server, first, second;
    before(async () => {
        server = await startGlassbox('--threads', '1', '--workers', '1', '--queue', '1', '--slow-clients', '0');
        first = unreadRequest(server);
        await untilWorkers(server, {busy: 1, slow_clients: 1, queued: 0});
        second = unreadRequest(server);
        await untilWorkers(server, {busy: 1, queued: 1});
    });
    after(() => stopGlassbox(server));

    it('is 503 with Retry-After', async () => {
        const answer = await post(server, ROUTE, medium);
        checkProblem(answer, 503);
        assert.equal(answer.headers['retry-after'], '1');
        assert.match(answer.json().detail, /workers/);
        assert.equal((await workersOf(server)).refused, 1);
    });
    it('is so for a traced request, whose body is not read then', async () => {
        const answer = await post(server, ROUTE + '/summary', traced(medium));
        const {detail} = checkProblem(answer, 503);
        checkUntouched(answer);
        assert.match(detail, /workers/);
        assert.equal(answer.headers['retry-after'], '1');
        assert.deepEqual(await workersOf(server), {count: 1, busy: 1, slow_clients: 1, queued: 1, max_queued: 1, refused: 2});
    });
    it('holds no short request up', async () => {
        for (let i = 0; i < 20; i++)
            assert.equal((await post(server, ROUTE, small)).json().node_count > 0, true);
        assert.equal((await post(server, ROUTE + '/full', traced(small))).status, 200);
        assert.deepEqual((({busy, queued}) => ({busy, queued}))(await workersOf(server)), {busy: 1, queued: 1});
    });
    it('is over when the clients read', async () => {
        checkWhole(await first.rest());
        checkWhole(await second.rest());
        await untilWorkers(server, {busy: 0, queued: 0});
        assert.equal((await post(server, ROUTE, medium)).status, 200);
    });
});

describe('slow clients', () => {
    it('keep no worker from the requests behind them', async () => {
        const server = await startGlassbox('--threads', '1', '--workers', '1', '--slow-clients', '2');
        const slow = [unreadRequest(server), unreadRequest(server)];
        await untilWorkers(server, {count: 1, busy: 2, slow_clients: 2, queued: 0});
        assert.equal((await post(server, ROUTE, medium)).status, 200);
        const answer = await post(server, ROUTE + '/summary', traced(medium));
        assert.equal(answer.json().traces.threads.length, 2);
        for (const request of slow)
            checkWhole(await request.rest());
        await untilWorkers(server, {busy: 0, slow_clients: 0, queued: 0});
        await stopGlassbox(server);
    });
});

describe('clients that hang up', () => {
    let server;
    before(async () => (server = await startGlassbox('--threads', '1', '--workers', '1', '--queue', '2', '--slow-clients', '0', '--http2')));
    after(() => stopGlassbox(server));

    for (const path of [HUGE_ROUTE, HUGE_ROUTE + '/full']) {
        it(`${path}: over HTTP/1, while they are worked for and while they wait`, async () => {
            const requests = [unreadRequest(server, path), unreadRequest(server, path), unreadRequest(server, path)];
            await untilWorkers(server, {busy: 1, queued: 2});
            for (const {socket} of requests)
                socket.destroy();
            await untilWorkers(server, {busy: 0, queued: 0});
        });
        it(`${path}: over HTTP/2 they free their place in the queue at once`, async () => {
            const held = unreadRequest(server, path);
            await untilWorkers(server, {busy: 1, queued: 0});
            const session = http2.connect(server.url);
            const streams = [0, 1].map(() => session.request({':method': 'POST', ':path': path.replace(HUGE_ROUTE, ROUTE), 'content-type': 'application/json'}));
            for (const stream of streams)
                stream.on('error', () => {}).end(JSON.stringify(medium));
            await untilWorkers(server, {busy: 1, queued: 2});
            for (const stream of streams)
                stream.close(http2.constants.NGHTTP2_CANCEL);
            await untilWorkers(server, {busy: 1, queued: 0});
            session.destroy();
            held.socket.destroy();
            await untilWorkers(server, {busy: 0, queued: 0});
        });
    }
    it('all of it leaves a server that serves', async () => {
        assert.equal((await post(server, ROUTE + '/full', traced(medium))).status, 200);
        assert.equal((await workersOf(server)).refused, 0);
    });
});

describe('stopping', () => {
    it('finishes what the workers have, and what waits for them', async () => {
        const server = await startGlassbox('--workers', '1', '--threads', '2', '--slow-clients', '0',
            '--stop-timeout', '120');
        const requests = [unreadRequest(server), unreadRequest(server), unreadRequest(server)];
        await untilWorkers(server, {busy: 1, queued: 2});
        const stopped = stop(server);
        (await Promise.all(requests.map((request) => request.rest()))).forEach(checkWhole);
        await stopped;
    });
    it('is cut when its time is over', async () => {
        const server = await start(program('glassbox'), ['serve', '--port', '0', '--stop-timeout', '1']);
        const request = unreadRequest(server);
        await untilWorkers(server, {busy: 1});
        server.child.kill('SIGTERM');
        assert.deepEqual(await server.exited, {code: 1, signal: null});
        assert.match(server.complaints(), /requests still in flight/);
        request.socket.destroy();
    });
});
