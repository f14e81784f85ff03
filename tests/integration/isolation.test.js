// SPDX-License-Identifier: MIT
// A trace belongs to one request: requests at the same time leave nothing in each other, and none in the untraced.
import assert from 'node:assert/strict';
import {after, before, it} from 'node:test';

import {checkFull} from './support/documents.js';
import {post} from './support/client.js';
import {FORMATS, fewer, htmlBody, readPage, traced} from './support/input.js';
import {checkUntouched} from './support/problem.js';
import {startGlassbox, stopGlassbox} from './support/process.js';
import {checkSpeedscope} from './support/speedscope.js';

const ROUTE = '/graph/from/html/to/dot/default';
const CONCURRENT = fewer(64);

let server;
before(async () => (server = await startGlassbox('--threads', '4', '--workers', '4')));
after(() => stopGlassbox(server));

// The pipeline names a span after every section, by its id: this one is of one request alone.
const mark = (i) => `request-${i}-only`;
const page = (i) => {
    const sections = Array.from({length: 20 + i}, (_, k) => `<section id="${mark(i)}"><h2>part ${k}</h2><p>text of ${i}</p></section>`);
    return `<!DOCTYPE html><html><head><title>page ${i}</title></head><body>${sections.join('')}</body></html>`;
};

/** The marks in a list of names. */
const marksIn = (names) => new Set(names.flatMap((name) => name.match(/request-\d+-only/g) ?? []));

it(`${CONCURRENT} traced requests at a time: each trace holds its own spans and no stranger`, async () => {
    const counts = new Set();
    for (const format of FORMATS) {
        const answers = await Promise.all(Array.from({length: CONCURRENT}, (_, i) =>
            post(server, `${ROUTE}/${format}`, traced(htmlBody(page(i)), {top_n: 1000}))));
        const ids = new Set();
        answers.forEach((answer, i) => {
            assert.equal(answer.status, 200);
            const {graph_output: output, traces} = answer.json();
            assert.ok(output.dot.includes(mark(i)));
            const names = {
                full: () => [...checkFull(traces, answer.text()).values()].flat().map(({name}) => name),
                summary: () => traces.hotspots.map(({name}) => name),
                speedscope: () => checkSpeedscope(traces).flat().map(({name}) => name),
            }[format]();
            assert.deepEqual(marksIn(names), new Set([mark(i)]), `request ${i} as ${format}`);
            if (format === 'speedscope')
                counts.add(names.filter((name) => name.includes(mark(i))).length);
            ids.add(answer.headers['glassbox-trace-id']);
        });
        assert.equal(ids.size, CONCURRENT, 'every trace has an id of its own');
    }
    assert.equal(counts.size, CONCURRENT, 'and as many spans as its page has sections');
});

it('the plain route while traced requests run has nothing of tracing', async () => {
    const large = traced(htmlBody(readPage('lang_createindex.html'))); // for a worker
    const body = htmlBody(page(1));
    const alone = await post(server, ROUTE, body);
    const withoutDuration = ({duration, ...rest}) => rest;
    let running = fewer(50);
    const others = Array.from({length: running}, async (_, i) => {
        const answer = await post(server, `${ROUTE}/${FORMATS[i % 3]}`, large);
        running -= 1;
        assert.equal(answer.status, 200);
        assert.ok(answer.json().traces);
    });
    let meanwhile = 0;
    do {
        // A trace_config does not make the plain route a traced one.
        const answer = await post(server, ROUTE, meanwhile % 2 === 0 ? body : traced(body));
        assert.equal(answer.status, 200);
        assert.deepEqual(Object.keys(answer.headers).sort(), Object.keys(alone.headers).sort());
        checkUntouched(answer);
        assert.deepEqual(withoutDuration(answer.json()), withoutDuration(alone.json()));
        meanwhile += 1;
    } while (running > 0);
    await Promise.all(others);
    assert.ok(meanwhile > 1, 'some came while the traced ones ran');
});
