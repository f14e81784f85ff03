// SPDX-License-Identifier: MIT
// Large input: a page of 30 MB and a graph of a million edges are streamed, and their memory is given back. A fifth of them
// goes to every engine, the same traced and untraced, in memory that grows no faster than the input.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import {describe, it} from 'node:test';
import {setTimeout} from 'node:timers/promises';

import {get, post} from './support/client.js';
import {LARGEST_PAGE, readPage} from './support/input.js';
import {startGlassboxIn, stopGlassbox, untilNoCaptures} from './support/process.js';

const PAGE_BYTES = 30 << 20;
const [NODES, EDGES] = [200_000, 1_000_000];
const PEAK_PER_BYTE_MAX = 16; // bytes of memory for a byte of input, at the most
const KEPT_BYTES_MAX = 24 << 20; // when all is over

/** Numbers that look random and are always the same. */
function* numbers(below) {
    for (let state = 1n; ;) {
        state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
        yield Number((state >> 33n) % BigInt(below));
    }
}

/** Pages and graphs as request bodies, a `part` of the full size; tracing is on where the route is a traced one. */
function pageBody(part) {
    const page = JSON.stringify(readPage(LARGEST_PAGE)).slice(1, -1);
    return Buffer.from(`{"trace_config":{"capture_traces":true},"graph_data":{"html":"${page.repeat(Math.ceil((PAGE_BYTES * part) / page.length))}"}}`);
}

function graphBody(part) {
    const nodes = Array.from({length: NODES * part}, (_, i) => `{"id":"n${i}"}`);
    const ends = numbers(nodes.length);
    const edges = Array.from({length: EDGES * part}, () => `{"source":"n${ends.next().value}","target":"n${ends.next().value}"}`);
    return Buffer.from(`{"trace_config":{"capture_traces":true},"graph_data":{"nodes":[${nodes}],"edges":[${edges}]}}`);
}

const sources = [
    {name: 'a page', route: '/graph/from/html/to', body: pageBody, counts: () => undefined},
    {name: 'a graph', route: '/graph/from/json/to', body: graphBody, counts: (part) => [NODES * part, EDGES * part]},
];
const LARGE = [1 / 20, 1 / 5]; // of the whole: four times as much

const memoryOf = (server, field) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(fs.readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))[1]) * 1024;

/** The most memory that the server used while `work` ran, above what it used at first. */
async function peakOf(server, work) {
    fs.writeFileSync(`/proc/${server.child.pid}/clear_refs`, '5'); // the peak starts over
    await work();
    return memoryOf(server, 'VmHWM') - server.atFirst;
}

/** A digest of the output without its duration, which is in its tail, and the output's first and last bytes. */
function digestOf(output) {
    const from = output.lastIndexOf('"duration":');
    const until = output.subarray(from).toString('latin1').search(/[,}]/) + from;
    assert.ok(from > 0 && until > from);
    return createHash('sha256').update(output.subarray(0, from)).update(output.subarray(until)).digest('hex');
}

/** The output within a traced answer, of which it is a slice, and the trace. */
function unwrap(body) {
    const begin = '{"graph_output":', between = ',"traces":';
    const at = body.lastIndexOf(between);
    assert.equal(body.subarray(0, begin.length).toString(), begin);
    return {output: body.subarray(begin.length, at), traces: JSON.parse(body.subarray(at + between.length, -1))};
}

function checkOutput(answer, counts) {
    assert.equal(answer.status, 200, answer.body.subarray(0, 500).toString());
    assert.equal(answer.headers['transfer-encoding'], 'chunked');
    assert.equal(answer.headers['content-length'], undefined);
    const [, nodes, edges] = /"node_count":(\d+),"edge_count":(\d+)/.exec(answer.body.subarray(0, 500));
    if (counts)
        assert.deepEqual([Number(nodes), Number(edges)], counts);
    return [nodes, edges];
}

function checkTraces(traces) {
    assert.equal(traces.threads.length, 2);
    assert.equal(traces.error, null);
}

/** Runs `work` with a server, which says how much memory it uses at first. */
async function withServer(env, work) {
    const server = await startGlassboxIn(env, '--max-body', '64M');
    try {
        await work(Object.assign(server, {atFirst: memoryOf(server, 'VmRSS')}));
    } finally {
        await stopGlassbox(server);
    }
}

describe('large input', () => {
    for (const {name, route, body, counts} of sources) {
        it(`${name} goes to every engine, streamed, the same traced, in memory that grows in proportion`, () =>
            // Unused memory is given back at once, so that each peak is that of one request.
            withServer({MALLOC_CONF: 'dirty_decay_ms:0'}, async (server) => {
                const [small, large] = LARGE.map(body);
                const seen = new Set();
                for (const engine of (await get(server, '/graph/engines')).json().engines.map((each) => each.name)) {
                    const path = `${route}/${engine}/default`;
                    let part, all;
                    const smaller = await peakOf(server, async () => (part = await post(server, `${path}/summary`, small)));
                    const larger = await peakOf(server, async () => (all = await post(server, `${path}/summary`, large)));
                    assert.ok(larger <= smaller * 4.6, `${engine}: ${larger} bytes for four times as much, which took ${smaller}`);
                    assert.ok(larger <= large.length * PEAK_PER_BYTE_MAX, `${engine}: ${larger} bytes for ${large.length}`);
                    seen.add(String(checkOutput(all, counts(LARGE[1]))));
                    checkTraces(unwrap(all.body).traces);

                    const plain = await post(server, path, small);
                    checkOutput(plain);
                    assert.equal(digestOf(unwrap(part.body).output), digestOf(plain.body), engine);
                }
                assert.equal(seen.size, 1, 'all engines count the same');
            }));
    }
    it('of 30 MB, or a million edges, is streamed, and its memory is given back', () => withServer({}, async (server) => {
        for (const {route, body, counts} of sources) {
            const whole = body(1);
            const peak = await peakOf(server, async () => checkOutput(await post(server, `${route}/dot/default/summary`, whole), counts(1)));
            assert.ok(peak <= whole.length * PEAK_PER_BYTE_MAX + KEPT_BYTES_MAX, `${peak} bytes for ${whole.length}`);
            await untilNoCaptures(server, '/healthz');
            while (memoryOf(server, 'VmRSS') - server.atFirst > KEPT_BYTES_MAX) // for seconds, or until the test's time-out
                await setTimeout(50);
        }
    }));
});
