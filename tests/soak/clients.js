// SPDX-License-Identifier: MIT
// The clients of a soak test. Each performs one action on the server and returns its result; a wrong response throws.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http2 from 'node:http2';
import {setTimeout as pause} from 'node:timers/promises';

import {get, post, request} from '../integration/support/client.js';
import {ENGINES, FORMATS, htmlBody, karate, pages, readPage, traced} from '../integration/support/input.js';
import {readCases} from '../integration/support/json_cases.js';
import {Wire, getBytes, postBytes, split} from '../integration/support/wire.js';

/** A repeatable source of numbers: random(n) is an integer from 0 to n - 1. */
export function seeded(seed) {
    let state = seed >>> 0;
    return (n) => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
    };
}

const pick = (random, list) => list[random(list.length)];
const PAGE_BYTES_MAX = 60_000;
const bodies = {
    html: [htmlBody('<p>hello</p>'), htmlBody('<b>x</b>'.repeat(2000)), ...pages().filter(({bytes}) => bytes < PAGE_BYTES_MAX).slice(0, 8).map(({name}) => htmlBody(readPage(name)))],
    json: [{graph_data: karate()}, {graph_data: {nodes: [{id: 'a'}], edges: []}}],
};
const refused = [...readCases('reject'), ...readCases('limit')].map(({bytes}) => bytes);

function plainRequest(random) {
    const source = pick(random, Object.keys(bodies));
    return [`/graph/from/${source}/to/${pick(random, ENGINES)}/default`, pick(random, bodies[source])];
}

function tracedRequest(random) {
    const [path, body] = plainRequest(random);
    const fields = pick(random, [{}, {}, {trace_output: 'traces_only'}, {max_spans: 1 + random(500)}, {max_depth: 1 + random(10)}, {min_duration_ns: random(100_000)}, {slow_threshold_ms: random(5)}, {name: 'soak'}]);
    return [`${path}/${pick(random, FORMATS)}`, traced(body, fields)];
}

const anyRequest = (random) => (random(2) ? plainRequest(random) : tracedRequest(random));

/** A traced request may meet the limit of captures; anything else that is right must be answered. */
function expectOk(status, path) {
    const limited = FORMATS.some((format) => path.endsWith(format)) && [429, 503].includes(status);
    assert.ok(status === 200 || limited, `${path}: ${status}`);
    return status;
}

async function plain(server, random) {
    const [path, body] = plainRequest(random);
    return expectOk((await post(server, path, body)).status, path);
}

async function tracedWhole(server, random) {
    const [path, body] = tracedRequest(random);
    const answer = await post(server, path, body);
    if (expectOk(answer.status, path) === 200)
        answer.json();
    return answer.status;
}

async function refusedJson(server, random) {
    const [path] = anyRequest(random);
    const {status} = await post(server, path, pick(random, refused));
    assert.equal(status, 400, path);
    return status;
}

/** A body with a byte changed here and there: whatever it has become, the answer is one of a few. */
async function mutated(server, random) {
    const [path, body] = anyRequest(random);
    const bytes = Buffer.from(JSON.stringify(body));
    for (let i = 0; i <= random(4); i++)
        bytes[random(Math.min(bytes.length, 2000))] = random(256);
    const answer = await post(server, path, bytes);
    assert.ok([200, 400, 422, 429, 503].includes(answer.status), answer.text());
    answer.json();
    return answer.status;
}

async function misdirected(server, random) {
    const [method, path, headers, expected] = pick(random, [
        ['GET', '/nothing', {}, 404], ['DELETE', '/graph/engines', {}, 405], ['POST', '/graph/from/pdf/to/dot/default/full', {}, 404],
        ['POST', '/graph/from/html/to/dot/default/full', {'Content-Type': 'text/plain'}, 415], ['GET', '/graph/engines', {}, 200],
    ]);
    const body = method === 'POST' ? traced(bodies.html[0]) : undefined;
    const {status} = await request(server, method, path, {body, headers});
    assert.equal(status, expected, `${method} ${path}`);
    return status;
}

async function pipelined(server, random) {
    const wire = await Wire.open(server);
    const requests = Array.from({length: 2 + random(6)}, () => plainRequest(random));
    await wire.send(Buffer.concat([...requests.map(([path, body]) => postBytes(path, body)), getBytes('/healthz')]));
    const answers = await wire.answers(requests.length + 1);
    assert.deepEqual(answers.map(({status}) => status), Array(requests.length + 1).fill(200));
    await wire.destroy();
    return 200;
}

async function goneInTheRequest(server, random) {
    const wire = await Wire.open(server);
    const bytes = postBytes(...anyRequest(random));
    await wire.send(bytes.subarray(0, random(bytes.length)));
    await (random(2) ? wire.destroy() : wire.reset());
    return 'gone';
}

async function goneInTheAnswer(server, random) {
    const wire = await Wire.open(server);
    await wire.send(postBytes(...anyRequest(random)));
    const enough = random(4) ? 1 + random(20_000) : 0;
    await wire.until((sofar) => sofar.length >= enough || split(sofar).answers.length > 0);
    await (random(2) ? wire.destroy() : wire.reset());
    return 'gone';
}

async function tooLarge(server) {
    const wire = await Wire.open(server);
    await wire.send(postBytes('/graph/from/html/to/dot/default', '', {length: `Content-Length: ${2 ** 40}`}));
    const [{status}] = await wire.answers(1);
    assert.equal(status, 413);
    await wire.destroy();
    return status;
}

/** Trickles until the server has had enough. */
async function slow(server, random) {
    const wire = await Wire.open(server);
    const bytes = postBytes(...tracedRequest(random));
    for (let at = 0; !wire.ended && at < bytes.length; at += 1) {
        await wire.send(bytes.subarray(at, at + 1));
        await pause(100);
    }
    await wire.destroy();
    return 'slow';
}

/** Streams of one connection, some of which are reset before, in or after their answer. */
async function overHttp2(server, random) {
    const session = http2.connect(server.url);
    session.on('error', () => {});
    const streams = Array.from({length: 1 + random(8)}, () => {
        const [path, body] = anyRequest(random);
        const stream = session.request({':method': 'POST', ':path': path, 'content-type': 'application/json'});
        stream.on('error', () => {});
        stream.on('response', (head) => stream.status = head[':status']);
        const fate = random(3);
        if (fate === 0)
            stream.close(http2.constants.NGHTTP2_CANCEL);
        else if (fate === 1)
            stream.once('data', () => stream.close(http2.constants.NGHTTP2_CANCEL));
        else
            stream.resume();
        stream.end(JSON.stringify(body));
        return new Promise((resolve) => stream.once('close', () => resolve({path, status: stream.status, fate})));
    });
    for (const {path, status, fate} of await Promise.all(streams)) {
        if (fate === 2)
            expectOk(status, path);
    }
    session.destroy();
    return 'h2';
}

/** [name, weight, client]: what a soak is made of. */
export const mix = [
    ['plain', 8, plain], ['traced', 8, tracedWhole], ['refused JSON', 3, refusedJson], ['mutated JSON', 4, mutated], ['misdirected', 2, misdirected], ['pipelined', 2, pipelined],
    ['gone in the request', 4, goneInTheRequest], ['gone in the answer', 4, goneInTheAnswer], ['too large', 1, tooLarge], ['slow', 0.1, slow], ['HTTP/2, some reset', 3, overHttp2],
];

/** What an operator would see: resident bytes, descriptors, captures. */
export async function vitals(server) {
    const status = fs.readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
    return {
        residentBytes: Number(/^VmRSS:\s*(\d+) kB/m.exec(status)[1]) * 1024,
        descriptors: fs.readdirSync(`/proc/${server.child.pid}/fd`).length,
        captures: (await get(server, '/healthz')).json().live_captures,
    };
}
