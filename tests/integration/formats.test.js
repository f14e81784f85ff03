// SPDX-License-Identifier: MIT
// The three documents: valid by the contract's schemas, true to themselves, and in agreement about one run.
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';

import {post} from './support/client.js';
import {checkAgreement, checkFull, checkSummary} from './support/documents.js';
import {FORMATS, LARGEST_PAGE, htmlBody, karate, readPage, traced} from './support/input.js';
import {startGlassbox, stopGlassbox} from './support/process.js';
import {oneRun} from './support/runs.js';
import {checkPublishedSchema, checkSchema, isValid} from './support/schemas.js';
import {checkSpeedscope} from './support/speedscope.js';

const ROUTE = '/graph/from/html/to/dot/default';
const INLINE_BODY_BYTES = 64 << 10; // a larger body is worked on by a thread of its own
const PHASES = ['graph.parse', 'graph.build', 'graph.transform', 'graph.render'];

let server;
before(async () => (server = await startGlassbox('--inline-body', String(INLINE_BODY_BYTES))));
after(() => stopGlassbox(server));

/** A traced answer that is the document alone, checked by its schema and as far as it can be by itself. */
async function documentOf(format, body, fields = {}, route = ROUTE) {
    const answer = await post(server, `${route}/${format}`, traced(body, {trace_output: 'traces_only', ...fields}));
    assert.equal(answer.status, 200, answer.text().slice(0, 500));
    assert.equal(answer.headers['content-type'], 'application/json');
    const document = answer.json();
    checkSchema(format, document);
    if (format === 'speedscope')
        checkPublishedSchema(document);
    return {document, text: answer.text(), answer};
}

describe('real pages', () => {
    for (const page of [LARGEST_PAGE, 'lang_select.html', 'index.html']) {
        const threadCount = JSON.stringify(traced(htmlBody(readPage(page)))).length > INLINE_BODY_BYTES ? 2 : 1;
        it(`${page}: full agrees with itself and has every phase`, async () => {
            const {document, text} = await documentOf('full', htmlBody(readPage(page)));
            const threads = checkFull(document, text);
            assert.equal(threads.size, threadCount);
            const calls = [...threads.values()].flat();
            for (const phase of PHASES)
                assert.ok(calls.some(({name}) => name === phase), phase);
        });
        it(`${page}: summary agrees with itself and has every phase`, async () => {
            const {document} = await documentOf('summary', htmlBody(readPage(page)), {top_n: 1000});
            checkSummary(document, {complete: threadCount === 1});
            assert.equal(document.threads.length, threadCount);
            for (const phase of PHASES)
                assert.ok(document.hotspots.some(({name}) => name === phase), phase);
        });
        it(`${page}: speedscope keeps every rule of the app and has every phase`, async () => {
            const {document} = await documentOf('speedscope', htmlBody(readPage(page)));
            const threads = checkSpeedscope(document);
            assert.equal(threads.length, threadCount);
            const calls = threads.flat();
            for (const phase of PHASES)
                assert.ok(calls.some(({name}) => name === phase), phase);
        });
        it(`${page}: the three documents of one run agree`, () => {
            const run = oneRun(page);
            const documents = Object.fromEntries(FORMATS.map((format) => [format, JSON.parse(run[format])]));
            for (const format of FORMATS)
                checkSchema(format, documents[format]);
            const threads = checkFull(documents.full, run.full);
            assert.equal(threads.size, 2);
            checkSummary(documents.summary, {complete: false});
            checkAgreement(documents.full, documents.summary, checkSpeedscope(documents.speedscope));
        });
    }
});

describe('the checks themselves', () => {
    const run = oneRun('index.html');
    const change = (format, edit) => {
        const document = JSON.parse(run[format]);
        edit(document);
        return document;
    };
    const notices = (what, check) => it(`notice ${what}`, () => assert.throws(check, assert.AssertionError));
    const full = (edit) => () => checkFull(change('full', edit), run.full);
    const chart = (edit) => () => checkSpeedscope(change('speedscope', edit));
    const agree = (format, edit) => () => checkAgreement(
        change('full', format === 'full' ? edit : () => {}), change('summary', format === 'summary' ? edit : () => {}),
        checkSpeedscope(change('speedscope', format === 'speedscope' ? edit : () => {})));

    notices('a nanosecond too much in a self time', full((document) => (document.method_timings[0].self_ns += 1)));
    notices('a nanosecond too much in the tree', full((document) => (document.call_tree[0].children[0].end_ns += 1)));
    notices('a tree by another clock', full((document) => (document.call_tree[0].start_ns -= document.metadata.start_time_ns)));
    notices('timings in another order', full((document) => document.method_timings.reverse()));
    notices('a missing exit', full((document) => document.entries.pop()));
    notices('a wrong depth', full((document) => (document.entries[1].depth += 1)));
    notices('a wrong count', full((document) => (document.method_timings[0].call_count += 1)));
    notices('an unfinished call', chart(({profiles}) => profiles[0].events.pop()));
    notices('closes in the wrong order', chart(({profiles: [{events}]}) => {
        const inner = events.findIndex(({type}, i) => type === 'C' && events[i + 1].type === 'C');
        [events[inner].frame, events[inner + 1].frame] = [events[inner + 1].frame, events[inner].frame];
    }));
    notices('time running backwards', chart(({profiles}) => (profiles[0].events[1].at = 0.5)));
    notices('a frame named twice', chart(({shared}) => shared.frames.push(shared.frames[0])));
    notices('a summary that differs', agree('summary', (document) => (document.hotspots[0].self_ms += 0.000001)));
    notices('a chart that differs', agree('speedscope', ({shared}) => (shared.frames[0].line += 1)));
    notices('a full document that differs', agree('full', ({call_tree: [root]}) => (root.name += '!')));
});

describe('the envelope', () => {
    for (const format of FORMATS) {
        it(`around a ${format} document keeps to its schema`, async () => {
            const answer = await post(server, `${ROUTE}/${format}`, traced(htmlBody('<p>x</p>')));
            const envelope = answer.json();
            checkSchema('traced_response', envelope);
            checkSchema(format, envelope.traces);
            assert.deepEqual(Object.keys(envelope), ['graph_output', 'traces']);
            assert.equal(envelope.traces.trace_id ?? envelope.traces.metadata?.trace_id ?? answer.headers['glassbox-trace-id'], answer.headers['glassbox-trace-id']);
        });
    }
});

describe('the schemas', () => {
    it('refuse what is not a document', async () => {
        for (const format of FORMATS) {
            assert.equal(isValid(format, {}), false);
            const {document} = await documentOf(format, htmlBody('<p>x</p>'));
            assert.equal(isValid(format, {...document, surprise: 1}), false, `${format} is closed`);
            for (const member of Object.keys(document)) {
                const {[member]: gone, ...rest} = document;
                assert.equal(isValid(format, rest), false, `${format} needs ${member}`);
                if (gone !== null)
                    assert.equal(isValid(format, {...document, [member]: [[]]}), false, member);
            }
        }
    });
    it('state the requests and the answers of the graph service', async () => {
        checkSchema('traced_response', (await post(server, ROUTE + '/full', htmlBody('x'))).json());
        for (const [body, good] of [
            [htmlBody('x'), true], [{graph_data: {nodes: [{id: 1, colour: 'red'}], links: []}}, true], [{}, false], [{...htmlBody('x'), surprise: 1}, false],
            [{graph_data: {nodes: [{}]}}, false], [{graph_data: {nodes: [], edges: [], links: []}}, false], [{graph_data: {nodes: [{id: true}]}}, false],
        ]) {
            const source = body.graph_data?.nodes ? 'json' : 'html';
            assert.equal(isValid('graph_request', body), good, JSON.stringify(body));
            assert.equal((await post(server, `/graph/from/${source}/to/dot/default`, body)).status, good ? 200 : 422, JSON.stringify(body));
        }
    });
    it('state the trace_config that the server takes', async () => {
        const good = {
            capture_traces: true, trace_format: 'full', trace_output: 'both', name: 'x', max_spans: 1, max_depth: 2000, min_duration_ns: 0,
            top_n: 1000, slow_threshold_ms: 0.5, call_tree: 'flat',
        };
        const bad = {
            capture_traces: 1, trace_format: 'flame', trace_output: 'none', name: '', max_spans: 5_000_001, max_depth: 0, min_duration_ns: -1,
            top_n: 1001, slow_threshold_ms: -1, call_tree: 'tree', surprise: 1,
        };
        checkSchema('trace_config', good);
        checkSchema('trace_config', {});
        for (const [field, value] of Object.entries(bad)) {
            assert.equal(isValid('trace_config', {...good, [field]: value}), false, field);
            const answer = await post(server, ROUTE + '/full', {...htmlBody('x'), trace_config: {...good, [field]: value}});
            assert.equal(answer.status, 422, field);
        }
    });
});

describe('trace_config', () => {
    it('name is the name', async () => {
        for (const name of ['n', 'a "name"\n\u{1f600}', 'x'.repeat(128)]) {
            assert.equal((await documentOf('full', htmlBody('x'), {name})).document.metadata.name, name);
            const {document: chart} = await documentOf('speedscope', htmlBody('x'), {name});
            assert.ok(chart.name.startsWith(name));
            assert.ok(chart.profiles[0].name.startsWith(`${name}: `));
        }
    });
    it('without a name it is method and path, without the suffix', async () => {
        assert.equal((await documentOf('summary', htmlBody('x'))).document.name, `POST ${ROUTE}`);
        const {document: chart} = await documentOf('speedscope', htmlBody('x'));
        assert.match(chart.name, new RegExp(`^POST ${ROUTE} [0-9.]+ ms$`));
        assert.match(chart.profiles[0].name, new RegExp(`^POST ${ROUTE}: .*thread [0-9]+, [0-9]+ % `));
    });
    it('max_spans and max_depth drop, count and keep the trace whole', async () => {
        const body = htmlBody(readPage('index.html'));
        const whole = (await documentOf('full', body)).document;
        const calls = whole.metadata.entry_count / 2;
        const depth = Math.max(...whole.entries.map((entry) => entry.depth)) + 1;
        assert.equal(whole.metadata.truncated, false);
        assert.ok(calls > 5 && depth > 2);
        for (const [fields, kept] of [[{max_spans: 3}, 3], [{max_depth: 2}, whole.entries.filter((entry) => entry.depth < 2).length / 2]]) {
            const {document, text} = await documentOf('full', body, fields);
            checkFull(document, text);
            assert.equal(document.metadata.truncated, true);
            assert.equal(document.metadata.entry_count / 2, kept);
            assert.equal(document.metadata.dropped_spans, calls - kept);
            const {document: chart} = await documentOf('speedscope', body, fields);
            assert.match(chart.name, /truncated/);
            assert.match(chart.profiles[0].name, /truncated/);
            checkSpeedscope(chart);
        }
    });
    it('min_duration_ns leaves out the short ones and keeps the sums', async () => {
        const body = htmlBody(readPage('index.html'));
        const {document, text} = await documentOf('full', body, {min_duration_ns: 20_000});
        checkFull(document, text);
        assert.ok(document.method_timings.every(({min_ns}) => min_ns >= 20_000));
        checkSummary((await documentOf('summary', body, {min_duration_ns: 20_000, top_n: 1000})).document);
        const nothing = (await documentOf('speedscope', body, {min_duration_ns: 1e15})).document;
        assert.deepEqual(checkSpeedscope(nothing), [[]]);
    });
    it('call_tree chooses the form of the tree', async () => {
        const body = htmlBody(readPage('index.html'));
        for (const form of ['nested', 'flat', 'none']) {
            const {document, text} = await documentOf('full', body, {call_tree: form});
            checkFull(document, text);
            const tree = document.call_tree;
            assert.equal(tree === null ? 'none' : 'parent' in tree[0] ? 'flat' : 'nested', form);
            assert.equal(tree?.length ?? 0, {nested: 1, flat: document.entries.length / 2, none: 0}[form]);
        }
        for (const format of ['summary', 'speedscope'])
            await documentOf(format, body, {call_tree: 'flat'});
        const answer = await post(server, ROUTE + '/full', traced(body, {call_tree: 'tree'}));
        assert.equal(answer.status, 422);
        assert.equal(answer.json().pointer, '/trace_config/call_tree');
    });
    it('top_n bounds the hotspots', async () => {
        const {document} = await documentOf('summary', htmlBody(readPage('index.html')), {top_n: 2});
        assert.equal(document.hotspots.length, 2);
        assert.ok(document.method_count > 2);
        checkSummary(document, {complete: false});
    });
    it('slow_threshold_ms leaves fast requests without a trace', async () => {
        const fast = await post(server, ROUTE + '/full', traced(htmlBody('x'), {slow_threshold_ms: 60_000}));
        assert.equal(fast.json().traces, null);
        assert.equal(fast.status, 200);
        const alone = await post(server, ROUTE + '/full', traced(htmlBody('x'), {slow_threshold_ms: 60_000, trace_output: 'traces_only'}));
        assert.equal(alone.text(), 'null');
        assert.ok((await post(server, ROUTE + '/full', traced(htmlBody('x'), {slow_threshold_ms: 0.000001}))).json().traces);
    });
    it('traces_only without capturing is null', async () => {
        const answer = await post(server, ROUTE + '/full', {...htmlBody('x'), trace_config: {trace_output: 'traces_only'}});
        assert.equal(answer.text(), 'null');
        assert.equal(answer.headers['glassbox-capture'], 'off');
    });
});

describe('errors and ids', () => {
    it('a failed request is a failed trace', async () => {
        const answer = await post(server, '/graph/from/json/to/dot/default/summary', traced({graph_data: {nodes: [{id: 1}, {id: 1}]}}));
        assert.equal(answer.status, 422);
        const {graph_output: problem, traces} = answer.json();
        assert.equal(problem.pointer, '/graph_data/nodes/1/id');
        assert.ok(traces.error.span && traces.error.reason, JSON.stringify(traces.error));
        checkSchema('summary', traces);
        assert.equal((await documentOf('summary', {graph_data: karate()}, {}, '/graph/from/json/to/dot/default')).document.error, null);
    });
    it('a traceparent gives the trace its id, a bad one does not', async () => {
        const id = '4bf92f3577b34da6a3ce929d0e0e4736';
        const ids = [];
        for (const traceparent of [`00-${id}-00f067aa0ba902b7-01`, `00-${id}-0000000000000000-01`, 'ff', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`]) {
            const answer = await post(server, ROUTE + '/summary', traced(htmlBody('x')), {traceparent});
            assert.equal(answer.json().traces.trace_id, answer.headers['glassbox-trace-id']);
            ids.push(answer.headers['glassbox-trace-id']);
        }
        assert.equal(ids[0], id);
        assert.equal(new Set(ids).size, 4, 'a bad one gets an id of its own');
    });
});
