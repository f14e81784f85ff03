// SPDX-License-Identifier: MIT
// HTTP/2 clients that reset, stall, flood and break the rules; the server sheds them and holds nothing of theirs.
import assert from 'node:assert/strict';
import http2 from 'node:http2';
import {after, before, describe, it} from 'node:test';

import {post} from './support/client.js';
import {PREFACE, SETTINGS, frame} from './support/frames.js';
import {FORMATS, fewer, htmlBody, traced} from './support/input.js';
import {program, start, startGlassbox, stop, stopGlassbox, untilNoCaptures} from './support/process.js';
import {Wire, residentBytes} from './support/wire.js';

const PLAIN = '/graph/from/html/to/dot/default';
const {NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR, NGHTTP2_REFUSED_STREAM} = http2.constants;
const small = htmlBody('<p>hello</p>');
const long = htmlBody('<b>long</b> '.repeat(3000));

let server;
before(async () => (server = await startGlassbox('--http2')));
after(() => stopGlassbox(server));

const stillServes = async (which = server) => assert.equal((await post(which, PLAIN, small)).status, 200);

function connect(options) {
    const session = http2.connect(server.url, options);
    session.on('error', () => {}); // what the server does to a hostile session is not what is tested
    return session;
}

function request(session, path, body, headers = {}) {
    const stream = session.request({':method': 'POST', ':path': path, 'content-type': 'application/json', ...headers});
    stream.on('error', () => {});
    stream.end(body === undefined ? undefined : JSON.stringify(body));
    return stream;
}

const closed = (emitter) => new Promise((resolve) => (emitter.closed || emitter.destroyed ? resolve() : emitter.once('close', resolve)));

function destroy(session) {
    session.destroy();
    return closed(session);
}

describe('streams that are reset', () => {
    for (const code of [NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR]) {
        it(`in the middle of a streamed trace, by the hundred: code ${code}`, async () => {
            for (let round = 0; round < fewer(5); round++) {
                const session = connect();
                const streams = Array.from({length: 40}, (_, i) => request(session, `${PLAIN}/${FORMATS[i % FORMATS.length]}`, traced(long)));
                let begun = 0;
                for (const stream of streams) {
                    stream.once('data', () => {
                        begun++;
                        stream.close(code);
                    });
                }
                await Promise.all(streams.map(closed));
                assert.equal(begun, streams.length);
                await destroy(session);
            }
            await untilNoCaptures(server, '/healthz');
            await stillServes();
        });
    }
    it('as soon as they are sent, by the thousand', async () => {
        const session = connect();
        for (let round = 0; round < fewer(40); round++) {
            const streams = Array.from({length: 50}, () => request(session, `${PLAIN}/full`, traced(small)));
            streams.forEach((stream) => stream.close(NGHTTP2_CANCEL));
            await Promise.all(streams.map(closed));
        }
        await destroy(session);
        await untilNoCaptures(server, '/healthz');
        await stillServes();
    });
    it('in the middle of their body', async () => {
        const session = connect();
        const streams = Array.from({length: 60}, () => {
            const stream = session.request({':method': 'POST', ':path': `${PLAIN}/full`, 'content-type': 'application/json'});
            stream.on('error', () => {});
            stream.write('{"graph_data":');
            return stream;
        });
        await new Promise((resolve) => session.ping(resolve)); // the server has seen what was sent before
        streams.forEach((stream) => stream.close(NGHTTP2_CANCEL));
        await Promise.all(streams.map(closed));
        await destroy(session);
        await untilNoCaptures(server, '/healthz');
    });
    it('while their handler sends bit by bit, or has not answered yet', async () => {
        const handlers = await start(program('gbx-test-server'));
        const session = http2.connect(handlers.url);
        session.on('error', () => {});
        for (let round = 0; round < fewer(5); round++) {
            const streams = ['/never/full', '/silent/summary', '/later/full', '/stream/speedscope?chunks=5000', '/big/full?spans=50000', '/text/full?bytes=1000000&piece=10']
                .flatMap((path) => Array.from({length: 10}, () => request(session, path, {trace_config: {capture_traces: true}})));
            await new Promise((resolve) => session.ping(resolve));
            streams.forEach((stream) => stream.close(NGHTTP2_CANCEL));
            await Promise.all(streams.map(closed));
        }
        await untilNoCaptures(handlers, '/status');
        await destroy(session);
        await stop(handlers);
    });
    it('with their connection, in the middle of everything', async () => {
        for (let round = 0; round < fewer(10); round++) {
            const session = connect();
            const streams = Array.from({length: 20}, () => request(session, `${PLAIN}/full`, traced(long)));
            await Promise.race(streams.map((stream) => new Promise((resolve) => stream.once('data', resolve))));
            await destroy(session);
        }
        await untilNoCaptures(server, '/healthz');
        await stillServes();
    });
});

describe('windows that stay shut', () => {
    it('hold the answers back, and the server holds captures, not texts', async () => {
        const COUNT = 10;
        const handlers = await start(program('gbx-test-server'));
        const path = '/big/full?spans=100000';
        const body = {trace_config: {capture_traces: true}};
        const each = (await post(handlers, path, body)).body.length;
        const before = residentBytes(handlers.child.pid);
        const session = http2.connect(handlers.url, {settings: {initialWindowSize: 0}});
        const streams = Array.from({length: COUNT}, () => request(session, path, body));
        await Promise.all(streams.map((stream) => new Promise((resolve) => stream.once('response', resolve))));
        const held = residentBytes(handlers.child.pid) - before;
        await destroy(session);
        await untilNoCaptures(handlers, '/status');
        await stop(handlers);
        assert.ok(held < (COUNT * each) / 2, `${held} bytes for ${COUNT} answers of ${each}`);
    });
    it('of one byte get the answer byte by byte', async () => {
        const session = connect({settings: {initialWindowSize: 1}});
        const stream = request(session, `${PLAIN}/summary`, traced(small));
        const pieces = [];
        stream.on('data', (piece) => pieces.push(piece));
        await closed(stream);
        assert.ok(JSON.parse(Buffer.concat(pieces).toString()).traces.hotspots.length > 0);
        await destroy(session);
    });
});

describe('bodies', () => {
    it('over the limit are reset as refused, before they are whole', async () => {
        const tight = await startGlassbox('--http2', '--max-body', '1000');
        for (const path of [PLAIN, `${PLAIN}/full`]) {
            const session = http2.connect(tight.url);
            session.on('error', () => {});
            const stream = request(session, path, htmlBody('x'.repeat(100_000)));
            await closed(stream);
            assert.equal(stream.rstCode, NGHTTP2_REFUSED_STREAM);
            const next = request(session, path, small);
            assert.equal((await new Promise((resolve) => next.once('response', resolve)))[':status'], 200);
            await destroy(session);
        }
        await stopGlassbox(tight);
    });
    it('shorter or longer than they say are reset', async () => {
        const text = JSON.stringify(traced(small));
        for (const length of [text.length - 1, text.length + 1]) {
            const session = connect();
            const stream = session.request({':method': 'POST', ':path': `${PLAIN}/full`, 'content-type': 'application/json', 'content-length': String(length)});
            stream.on('error', () => {});
            let status;
            stream.on('response', (head) => (status = head[':status']));
            stream.write(text);
            stream.end();
            await closed(stream);
            assert.equal(status, undefined);
            await destroy(session);
        }
        await stillServes();
    });
    it('in frames of one byte are bodies', async () => {
        const session = connect();
        const stream = session.request({':method': 'POST', ':path': `${PLAIN}/full`, 'content-type': 'application/json'});
        for (const byte of Buffer.from(JSON.stringify(traced(small))))
            stream.write(Buffer.from([byte]));
        stream.end();
        const head = await new Promise((resolve) => stream.once('response', resolve));
        assert.equal(head[':status'], 200);
        stream.resume();
        await closed(stream);
        await destroy(session);
    });
});

describe('much at once', () => {
    it('thirty thousand pings are all answered, in order', async () => {
        const COUNT = 30_000;
        const wire = await Wire.open(server);
        const numbered = (i) => {
            const payload = Buffer.alloc(8);
            payload.writeUInt32BE(i);
            return frame(6, 0, 0, payload);
        };
        wire.send(Buffer.concat([PREFACE, SETTINGS, ...Array.from({length: COUNT}, (_, i) => numbered(i))]));
        const pongs = (bytes) => {
            const numbers = [];
            for (let at = 0; at + 9 <= bytes.length && at + 9 + bytes.readUIntBE(at, 3) <= bytes.length; at += 9 + bytes.readUIntBE(at, 3))
                if (bytes[at + 3] === 6)
                    numbers.push(bytes.readUInt32BE(at + 9));
            return numbers;
        };
        const numbers = pongs(await wire.until((bytes) => bytes.length >= COUNT * 17 && pongs(bytes).length === COUNT));
        assert.deepEqual(numbers, Array.from({length: COUNT}, (_, i) => i));
        await wire.destroy();
    });
    it('large bodies arrive whole', async () => {
        const session = connect();
        const answers = await Promise.all(Array.from({length: 3}, async () => {
            const stream = request(session, PLAIN, htmlBody('x'.repeat(20_000_000)));
            const head = await new Promise((resolve) => stream.once('response', resolve));
            stream.resume();
            await closed(stream);
            return head[':status'];
        }));
        assert.deepEqual(answers, [200, 200, 200]);
        await destroy(session);
    });
});

describe('frames', () => {
    const getRoot = Buffer.from([0x82, 0x84, 0x86, 0x41, 0x01, 0x78]); // GET / http x
    const bytes = (...values) => Buffer.from(values);

    for (const [what, frames] of Object.entries({
        'nothing after the preface': [], 'data on a stream that is not open': [frame(0, 1, 1, bytes(1, 2, 3))], 'headers on an even stream': [frame(1, 5, 2, getRoot)],
        'headers on stream 0': [frame(1, 5, 0, getRoot)], 'a table index that is not there': [frame(1, 5, 1, bytes(0xff, 0xff, 0xff, 0xff, 0x0f))],
        'headers that are cut': [frame(1, 5, 1, getRoot.subarray(0, 5))], 'headers without a path': [frame(1, 5, 1, bytes(0x82))], 'a frame over the size': [frame(0, 0, 1, Buffer.alloc(20_000))],
        'a window update of 0': [frame(8, 0, 0, bytes(0, 0, 0, 0))], 'a window that overflows': [frame(8, 0, 0, bytes(0x7f, 255, 255, 255)), frame(8, 0, 0, bytes(0x7f, 255, 255, 255))],
        'settings of five bytes': [frame(4, 0, 0, bytes(0, 0, 0, 0, 0))], 'a window setting beyond its range': [frame(4, 0, 0, bytes(0, 4, 0xff, 255, 255, 255))],
        'a ping of seven bytes': [frame(6, 0, 0, Buffer.alloc(7))], 'a reset of a stream that is not open': [frame(3, 0, 1, bytes(0, 0, 0, 8))], 'a priority on itself': [frame(2, 0, 1, bytes(0, 0, 0, 1, 0))],
        'a push from a client': [frame(5, 4, 1, bytes(0, 0, 0, 2))], 'a continuation of nothing': [frame(9, 4, 1, getRoot)], 'headers that another frame interrupts': [frame(1, 1, 1, getRoot), frame(6, 0, 0, Buffer.alloc(8))],
        'padding over the frame': [frame(1, 0xd, 1, bytes(200, 0x82))], 'goaway': [frame(7, 0, 0, Buffer.alloc(8))],
        'a thousand empty continuations': [frame(1, 1, 1, getRoot), ...Array.from({length: 1000}, () => frame(9, 0, 1))],
        'continuations without end': [frame(1, 1, 1, getRoot), ...Array.from({length: 60}, () => frame(9, 0, 1, Buffer.alloc(16_000, 0x82)))],
        'ten thousand pings': Array.from({length: 10_000}, () => frame(6, 0, 0, Buffer.alloc(8))), 'ten thousand settings': Array.from({length: 10_000}, () => SETTINGS),
        'ten thousand empty data frames': [frame(1, 4, 1, getRoot), ...Array.from({length: 10_000}, () => frame(0, 0, 1))],
        'ten thousand priorities': Array.from({length: 10_000}, (_, i) => frame(2, 0, 2 * i + 1, bytes(0, 0, 0, 0, 7))),
        'a thousand requests and resets': Array.from({length: 1000}, (_, i) => [frame(1, 5, 2 * i + 1, getRoot), frame(3, 0, 2 * i + 1, bytes(0, 0, 0, 8))]).flat(),
        'noise': [Buffer.from(Array.from({length: 5000}, (_, i) => (i * i * 31) % 251))],
    })) {
        it(`${what}: others are served meanwhile and afterwards`, async () => {
            const wire = await Wire.open(server);
            wire.socket.pause(); // what the server has to say is not read
            await wire.send(Buffer.concat([PREFACE, SETTINGS, ...frames]));
            await stillServes();
            wire.socket.resume();
            wire.socket.end();
            await wire.closed;
            await stillServes();
            await untilNoCaptures(server, '/healthz');
        });
    }
});
