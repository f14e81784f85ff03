// SPDX-License-Identifier: MIT
// The output of a traced request equals the untraced response byte for byte, except for its measured duration, for real
// pages and graphs.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {after, before, describe, it} from 'node:test';

import {post} from './support/client.js';
import {ENGINES, FORMATS, LARGEST_PAGE, fewer, htmlBody, karate, pages, readPage, traced} from './support/input.js';
import {checkUntouched} from './support/problem.js';
import {startGlassbox, stopGlassbox} from './support/process.js';

let server;
before(async () => (server = await startGlassbox()));
after(() => stopGlassbox(server));

/** The text with the first duration, which is the measured one, made the same in all. */
const timeless = (text) => text.replace(/"duration":[0-9.eE+-]+/, '"duration":0');

/** Asserts that `traced` is an envelope around the bytes of `plain`, and returns its `traces`. */
function checkEnvelope(answer, plain) {
    assert.equal(answer.status, plain.status);
    assert.equal(answer.headers['content-type'], plain.headers['content-type']);
    const [text, expected] = [timeless(answer.text()), '{"graph_output":' + timeless(plain.text())];
    assert.ok(text.startsWith(expected + ',"traces":'), `differs from the untraced answer: ${firstDifference(text, expected)}`);
    return answer.json().traces;
}

function firstDifference(a, b) {
    let at = 0;
    while (at < a.length && a[at] === b[at])
        at++;
    return `at ${at}: ${a.slice(Math.max(0, at - 40), at + 40)} | ${b.slice(Math.max(0, at - 40), at + 40)}`;
}

async function checkSame(path, body) {
    const plain = await post(server, path, body);
    assert.equal(plain.status, 200, plain.text().slice(0, 500));
    checkUntouched(plain);
    for (const format of FORMATS) {
        const off = await post(server, `${path}/${format}`, body);
        assert.equal(checkEnvelope(off, plain), null);
        assert.equal(off.headers['glassbox-capture'], 'off');
        assert.equal(off.headers['glassbox-trace-id'], undefined);
        const on = await post(server, `${path}/${format}`, traced(body));
        assert.ok(checkEnvelope(on, plain));
        assert.equal(on.headers['glassbox-capture'], 'captured');
        assert.match(on.headers['glassbox-trace-id'], /^[0-9a-f]{32}$/);
        assert.equal(on.headers['cache-control'], 'no-store');
    }
    return plain.json();
}

describe('pages', () => {
    const all = pages();
    assert.equal(all[0].name, LARGEST_PAGE);
    // The largest, and some spread over all sizes.
    const count = fewer(10);
    const step = Math.floor(all.length / count);
    const some = [all[0], ...Array.from({length: count}, (_, i) => all[(i + 1) * step - 1])];
    for (const [i, {name, bytes}] of some.entries()) {
        it(`${name}, ${bytes} bytes`, async () => {
            const body = htmlBody(readPage(name));
            const counts = [];
            for (const engine of i >= count - 1 ? ENGINES : ['dot']) {
                const output = await checkSame(`/graph/from/html/to/${engine}/default`, body);
                assert.equal(output.engine, engine);
                assert.equal(output.transformation, 'default');
                counts.push([output.node_count, output.edge_count]);
            }
            assert.ok(counts.every(([nodes, edges]) => nodes === counts[0][0] && edges === counts[0][1]));
            assert.ok(counts[0][0] > 10, 'a page has nodes');
        });
    }
});

describe('graphs', () => {
    for (const engine of ENGINES) {
        it(`the karate club to ${engine}`, async () => {
            const output = await checkSame(`/graph/from/json/to/${engine}/default`, {graph_data: karate()});
            assert.deepEqual([output.node_count, output.edge_count], [34, 78]);
        });
    }
    it('dot is what Graphviz reads, with as many nodes and edges as it says', async () => {
        for (const body of [{graph_data: karate()}, htmlBody(readPage(LARGEST_PAGE)), htmlBody(readPage('index.html'))]) {
            const source = body.graph_data.html === undefined ? 'json' : 'html';
            const {dot, dot_size: size, node_count: nodes, edge_count: edges} = (await post(server, `/graph/from/${source}/to/dot/default`, body)).json();
            assert.equal(size, Buffer.byteLength(dot));
            const counted = execFileSync('gc', ['-n', '-e'], {input: dot, encoding: 'utf8'});
            assert.deepEqual(counted.trim().split(/\s+/).slice(0, 2).map(Number), [nodes, edges]);
        }
    });
    it('an empty graph', async () => {
        const output = await checkSame('/graph/from/json/to/dot/default', {graph_data: {nodes: [], edges: []}});
        assert.deepEqual([output.node_count, output.edge_count], [0, 0]);
    });
    it('names of every kind', async () => {
        const names = ['"quoted"', 'back\\slash', 'new\nline', '\u0000', '\u{1f600}', 'é', '<b>', ''];
        const output = await checkSame('/graph/from/json/to/dot/default', {graph_data: {nodes: names.map((id) => ({id})), edges: []}});
        assert.equal(output.node_count, names.length);
    });
});
