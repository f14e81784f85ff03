// SPDX-License-Identifier: MIT
// The hostile clients of a soak test. Each attacks in its own way; what the server owes it is checked as well.
import assert from 'node:assert/strict';
import {setTimeout as pause} from 'node:timers/promises';

import {SETTINGS, PREFACE, frame, headersOf} from '../integration/support/frames.js';
import {htmlBody, traced} from '../integration/support/input.js';
import {Wire, getBytes, postBytes} from '../integration/support/wire.js';

const PLAIN = '/graph/from/html/to/dot/default';
const large = traced(htmlBody('<b>long</b> '.repeat(20_000)));

/** Sends everything at once and reads nothing until the server has had its chance. */
async function flood(server, bytes, ms = 300) {
    const wire = await Wire.open(server);
    wire.socket.pause();
    await Promise.all([Promise.race([wire.send(bytes), pause(ms)]), pause(ms)]);
    await wire.destroy();
    return 'flood';
}

const pipelines = (server) => flood(server, Buffer.concat(Array.from({length: 3000}, () => getBytes('/healthz'))));

/** Large answers that nobody reads, one behind the other. */
const deaf = (server) => flood(server, Buffer.concat(Array.from({length: 8}, () => postBytes(`${PLAIN}/full`, large))), 1500);

const http2Flood = (server, ...frames) => flood(server, Buffer.concat([PREFACE, SETTINGS, ...frames]));

const references = (server) => http2Flood(server, frame(1, 5, 1, Buffer.alloc(16_000, 0x82)));

const unknownFrames = (server) => http2Flood(server, ...Array.from({length: 5000}, (_, i) => frame(100, 255, i, Buffer.from('unknown'))));

const continuations = (server) => http2Flood(server, frame(1, 1, 1, headersOf('GET', '/healthz')), ...Array.from({length: 100}, () => frame(9, 0, 1)));

const resets = (server) => http2Flood(server, ...Array.from({length: 2000}, (_, i) =>
    [frame(1, 5, 2 * i + 1, headersOf('GET', '/openapi.json')), frame(3, 0, 2 * i + 1, Buffer.from([0, 0, 0, 8]))]).flat());

/** Many answers on one connection whose windows stay shut, then a window that opens by one byte. */
async function shutWindows(server) {
    const wire = await Wire.open(server);
    const window = (size) => frame(4, 0, 0, Buffer.from([0, 4, 0, 0, 0, size]));
    await wire.send(Buffer.concat([PREFACE, window(0), ...Array.from({length: 60}, (_, i) => frame(1, 5, 2 * i + 1, headersOf('GET', '/graph/engines')))]));
    for (let size = 1; size < 20 && !wire.ended; size++) {
        await wire.send(window(size));
        await pause(50);
    }
    await wire.destroy();
    return 'shut';
}

/** Reads its answer over HTTP/1.0 so slowly that the server gives up: an end that is no reset is the end of a whole answer. */
async function slowReader(server, random) {
    const wire = await Wire.open(server);
    let reset = false;
    wire.socket.on('error', () => (reset = true));
    await wire.send(Buffer.from(postBytes(`${PLAIN}/full`, large).toString('latin1').replace('HTTP/1.1', 'HTTP/1.0'), 'latin1'));
    for (let at = 0; at < 10 && !wire.ended; at++) {
        wire.socket.pause();
        await pause(random(1500));
        wire.socket.resume();
        await pause(1);
    }
    await wire.until(() => false);
    if (reset)
        return 'reset';
    const text = wire.bytes().toString('utf8');
    const status = Number(text.slice(9, 12));
    JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)); // half an answer is no JSON
    assert.ok([200, 429, 503].includes(status), String(status));
    return status;
}

/** Large bodies that are not allowed, not JSON, or never finished. */
async function unfinished(server, random) {
    const wire = await Wire.open(server);
    await wire.send(postBytes(`${PLAIN}/summary`, '', {length: `Content-Length: ${7 << 20}`}));
    const piece = Buffer.alloc(1 << 20, '[');
    for (let i = 0; i < 1 + random(7) && !wire.ended; i++)
        await wire.send(piece);
    await (random(2) ? wire.reset() : wire.destroy());
    return 'unfinished';
}

/** [name, weight, client]: the attacks of a soak. */
export const attacks = [
    ['pipelines', 2, pipelines], ['reads nothing', 1, deaf], ['HPACK references', 2, references], ['unknown frames', 2, unknownFrames], ['continuations', 2, continuations],
    ['requests and resets', 2, resets], ['shut windows', 1, shutWindows], ['reads slowly', 1, slowReader], ['unfinished bodies', 2, unfinished],
];
