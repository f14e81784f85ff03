// SPDX-License-Identifier: MIT
// four_loops: a trace follows its request from thread to thread and contains nothing of other requests; clients may
// leave at any time; a stop loses no response and leaves nothing behind.
import assert from 'node:assert/strict';
import http2 from 'node:http2';
import net from 'node:net';
import {describe, it} from 'node:test';
import {setTimeout as pause} from 'node:timers/promises';

import {get} from '../integration/support/client.js';
import {start, stop} from '../integration/support/process.js';
import {CAPTURE, example, statusOf, trace} from './support.js';

const BATCH = 32; // fewer than limits.h's max_captures, so that none is refused
const LONG = 20_000; // thousand rounds: longer than most clients take to leave
const LONGEST = 100_000; // and than any does
const body = JSON.stringify(CAPTURE);

/** A test that fails before its stop leaves no server, which the whole file would wait for. */
async function startExample(t) {
    const server = await start(example('four_loops'), ['0']);
    t.after(() => server.child.kill('SIGKILL'));
    return server;
}

/** Waits until no capture is left, those of clients that left included; one that never goes is the test's time-out. */
async function untilNoCaptures(server) {
    for (;;) {
        const status = await statusOf(server);
        if (status.live_captures === 0)
            return status;
        await pause(5);
    }
}

const spansOf = (threads, pattern) => threads.filter(({name}) => pattern.test(name)).map(({spans}) => spans);

/** Asserts that a trace has all that the request `n` did, thread by thread, and no more. */
function checkThreads(threads, n) {
    assert.deepEqual(spansOf(threads, /^loop-[0-3]$/), [['handler', 'later', 'later.queued', 'later.answer']]);
    assert.deepEqual(spansOf(threads, /^worker-[01]$/), [['later.queued', `later.compute(${n})`]]);
    assert.deepEqual(spansOf(threads, /^writer-0$/), [['later.queued', `later.write(${n})`]]);
    assert.equal(threads.length, 3);
}

describe('a trace of an answer that comes later', () => {
    it('has the spans of the loop, of a worker and of the second hop, under the names of their threads', async (t) => {
        const server = await startExample(t);
        const {output, threads} = await trace(server, '/later', '?100');
        checkThreads(threads, 100);
        assert.equal(output, (await get(server, '/later?100')).text());
        await stop(server);
    });

    it('has nothing of the requests that run at the same time on four loops', async (t) => {
        const server = await startExample(t);
        const loops = new Set();
        // The kernel chooses the loop of a connection; in so many rounds of new ones it never chose one alone.
        for (let round = 0; round < 8 || (loops.size === 1 && round < 64); round++) {
            await Promise.all(Array.from({length: BATCH}, async (_, i) => {
                const n = 10 + round * BATCH + i;
                const [{output, threads}, plain] = await Promise.all([
                    trace(server, '/later', `?${n}`, {Connection: 'close'}), get(server, `/later?${n}`)]);
                checkThreads(threads, n);
                assert.equal(output, plain.text());
                loops.add(threads.find(({name}) => name.startsWith('loop')).name);
            }));
        }
        assert.ok(loops.size > 1, [...loops].join());
        await untilNoCaptures(server);
        await stop(server);
    });
});

/** HTTP/1: sends a request and leaves after `steps` turns of this program's loop, politely or by reset. */
function leaveHttp1(server, steps, reset, n = LONG / 10) {
    return new Promise((resolve) => {
        const socket = net.connect(server.port, server.host, async () => {
            socket.write(`POST /later/full?${n} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
            for (let i = 0; i < steps; i++)
                await new Promise(setImmediate);
            if (reset)
                socket.resetAndDestroy();
            else
                socket.destroy();
        });
        socket.resume();
        socket.on('error', () => {}); // whoever resets may be told of it
        socket.on('close', resolve);
    });
}

/** HTTP/2: the same, by a reset of the stream or with the whole connection. */
function leaveHttp2(server, steps, reset, n = LONG) {
    return new Promise((resolve) => {
        const session = http2.connect(server.url);
        session.on('error', () => {});
        session.on('close', resolve);
        session.on('remoteSettings', async () => {
            const stream = session.request({':method': 'POST', ':path': `/later/full?${n}`, 'content-type': 'application/json'});
            stream.on('error', () => {});
            stream.resume();
            stream.end(body);
            for (let i = 0; i < steps; i++)
                await new Promise(setImmediate);
            if (!reset)
                session.destroy();
            else
                stream.close(http2.constants.NGHTTP2_CANCEL, () => session.close());
        });
    });
}

describe('clients that leave', () => {
    it('at any moment leave no capture behind, and the others are answered', async (t) => {
        const server = await startExample(t);
        const expected = (await get(server, '/later?50')).text();
        for (let batch = 0; batch < 8; batch++) {
            const leaving = Array.from({length: BATCH}, (_, i) =>
                (i % 2 === 0 ? leaveHttp1 : leaveHttp2)(server, Math.floor(Math.random() * 40), i % 4 < 2));
            const staying = Array.from({length: 4}, () => get(server, '/later?50').then((answer) => assert.equal(answer.text(), expected)));
            await Promise.all([...leaving, ...staying]);
        }
        const {abandoned} = await untilNoCaptures(server);
        assert.ok(abandoned > 0, 'nobody left while a worker was at it');
        checkThreads((await trace(server, '/later', '?7')).threads, 7);
        await stop(server);
    });

    it('are noticed at once when they speak HTTP/2, and by libh2o not before the answer when they speak HTTP/1', async (t) => {
        const server = await startExample(t);
        await Promise.all(Array.from({length: 4}, (_, i) => leaveHttp1(server, 20, i % 2 === 0, LONG)));
        assert.equal((await untilNoCaptures(server)).abandoned, 0);
        await leaveHttp2(server, 20, true, LONGEST);
        assert.equal((await untilNoCaptures(server)).abandoned, 1);
        await stop(server);
    });

    it('all of them, right before the stop', async (t) => {
        const server = await startExample(t);
        await Promise.all(Array.from({length: BATCH}, (_, i) => (i % 2 === 0 ? leaveHttp1 : leaveHttp2)(server, 20, i % 4 < 2)));
        await stop(server);
    });
});

describe('the stop', () => {
    for (const signal of ['SIGTERM', 'SIGINT']) {
        it(`by ${signal} waits for the answers under way`, async (t) => {
            const server = await startExample(t);
            let answered = 0;
            const answers = Array.from({length: 4}, () => trace(server, '/later', `?${LONGEST}`).finally(() => answered++));
            while ((await statusOf(server)).live_captures < answers.length)
                assert.equal(answered, 0, 'the first was answered before the last was asked');
            const stopped = stop(server, signal);
            for (const {threads} of await Promise.all(answers))
                checkThreads(threads, LONGEST);
            await stopped;
        });
    }
});
