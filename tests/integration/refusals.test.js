// SPDX-License-Identifier: MIT
// Invalid input, row by row: the right status, a pointer to the faulty value, and a server that continues with nothing
// left behind.
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';

import {exchange, get, parseResponse, post, request} from './support/client.js';
import {htmlBody, PARTS, traced} from './support/input.js';
import {checkProblem} from './support/problem.js';
import {startGlassbox, stopGlassbox, untilNoCaptures} from './support/process.js';

const PLAIN = '/graph/from/html/to/dot/default';
const GRAPH = '/graph/from/json/to/dot/default';
const TRACED = PLAIN + '/full';
const page = htmlBody('<p>hello</p>');
const config = (fields) => ({...page, trace_config: fields});
const graph = (nodes, edges) => ({graph_data: {nodes, edges}});

let server;
before(async () => (server = await startGlassbox()));
after(() => stopGlassbox(server));

/** Refused with and without tracing in the same way, and the server still serves. */
function refusesBoth(what, path, body, status, pointer) {
    it(what, async () => {
        const plain = checkProblem(await post(server, path, body), status, pointer);
        await untilNoCaptures(server, '/healthz');
        const value = Object.getPrototypeOf(body) === Object.prototype ? traced(body) : body;
        const answer = await post(server, path + '/summary', value);
        assert.equal(answer.status, status, answer.text());
        // Captured, the handler's own refusal is the output; before that, it is the middleware's.
        const refusal = answer.json().graph_output ?? answer.json();
        assert.equal(refusal.status, status, answer.text());
        assert.equal(refusal.pointer ?? null, pointer, answer.text());
        if (answer.json().graph_output)
            assert.deepEqual(refusal, plain);
        assert.equal((await post(server, PLAIN, page)).status, 200);
    });
}

/** Refused by the middleware: the handler never ran. */
function refusesTraced(what, body, status, pointer, path = TRACED) {
    it(what, async () => {
        const problem = checkProblem(await post(server, path, body), status, pointer);
        assert.equal((await post(server, PLAIN, page)).status, 200);
        return problem;
    });
}

describe('what a client sent, in messages', () => {
    const secret = `${'s'.repeat(39)}\u00e9cret`;
    const shown = `${'s'.repeat(39)}...`;
    const graph = (graphData, transformConfig) => ({graph_data: graphData, transform_config: transformConfig});
    const JSON_PLAIN = '/graph/from/json/to/dot/default';
    for (const [what, path, body] of [
        ['an id given twice', JSON_PLAIN, graph({nodes: [{id: secret}, {id: secret}], edges: []})],
        ['an edge to no node', JSON_PLAIN, graph({nodes: [], edges: [{source: secret, target: 'a'}]})],
        ['a root that no node is', '/graph/from/json/to/dot/reachable', graph({nodes: [{id: 'a'}], edges: []}, {roots: [secret]})],
        ['a weight that no edge has', '/graph/from/json/to/dot/spanning-tree', graph({nodes: [{id: 'a'}], edges: [{source: 'a', target: 'a'}]}, {weight: secret})],
        ['an unknown field', PLAIN, {...page, transform_config: {[secret]: 1}}],
        ['an unknown field of a config', `${PLAIN}/full`, {...page, trace_config: {[secret]: 1}}],
        ['a value of a config', `${PLAIN}/full`, {...page, trace_config: {trace_format: secret}}],
        ['an unknown engine', `/graph/from/html/to/${encodeURIComponent(secret)}/default`, page],
        ['an unknown path', `/${encodeURIComponent(secret)}`, page],
    ])
        it(`${what}: short, cut between characters and marked`, async () => {
            const answer = await post(server, path, body);
            const {detail, pointer = null} = answer.json();
            checkProblem(answer, pointer === null ? 404 : 422, pointer);
            assert.ok(detail.includes(path.startsWith('/s') ? shown.slice(1) : shown), detail);
            assert.ok(!detail.includes('cret') && !detail.includes('\ufffd'), detail);
        });
    it('control characters are escaped', async () => {
        const {detail} = checkProblem(await post(server, '/%1b%5b31m%0d%0a', page), 404);
        assert.ok(detail.includes('/\\x1b[31m\\x0d\\x0a;'), detail);
    });
    it('the reason of a failure holds no more of it than the answer', async () => {
        const body = {...graph({nodes: [{id: secret}, {id: secret}], edges: []}), trace_config: {capture_traces: true}};
        const text = (await post(server, `${JSON_PLAIN}/full`, body)).text();
        assert.ok(text.includes(shown) && !text.includes('cret'), text);
    });
});

describe('a body that is no JSON object', () => {
    refusesBoth('empty', PLAIN, '', 400, null);
    refusesBoth('not JSON', PLAIN, 'hello', 400, null);
    refusesBoth('truncated', PLAIN, JSON.stringify(traced(page)).slice(0, -5), 400, null);
    refusesBoth('trailing garbage', PLAIN, JSON.stringify(page) + ']', 400, null);
    refusesBoth('an array', PLAIN, [page], 400, null);
    refusesBoth('a string', PLAIN, JSON.stringify('hello'), 400, null);
    refusesBoth('null', PLAIN, 'null', 400, null);
    refusesBoth('invalid UTF-8', PLAIN, Buffer.concat([Buffer.from('{"graph_data":{"html":"'), Buffer.from([0xff]), Buffer.from('"}}')]), 400, null);
    refusesBoth('nested a hundred thousand deep', PLAIN, '['.repeat(100_000), 400, null);
});

describe('trace_config', () => {
    const at = (field) => `/trace_config/${field}`;
    refusesTraced('not an object', config([]), 422, '/trace_config');
    refusesTraced('an unknown field', config({capture_trace: true}), 422, at('capture_trace'));
    refusesTraced('an unknown field whose name needs escaping', config({'a/b~c': true}), 422, at('a~1b~0c'));
    refusesTraced('a field given twice', '{"trace_config":{"top_n":1,"top_n":2},"graph_data":{"html":"x"}}', 422, at('top_n'));
    refusesTraced('given twice', '{"trace_config":{},"trace_config":{"capture_traces":true},"graph_data":{"html":"x"}}', 422, '/trace_config');
    for (const value of ['true', 1, null])
        refusesTraced(`capture_traces ${JSON.stringify(value)}`, config({capture_traces: value}), 422, at('capture_traces'));
    refusesTraced('trace_format that contradicts the suffix', config({trace_format: 'summary'}), 422, at('trace_format'));
    refusesTraced('trace_format that is none', config({trace_format: 'flame'}), 422, at('trace_format'));
    refusesTraced('trace_output that is none', config({trace_output: 'trace_only'}), 422, at('trace_output'));
    refusesTraced('trace_output that is no string', config({trace_output: 1}), 422, at('trace_output'));
    refusesTraced('an empty name', config({name: ''}), 422, at('name'));
    refusesTraced('a name of 129 bytes', config({name: 'x'.repeat(129)}), 422, at('name'));
    refusesTraced('a name of 129 bytes and fewer characters', config({name: 'é'.repeat(64) + 'x'}), 422, at('name'));
    for (const [field, values] of Object.entries({
        max_spans: [0, -1, 5_000_001, 1.5, '1'], max_depth: [0, 2001, true], min_duration_ns: [-1, 0.5], top_n: [0, 1001, []], call_tree: ['deep', 1, null],
        slow_threshold_ms: [-0.5, '1'],
    })) {
        for (const value of values)
            refusesTraced(`${field} ${JSON.stringify(value)}`, config({[field]: value}), 422, at(field));
    }
    refusesTraced('a number that no double holds', '{"trace_config":{"slow_threshold_ms":1e999},"graph_data":{"html":"x"}}', 400, null);

    it('is checked even when nothing is to be captured', async () => {
        checkProblem(await post(server, TRACED, config({capture_traces: false, top_n: 0})), 422, at('top_n'));
    });
    it('is no concern of the plain route', async () => {
        assert.equal((await post(server, PLAIN, config({capture_trace: 1}))).status, 200);
    });
    it('accepts the ends of every range', async () => {
        for (const fields of [
            {name: 'x', max_spans: 1, max_depth: 1, min_duration_ns: 0, top_n: 1, slow_threshold_ms: 0},
            {name: 'x'.repeat(128), max_spans: 5_000_000, max_depth: 2000, min_duration_ns: 1e15, top_n: 1000, slow_threshold_ms: 1e6},
        ]) {
            const answer = await post(server, TRACED, traced(page, {...fields, trace_format: 'full', trace_output: 'both'}));
            assert.equal(answer.status, 200, answer.text());
        }
    });
});

describe('graph_data', () => {
    refusesBoth('missing', PLAIN, {}, 422, '/graph_data');
    refusesBoth('no object', PLAIN, {graph_data: 'x'}, 422, '/graph_data');
    refusesBoth('without html', PLAIN, {graph_data: {}}, 422, '/graph_data/html');
    refusesBoth('html that is no text', PLAIN, {graph_data: {html: 1}}, 422, '/graph_data/html');
    refusesBoth('without nodes', GRAPH, {graph_data: {edges: []}}, 422, '/graph_data/nodes');
    refusesBoth('nodes that are no array', GRAPH, graph({}, []), 422, '/graph_data/nodes');
    refusesBoth('a node that is no object', GRAPH, graph([1], []), 422, '/graph_data/nodes/0');
    refusesBoth('a node without an id', GRAPH, graph([{id: 'a'}, {}], []), 422, '/graph_data/nodes/1/id');
    refusesBoth('an id that is neither text nor number', GRAPH, graph([{id: []}], []), 422, '/graph_data/nodes/0/id');
    refusesBoth('a duplicate id', GRAPH, graph([{id: 'a'}, {id: 'b'}, {id: 'a'}], []), 422, '/graph_data/nodes/2/id');
    refusesBoth('an edge from nowhere', GRAPH, graph([{id: 'a'}], [{source: 'x', target: 'a'}]), 422, '/graph_data/edges/0/source');
    refusesBoth('an edge to nowhere', GRAPH, graph([{id: 'a'}], [{source: 'a', target: 'a'}, {source: 'a', target: 'x'}]), 422, '/graph_data/edges/1/target');
    refusesBoth('an edge without an end', GRAPH, graph([{id: 'a'}], [{source: 'a'}]), 422, '/graph_data/edges/0/target');
    refusesBoth('links with a dangling end', GRAPH, {graph_data: {nodes: [{id: 1}], links: [{source: 1, target: 2}]}}, 422, '/graph_data/links/0/target');
    refusesBoth('transform_config that is no object', PLAIN, {...page, transform_config: 1}, 422, '/transform_config');
});

describe('routes', () => {
    for (const [what, path] of [
        ['source', '/graph/from/pdf/to/dot/default'],
        ['engine', '/graph/from/html/to/svg/default'],
        ['transformation', '/graph/from/html/to/dot/magic'],
    ]) {
        it(`an unknown ${what} is told the known ones`, async () => {
            const {detail} = checkProblem(await post(server, path, page), 404);
            assert.equal(detail.split('; known: ')[1], PARTS[what].join(', '));
            const answer = await post(server, path + '/full', traced(page));
            assert.equal(answer.status, 404);
        });
    }
    it('an unknown path is 404', async () => {
        for (const path of ['/nothing', '/graph', '/graph/from/html', '/graph/from/html/to/dot', PLAIN + '/flame', '/full'])
            checkProblem(await get(server, path), 404);
    });
    it('a wrong method is told the right one', async () => {
        for (const [method, path, allowed] of [['GET', PLAIN, 'POST'], ['PUT', PLAIN, 'POST'], ['DELETE', PLAIN, 'POST'], ['POST', '/graph/engines', 'GET']]) {
            const answer = await request(server, method, path, {body: method === 'GET' ? undefined : page});
            checkProblem(answer, 405);
            assert.match(answer.headers.allow, new RegExp(`\\b${allowed}\\b`));
        }
    });
    it('other methods on a traced route pass through untouched', async () => {
        const answer = await get(server, TRACED);
        assert.ok([404, 405].includes(answer.status), String(answer.status));
        assert.equal(answer.headers['glassbox-capture'], undefined);
    });
    it('a browser that asks for another site is told no, and no answer invites it', async () => {
        const Origin = 'http://elsewhere.example';
        const asked = {'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type'};
        const preflight = await request(server, 'OPTIONS', TRACED, {headers: {Origin, ...asked}});
        assert.ok([404, 405].includes(preflight.status), String(preflight.status));
        const answer = await post(server, TRACED, traced(page), {Origin});
        assert.equal(answer.status, 200);
        for (const {headers} of [preflight, answer])
            assert.deepEqual(Object.keys(headers).filter((name) => name.startsWith('access-control-')), []);
    });
});

describe('content types', () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'text/html; charset=utf-8'])
        it(`${type} is refused on a traced route`, async () => checkProblem(await post(server, TRACED, JSON.stringify(page), {'Content-Type': type}), 415));
    for (const type of ['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/problem+json'])
        it(`${type} is JSON`, async () => assert.equal((await post(server, TRACED, JSON.stringify(page), {'Content-Type': type})).status, 200));
});

describe('sizes', () => {
    const LIMIT = 32 * 1024 * 1024;
    it('a body that says it is over the limit is refused', async () => {
        for (const path of [PLAIN, TRACED]) {
            const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${LIMIT + 1}\r\n\r\n`;
            assert.equal(parseResponse(await exchange(server, head)).status, 413);
        }
    });
    it('a body of ten megabytes is not', async () => {
        const answer = await post(server, PLAIN + '/summary', traced(htmlBody('<p>' + 'x'.repeat(10 << 20) + '</p>')));
        assert.equal(answer.status, 200);
        assert.equal(answer.headers['glassbox-capture'], 'captured');
    });
});

it('nonsense on the wire closes the connection and nothing else', async () => {
    await exchange(server, '\x16\x03\x01 not http at all\r\n\r\n');
    // The server waits for the end of this line; the client gives up.
    await exchange(server, Buffer.alloc(100_000, 'A'), {halfClose: true});
    assert.equal((await post(server, PLAIN, page)).status, 200);
});
