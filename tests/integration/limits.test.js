// SPDX-License-Identifier: MIT
// The limits on capturing over HTTP: which requests are refused and how, that no others are, and that every place is
// given back.
import assert from 'node:assert/strict';
import net from 'node:net';
import {describe, it} from 'node:test';

import {get, parseResponse, post} from './support/client.js';
import {connect} from './support/http2.js';
import {FORMATS, LARGEST_PAGE, fewer, htmlBody, readPage, traced} from './support/input.js';
import {checkProblem, checkUntouched} from './support/problem.js';
import {program, start, startGlassbox, stop, stopGlassbox, untilNoCaptures} from './support/process.js';
import {checkSchema} from './support/schemas.js';

const ROUTE = '/graph/from/html/to/dot/default';
const CAPTURE = traced({});

const startTestServer = (...args) => start(program('gbx-test-server'), args);
const status = async (server) => (await get(server, '/status')).json();
async function stopTestServer(server) {
    await untilNoCaptures(server, '/status');
    await stop(server);
}

/** Asks for the status until `condition` holds of it; one that never does is the test's time-out. */
async function until(server, condition) {
    for (;;) {
        const now = await status(server);
        if (condition(now))
            return now;
    }
}

/** A traced request on a connection of its own, whose answer is not read: {socket, rest()}. */
function hold(server, path) {
    const text = JSON.stringify(CAPTURE);
    const socket = net.connect(server.port, server.host);
    const pieces = [];
    socket.on('data', (piece) => pieces.push(piece));
    socket.pause();
    const closed = new Promise((resolve, reject) => {
        socket.on('error', reject);
        socket.on('close', () => resolve(Buffer.concat(pieces)));
    });
    socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
    return {socket, rest: () => (socket.resume(), closed)};
}

function checkRefusal(answer, code) {
    checkProblem(answer, code);
    checkUntouched(answer);
    assert.match(answer.headers['retry-after'], /^[1-9]\d*$/);
    return Number(answer.headers['retry-after']);
}

/** Whatever is refused to captures, these are answered. */
async function checkOthersAnswered(server) {
    assert.equal((await post(server, '/echo/a', CAPTURE)).status, 200);
    assert.equal((await get(server, '/bare')).status, 200);
    const mirrored = await post(server, '/echo/a/full', {});
    assert.equal(mirrored.status, 200);
    assert.equal(mirrored.json().traces, null);
}

describe('captures under way at the same time', () => {
    for (const [what, args, places] of [['64 by default', [], 64], ['as many as the option says', ['--max-captures', '3'], 3]]) {
        it(`${what}: the next one is 429, everything else is answered, and the places come back`, async () => {
            const server = await startTestServer('--threads', '2', ...args);
            const held = Array.from({length: places}, () => hold(server, '/never/full'));
            await until(server, (now) => now.under_way === places);
            for (const format of FORMATS)
                assert.equal(checkRefusal(await post(server, `/echo/${format}`, CAPTURE), 429), 1);
            const connection = connect(server);
            assert.equal((await connection.request('POST', '/echo/full', CAPTURE)).status, 429);
            await connection.close();
            await checkOthersAnswered(server);
            held.forEach(({socket}) => socket.destroy());
            const now = await until(server, ({under_way}) => under_way === 0);
            assert.deepEqual([now.captured, now.refused_captures], [places, 4]);
            assert.equal((await post(server, '/echo/full', CAPTURE)).status, 200);
            await stopTestServer(server);
        });
    }
    it('a reset stream of HTTP/2 gives its place back, even where the handler never answers', async () => {
        const server = await startTestServer('--max-captures', '1');
        const connection = connect(server);
        for (let i = 0; i < 20; i++) {
            const stream = connection.session.request({':method': 'POST', ':path': '/silent/full', 'content-type': 'application/json'});
            stream.on('error', () => {});
            stream.end(JSON.stringify(CAPTURE));
            await until(server, ({captured}) => captured === i + 1);
            stream.close(8);
            await until(server, ({under_way}) => under_way === 0);
        }
        await connection.close();
        await stopTestServer(server);
    });
    it('one after the other they need one place, whatever the connection', async () => {
        const server = await startTestServer('--max-captures', '1', '--threads', '2');
        const connection = connect(server);
        for (let i = 0; i < 100; i++) {
            const path = `/${['echo', 'later', 'stream', 'binary'][i % 4]}/${FORMATS[i % 3]}`;
            const answer = i % 2 === 0 ? await post(server, path, CAPTURE) : await connection.request('POST', path, CAPTURE);
            assert.equal(answer.status, 200, `${i}: ${answer.text()}`);
            assert.ok(answer.json().traces);
        }
        await connection.close();
        await stopTestServer(server);
    });
    it('under a crowd: captured or refused, nothing in between, and the counts add up', async () => {
        const server = await startTestServer('--max-captures', '2', '--threads', '4');
        const [clients, each] = [32, fewer(25)];
        const seen = {200: 0, 429: 0};
        await Promise.all(Array.from({length: clients}, async (_, i) => {
            for (let k = 0; k < each; k++) {
                const answer = await post(server, k % 2 === 0 ? '/later/full' : '/stream/full?chunks=30', CAPTURE);
                seen[answer.status] += 1;
                if (answer.status === 200)
                    assert.ok(answer.json().traces.entries.length > 0);
                else
                    checkRefusal(answer, 429);
                if (k % 5 === i % 5)
                    assert.equal((await post(server, '/echo', CAPTURE)).status, 200);
            }
        }));
        assert.equal(seen[200] + seen[429], clients * each);
        assert.ok(seen[200] > 0 && seen[429] > 0, JSON.stringify(seen));
        const now = await until(server, ({under_way}) => under_way === 0);
        assert.deepEqual([now.captured, now.refused_captures, now.refused_rate, now.refused_memory, now.off], [seen[200], seen[429], 0, 0, 0]);
        await stopTestServer(server);
    });
});

describe('captures per second', () => {
    it('past them 429 says when to come again, and who does is served', async () => {
        const server = await startTestServer('--captures-per-second', '20');
        const seen = {200: 0, 429: 0};
        for (let answer; seen[429] < 5; seen[answer.status] += 1) {
            answer = await post(server, '/echo/summary', CAPTURE);
            if (answer.status !== 200)
                assert.equal(checkRefusal(answer, 429), 1);
        }
        assert.ok(seen[200] >= 20, `${seen[200]}`);
        await checkOthersAnswered(server);
        for (let answer; answer?.status !== 200; seen[answer.status] += 1)
            answer = await post(server, '/echo/summary', CAPTURE);
        const now = await status(server);
        assert.deepEqual([now.captured, now.refused_rate, now.under_way], [seen[200], seen[429], 0]);
        await stopTestServer(server);
    });
});

describe('memory of captures', () => {
    it('while none is left, 503; when it is back, captured', async () => {
        const server = await startTestServer('--capture-memory', String(4 * 65536));
        const held = Array.from({length: 4}, () => hold(server, '/never/full'));
        await until(server, (now) => now.captured === 4);
        // Each has entered the capture, and so has its block, once its answer has begun.
        await Promise.all(held.map(({socket}) => new Promise((resolve) => (socket.once('data', resolve), socket.resume()))));
        assert.equal(checkRefusal(await post(server, '/echo/full', CAPTURE), 503), 1);
        await checkOthersAnswered(server);
        held.forEach(({socket}) => socket.destroy());
        await untilNoCaptures(server, '/status');
        assert.equal((await post(server, '/echo/full', CAPTURE)).json().traces.metadata.truncated, false);
        assert.equal((await status(server)).refused_memory, 1);
        await stopTestServer(server);
    });
    it('a capture that outgrows it is truncated, and counts what it dropped', async () => {
        const server = await startTestServer('--capture-memory', String(4 * 65536));
        const answer = (await post(server, '/big/summary?spans=100000', CAPTURE)).json();
        assert.deepEqual(answer.output, {spans: 100_000});
        assert.equal(answer.traces.truncated, true);
        assert.ok(answer.traces.entry_count > 5000);
        const {traces} = (await post(server, '/big/full?spans=100000', CAPTURE)).json();
        const kept = traces.entries.filter(({event}) => event === 'enter').length;
        // Two more than asked for: the handler's own and the middleware's.
        assert.equal(kept + traces.metadata.dropped_spans, 100_002);
        await stopTestServer(server);
    });
});

describe('the time a capture may take', () => {
    it('then the trace ends, truncated, while the request goes on and its place is free', async () => {
        const server = await startTestServer('--max-captures', '1', '--max-capture-ms', '300');
        // A reader that stalls the handler half-way through a long answer.
        const bytes = 40_000_000;
        const slow = hold(server, `/text/full?bytes=${bytes}&piece=10000`);
        await until(server, ({expired}) => expired === 1);
        assert.equal((await post(server, '/echo/full', CAPTURE)).json().traces.metadata.truncated, false);
        const answer = parseResponse(await slow.rest());
        assert.equal(answer.status, 200);
        assert.equal(answer.headers['glassbox-capture'], 'captured');
        const {output, traces} = answer.json();
        assert.ok(output.length >= bytes / 2);
        assert.equal(traces.metadata.truncated, true);
        assert.ok(traces.metadata.total_duration_ms >= 200 && traces.entries.length > 0);
        assert.ok(traces.entries.length / 2 < bytes / 10_000, 'spans after the cut are not in it');
        assert.equal(traces.call_tree.at(-1).name, 'handler.wait', 'the wait for the reader, up to the cut, is in it');
        assert.equal((await status(server)).expired, 1);
        await stopTestServer(server);
    });
    it('a handler that never answers keeps no place, although its client waits on', async () => {
        const server = await startTestServer('--max-captures', '2', '--max-capture-ms', '100');
        const held = [hold(server, '/silent/full'), hold(server, '/silent/speedscope')];
        await until(server, ({expired}) => expired === 2);
        const now = await status(server);
        assert.deepEqual([now.under_way, now.live_captures], [0, 2]);
        assert.equal((await post(server, '/echo/full', CAPTURE)).status, 200);
        held.forEach(({socket}) => socket.destroy());
        await stop(server);
    });
});

describe('the size and the depth of a body', () => {
    const nested = (levels) => `{"graph_data":{"nodes":[{"id":"a","deep":${'['.repeat(levels - 4)}1${']'.repeat(levels - 4)}}],"edges":[]},"trace_config":{"capture_traces":true}}`;

    it('1,024 levels are read, 1,025 are 400, traced or not', async () => {
        const server = await startGlassbox();
        for (const path of ['/graph/from/json/to/dot/default', '/graph/from/json/to/dot/default/full']) {
            assert.equal((await post(server, path, nested(1024))).status, 200, path);
            assert.match(checkProblem(await post(server, path, nested(1025)), 400).detail, /1024 levels/);
        }
        await stopGlassbox(server);
    });
    it('--max-body holds for traced requests as for plain ones, up and down', async () => {
        const roomy = await startGlassbox('--max-body', '40M');
        const padded = ' '.repeat(33 << 20) + JSON.stringify(traced(htmlBody('x')));
        assert.equal((await post(roomy, ROUTE + '/summary', padded)).status, 200);
        await stopGlassbox(roomy);
        const tight = await startGlassbox('--max-body', '1K');
        for (const path of [ROUTE, ROUTE + '/summary'])
            checkProblem(await post(tight, path, traced(htmlBody('x'.repeat(1024)))), 413);
        await stopGlassbox(tight);
    });
});

const health = async (server) => {
    const answer = (await get(server, '/healthz')).json();
    checkSchema('health', answer);
    return answer.capture;
};
async function untilSwitched(server, on) {
    while ((await health(server)).on !== on)
        ;
}
const page = traced(htmlBody('<h1>a</h1><p>b</p>'));

describe('glassbox serve', () => {
    it('shows its limits, the defaults and those of its options', async () => {
        const plain = await startGlassbox();
        assert.deepEqual((await health(plain)).limits, {max_captures: 64, captures_per_second: null, max_capture_ms: 60_000, max_memory_bytes: 2 ** 30});
        await stopGlassbox(plain);
        const server = await startGlassbox('--max-captures', '5', '--captures-per-second', '7', '--max-capture-time', '9', '--capture-memory', '11M');
        assert.deepEqual((await health(server)).limits, {max_captures: 5, captures_per_second: 7, max_capture_ms: 9000, max_memory_bytes: 11 * 2 ** 20});
        await stopGlassbox(server);
    });
    it('keeps to them: readers who stall have the places, and give them back by hanging up', async () => {
        const server = await startGlassbox('--max-captures', '2');
        const large = JSON.stringify(traced(htmlBody(readPage(LARGEST_PAGE))));
        const held = [1, 2].map(() => {
            const socket = net.connect(server.port, server.host);
            socket.on('error', () => {});
            socket.pause();
            socket.write(`POST ${ROUTE}/full HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(large)}\r\n\r\n${large}`);
            return socket;
        });
        while ((await health(server)).under_way !== 2)
            ;
        checkRefusal(await post(server, ROUTE + '/summary', page), 429);
        assert.equal((await post(server, ROUTE, page)).status, 200);
        held.forEach((socket) => socket.destroy());
        while ((await health(server)).under_way !== 0)
            ;
        assert.equal((await post(server, ROUTE + '/summary', page)).status, 200);
        const {counts} = await health(server);
        assert.deepEqual(counts, {captured: 3, off: 0, refused_captures: 1, refused_rate: 0, refused_memory: 0, expired: 0});
        await stopGlassbox(server);
    });
    it('with --capture off answers without a trace until SIGUSR2, and again from SIGUSR1 on', async () => {
        const server = await startGlassbox('--capture', 'off');
        const check = async (on) => {
            for (const format of FORMATS) {
                const answer = await post(server, `${ROUTE}/${format}`, page);
                assert.equal(answer.status, 200);
                assert.equal(answer.headers['glassbox-capture'], on ? 'captured' : 'off');
                assert.equal('glassbox-trace-id' in answer.headers, on);
                assert.ok(answer.json().graph_output.dot);
                assert.equal(answer.json().traces !== null, on);
            }
        };
        assert.equal((await health(server)).on, false);
        await check(false);
        server.child.kill('SIGUSR2');
        await untilSwitched(server, true);
        await check(true);
        server.child.kill('SIGUSR1');
        await untilSwitched(server, false);
        await check(false);
        const {counts} = await health(server);
        assert.deepEqual([counts.captured, counts.off], [3, 6]);
        await stopGlassbox(server);
    });
    it('switches under load: every answer is whole, with its trace or without, and the counts add up', async () => {
        const server = await startGlassbox('--threads', '2');
        const seen = {captured: 0, off: 0};
        let switching = true;
        const clients = Array.from({length: 8}, async (_, i) => {
            for (let k = 0; switching || k < 20; k++) {
                const answer = await post(server, `${ROUTE}/${FORMATS[(i + k) % 3]}`, page);
                assert.equal(answer.status, 200);
                const fate = answer.headers['glassbox-capture'];
                assert.equal(answer.json().traces !== null, fate === 'captured');
                seen[fate] += 1;
            }
        });
        for (let round = 0; round < 10; round++) {
            const on = round % 2 === 1;
            const before = {...seen};
            server.child.kill(on ? 'SIGUSR2' : 'SIGUSR1');
            await untilSwitched(server, on);
            const fate = on ? 'captured' : 'off';
            while (seen[fate] < before[fate] + 10) // the load has felt it
                await get(server, '/healthz');
        }
        switching = false;
        await Promise.all(clients);
        const {counts, under_way, on} = await health(server);
        assert.deepEqual([counts.captured, counts.off, counts.refused_captures, on], [seen.captured, seen.off, 0, true]);
        assert.equal(under_way, 0);
        await stopGlassbox(server);
    });
    it('takes the switch while it stops, and stops all the same', async () => {
        const server = await startGlassbox();
        server.child.kill('SIGUSR1');
        const stopped = stop(server);
        server.child.kill('SIGUSR2');
        await stopped;
    });
});
