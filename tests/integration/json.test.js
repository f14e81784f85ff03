// SPDX-License-Identifier: MIT
// The corners of JSON over HTTP: the same verdict on the plain and on the traced routes, with the body whole and within one.
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';

import {post} from './support/client.js';
import {FORMATS, traced} from './support/input.js';
import {readCases, table} from './support/json_cases.js';
import {checkProblem} from './support/problem.js';
import {startGlassbox, stopGlassbox, untilNoCaptures} from './support/process.js';

const PLAIN = '/graph/from/json/to/dot/default';
const ROUTES = [PLAIN, ...FORMATS.map((format) => `${PLAIN}/${format}`)];

/** A request body, which is fine by itself, with the bytes of a case as a value in a node, where anything may stand. */
function around(bytes, config) {
    const [before, after] = JSON.stringify({graph_data: {nodes: [{id: 'a', more: '@'}], edges: []}, ...config}).split('"@"');
    return Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]);
}

let server;
before(async () => (server = await startGlassbox()));
after(() => stopGlassbox(server));

async function accepts(path, body) {
    const answer = await post(server, path, body);
    assert.equal(answer.status, 200, `${path}: ${answer.text().slice(0, 300)}`);
    return answer.json();
}

/** Refused by a reader that calls it no JSON, or beyond its limits, and not for another reason. */
async function refuses(path, body, why) {
    assert.match(checkProblem(await post(server, path, body), 400).detail, why, path);
}

describe('the files', () => {
    for (const [kind, cases] of Object.entries(table)) {
        it(`in ${kind} are those of the table`, () => {
            const sorted = [...cases].sort((a, b) => (a.name < b.name ? -1 : 1));
            assert.deepEqual(readCases(kind), sorted);
        });
    }
});

describe('what the grammar allows is accepted', () => {
    for (const {name, bytes} of readCases('accept')) {
        it(name, async () => {
            for (const path of ROUTES) {
                const answer = await accepts(path, around(bytes, path === PLAIN ? {} : traced({})));
                assert.equal((path === PLAIN ? answer : answer.graph_output).node_count, 1);
            }
        });
    }
});

describe('what the grammar forbids is 400', () => {
    for (const {name, bytes} of readCases('reject')) {
        it(name, async () => {
            for (const path of ROUTES) {
                await refuses(path, bytes, /^not JSON/);
                await refuses(path, around(bytes, traced({})), /^(not JSON|the JSON is nested)/);
            }
        });
    }
});

describe('what is beyond the limits of the reader is 400 too', () => {
    for (const {name, bytes} of readCases('limit')) {
        it(name, async () => {
            for (const path of ROUTES) {
                await refuses(path, bytes, /^the JSON /);
                await refuses(path, around(bytes, traced({})), /^the JSON /);
            }
        });
    }
});

describe('truncation', () => {
    it('at every byte is 400', async () => {
        const whole = Buffer.from(JSON.stringify(traced({graph_data: {nodes: [{id: '\u00e9 \u{1f43f} "x"'}], edges: []}}, {name: 'caf\u00e9', slow_threshold_ms: 0.5e-3})));
        for (let length = 0; length < whole.length; length++) {
            for (const path of [PLAIN, `${PLAIN}/summary`])
                await refuses(path, whole.subarray(0, length), /^not JSON/);
        }
        for (const path of [PLAIN, `${PLAIN}/summary`])
            await accepts(path, whole);
    });
});

it('leaves nothing behind', () => untilNoCaptures(server, '/healthz'));
