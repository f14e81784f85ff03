// SPDX-License-Identifier: MIT
// The content of traces: nothing of a request by default, nothing that was declared sensitive, and no path of the
// build.
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';

import {post} from './support/client.js';
import {FORMATS, traced} from './support/input.js';
import {program, source, start, startGlassbox, stop, stopGlassbox, untilNoCaptures} from './support/process.js';
import {checkSchema} from './support/schemas.js';

const SECRET = 's3cr3t-but-noted';
const PIN = '246813579';
const ONLY = {trace_output: 'traces_only'};

/** The bytes of a trace alone, checked by its schema. */
async function traceOf(server, path, format, body, {query = '', headers = {}, ...fields} = {}) {
    const answer = await post(server, `${path}/${format}${query}`, traced(body, {...ONLY, ...fields}), headers);
    assert.equal(answer.status, 200, answer.text());
    checkSchema(format, answer.json());
    return answer.text();
}

describe('the graph service', () => {
    let server;
    before(async () => (server = await startGlassbox()));
    after(() => stopGlassbox(server));

    const html = `<html><head><title>${SECRET}</title></head><body class="${SECRET}"><!-- ${SECRET} --><p title="${SECRET}">${SECRET}</p></body></html>`;
    const graph = {nodes: [{id: SECRET, label: SECRET}, {id: 'b'}], edges: [{source: SECRET, target: 'b'}]};
    const request = {
        query: `?token=${SECRET}`,
        headers: {Authorization: `Bearer ${SECRET}`, Cookie: `session=${SECRET}`, 'X-Api-Key': SECRET, 'User-Agent': SECRET},
    };
    for (const format of FORMATS) {
        for (const [from, data] of [['html', {html}], ['json', graph]]) {
            it(`${format} of a ${from} source has nothing of headers, query or text`, async () => {
                const text = await traceOf(server, `/graph/from/${from}/to/dot/default`, format, {graph_data: data}, request);
                assert.ok(text.includes('graph.parse'));
                assert.ok(!text.includes(SECRET), text.slice(0, 2000));
            });
        }

        it(`${format} is called after method and path, without the query`, async () => {
            const text = await traceOf(server, '/graph/from/html/to/dot/default', format, {graph_data: {html}}, request);
            assert.ok(text.includes('"POST /graph/from/html/to/dot/default'));
            assert.ok(!text.includes('?token'));
        });

        it(`${format} names files from the root of the source`, async () => {
            const text = await traceOf(server, '/graph/from/html/to/dot/default', format, {graph_data: {html}}, {top_n: 1000});
            const files = [...text.matchAll(/"file":"([^"]*)"/g)].map(([, file]) => file);
            assert.ok(files.includes('src/graph/pipeline.c'), files.join());
            for (const file of files)
                assert.match(file, /^(src|middleware)(\/\w+){1,3}\.c$/);
            assert.ok(!text.includes(source()));
        });
    }

    it('names the sections of a page by tag and id, which is its own choice', async () => {
        const page = {graph_data: {html: `<body><div id="${SECRET}"><p>x</p></div></body>`}};
        assert.ok((await traceOf(server, '/graph/from/html/to/dot/default', 'full', page)).includes(`section div#${SECRET}`));
    });
});

describe('the graph service, redacted', () => {
    let server;
    before(async () => (server = await startGlassbox('--redact', 'SOURCE', '--redact', 'by*', '--redact-names', '--redact-reasons')));
    after(() => stopGlassbox(server));

    const PATH = '/graph/from/html/to/dot/default';
    const page = {graph_data: {html: `<body><div id="${SECRET}"><p>x</p></div></body>`}};

    it('notes with the keys are redacted and others are not', async () => {
        const text = await traceOf(server, PATH, 'full', page);
        const notes = JSON.parse(text).entries.flatMap((entry) => Object.entries(entry.notes ?? {}));
        const values = (key) => notes.filter(([name]) => name === key).map(([, value]) => value);
        assert.deepEqual([...new Set([...values('source'), ...values('bytes')])], ['[redacted]']);
        assert.deepEqual(values('engine'), ['dot']);
    });

    for (const format of FORMATS) {
        it(`${format} has functions where data made the names`, async () => {
            const text = await traceOf(server, PATH, format, page, {top_n: 1000});
            assert.ok(!text.includes(SECRET));
            assert.ok(!text.includes('section div'));
            assert.ok(text.includes('"build_section"'));
        });
    }

    it('a failure is still one, without its reason', async () => {
        const wrong = {graph_data: {[SECRET]: 1}};
        const answer = await post(server, `${PATH}/summary`, traced(wrong, ONLY));
        assert.equal(answer.json().error.reason, '[redacted]');
        assert.ok(!answer.text().includes(SECRET));
    });
});

describe('a host that redacts', () => {
    let server;
    before(async () => (server = await start(program('gbx-test-server'))));
    after(async () => {
        await untilNoCaptures(server, '/status');
        await stop(server);
    });

    const request = {query: `?${SECRET}`, headers: {'X-Secret': PIN}};
    const body = {why: SECRET};

    for (const format of FORMATS) {
        it(`${format} has no byte of what was noted`, async () => {
            const text = await traceOf(server, '/redacted', format, body, request);
            for (const part of [SECRET, PIN, '?'])
                assert.ok(!text.includes(part), text);
            assert.ok(text.includes('"careless"') && text.includes('"on_careless"'));
        });

        it(`${format} has it without the redaction, so there was something to redact`, async () => {
            assert.ok((await traceOf(server, '/careless', format, body, request)).includes(SECRET));
        });
    }

    it('what stands in its place', async () => {
        const {entries} = JSON.parse(await traceOf(server, '/redacted', 'full', body, request));
        assert.deepEqual(entries.find(({notes}) => notes).notes, {
            Password: '[redacted]', 'request.body': '[redacted]', tries: 'three', 'secret header': '*'.repeat(PIN.length), pin: '*'.repeat(PIN.length),
        });
        const {error} = JSON.parse(await traceOf(server, '/redacted', 'summary', body, request));
        assert.deepEqual(error, {span: 'on_careless', reason: '[redacted]'});
    });

    it('the name that a client gives goes through the filter too', async () => {
        const {name} = JSON.parse(await traceOf(server, '/redacted', 'summary', body, {...request, name: 'run 42'}));
        assert.equal(name, 'run **');
        const hidden = JSON.parse(await traceOf(server, '/redacted', 'summary', body, {...request, name: 'why?'}));
        assert.equal(hidden.name, '[redacted]');
    });
});
