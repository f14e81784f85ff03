// SPDX-License-Identifier: MIT
// The real speedscope shows what the server measured: real responses are opened and pasted, and compared call by call
// with the application's own model.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {get, post} from '../integration/support/client.js';
import {callsOfTree} from '../integration/support/documents.js';
import {LARGEST_PAGE, htmlBody, karate, readPage, traced} from '../integration/support/input.js';
import {built, program, start, startGlassbox, stop, stopGlassbox} from '../integration/support/process.js';
import {oneRun} from '../integration/support/runs.js';
import {callsOf, checkSpeedscope, withoutCaptions} from '../integration/support/speedscope.js';
import {startApp} from './support/app.js';

const ROUTE = '/graph/from/html/to/dot/default';
const PHASES = ['graph.parse', 'graph.build', 'graph.transform', 'graph.render'];
const screenshots = built('tests', 'e2e', 'screenshots');

const PAINTED_LEAST = 10_000; // of a chart whose first row is full
let app;
let server;
before(async () => {
    fs.mkdirSync(screenshots, {recursive: true});
    app = await startApp();
    server = await startGlassbox();
});
after(async () => {
    await app?.close();
    await stopGlassbox(server);
});

/** The share of a profile's time that its calls cover. A thread may wait for a processor before the first and after the last. */
const covered = ({startValue, endValue}, calls) =>
    calls.filter(({depth}) => depth === 0).reduce((sum, {start, end}) => sum + end - start, 0) / (endValue - startValue);

/** The chart once it is drawn, for which a busy machine takes more frames than two; at the end of its time as it is. */
async function drawnChart(view, least) {
    for (const until = Date.now() + 20_000;;) {
        const chart = await view.chart();
        const painted = await app.painted(chart);
        if (painted > least || Date.now() > until)
            return {chart, painted};
    }
}

/** Asserts that the app holds exactly the calls of `document`, draws them and is calm about it. */
async function checkView(view, document, name) {
    checkSpeedscope(document);
    const expected = callsOf(document);
    const model = await view.model();
    assert.deepEqual(callsOf(model), expected, 'the app tells of the same calls');
    assert.deepEqual(model.profiles.map((profile) => [profile.name, profile.unit, profile.endValue]),
        document.profiles.map((profile) => [profile.name, profile.unit, profile.endValue]));
    const shown = await view.symbols();
    for (const call of expected[0])
        assert.ok(shown.has(call.name.trim()), `${call.name} is in the sandwich view`);
    const least = PAINTED_LEAST * covered(model.profiles[0], expected[0]);
    const {chart, painted} = await drawnChart(view, least);
    fs.writeFileSync(path.join(screenshots, name + '.png'), chart);
    assert.ok(painted > least, `${painted} painted pixels, not more than ${least}`);
    view.checkCalm();
    assert.ok((await view.title()).startsWith(document.name), await view.title());
}

async function open(text, name) {
    const view = await app.open(text, name);
    try {
        await checkView(view, JSON.parse(text), name);
    } finally {
        await view.close();
    }
}

describe('real responses', () => {
    it('the body of a traces_only answer opens as it stands', async () => {
        const answer = await post(server, ROUTE + '/speedscope', traced(htmlBody(readPage(LARGEST_PAGE)), {trace_output: 'traces_only'}));
        assert.equal(answer.status, 200);
        const names = checkSpeedscope(answer.json())[0].map(({name}) => name);
        for (const phase of PHASES)
            assert.ok(names.includes(phase), phase);
        await open(answer.text(), 'traces_only');
    });
    it('the traces of an envelope open, cut out of it', async () => {
        const answer = await post(server, ROUTE + '/speedscope', traced(htmlBody(readPage('lang_select.html'))));
        const text = answer.text();
        const from = text.indexOf(',"traces":') + ',"traces":'.length;
        await open(text.slice(from, -1), 'envelope');
    });
    it('a pasted answer opens', async () => {
        const answer = await post(server, '/graph/from/json/to/mermaid/default/speedscope', traced({graph_data: karate()}, {trace_output: 'traces_only'}));
        const view = await app.paste(answer.text());
        await checkView(view, answer.json(), 'pasted');
        await view.close();
    });
    it('names of every kind arrive unharmed', async () => {
        const html = ['"quoted" & <b>', 'back\\slash', 'é \u{1f600}', '__proto__', 'constructor'].map((id) => `<section id='${id}'><p>x</p></section>`).join('');
        const answer = await post(server, ROUTE + '/speedscope', traced(htmlBody(html), {trace_output: 'traces_only', name: '</script>"\\ \u{1f600}'}));
        await open(answer.text(), 'names');
    });
    it('a truncated trace opens and says so', async () => {
        const answer = await post(server, ROUTE + '/speedscope', traced(htmlBody(readPage(LARGEST_PAGE)), {trace_output: 'traces_only', max_spans: 6}));
        const view = await app.open(answer.text(), 'truncated');
        assert.match(await view.title(), /truncated/);
        checkSpeedscope(answer.json());
        assert.deepEqual(callsOf(await view.model()), callsOf(answer.json()));
        view.checkCalm();
        await view.close();
    });
});

describe('one run in several formats', () => {
    it('the app shows the calls that the full document lists, thread by thread', async () => {
        const run = oneRun(LARGEST_PAGE);
        const full = [...callsOfTree(JSON.parse(run.full)).values()];
        assert.equal(full.length, 2);
        const view = await app.open(run.speedscope, 'one-run');
        await checkView(view, JSON.parse(run.speedscope), 'one-run');
        const shown = callsOf(await view.model()).map((calls) => withoutCaptions(calls).map(({name, start, end, depth}) => ({name, start, end, depth})));
        assert.deepEqual(shown, full);
        await view.close();
    });
});

describe('a call that failed and has notes', () => {
    it('says so where a person sees it, and is still the same function', async () => {
        const careless = await start(program('gbx-test-server'));
        const ask = () => post(careless, '/careless/speedscope?a-query', {trace_config: {capture_traces: true, trace_output: 'traces_only', name: 'a body'}});
        let document;
        for (let tries = 0; tries < 50 && !(document && covered(document.profiles[0], callsOf(document)[0]) > 1 / 50); tries++)
            document = (await ask()).json(); // its calls take microseconds: too narrow to be seen if the thread has waited
        await stop(careless);
        const view = await app.open(JSON.stringify(document), 'failed-with-notes');
        await checkView(view, document, 'failed-with-notes');
        const shown = [...await view.symbols()];
        assert.ok(shown.some((name) => /^careless \{Password=\?a-query, request\.body=.*tries=three\}$/.test(name)), shown.join('\n'));
        assert.ok(shown.some((name) => name === 'sign in ?a-query failed: {}'), shown.join('\n'));
        for (const name of ['careless', 'sign in ?a-query'])
            assert.ok(shown.includes(name), `${name} keeps its row`);
        const [failed] = callsOf(await view.model())[0].filter(({name}) => name.includes(' failed: '));
        assert.deepEqual(callsOf(document)[0].find(({name}) => name === failed.name), failed);
        // The failure of the trace is in the title and above the chart.
        assert.match(await view.title(), /, failed: /);
        const [{name: about}] = document.profiles;
        assert.match(about, /, failed: /);
        await view.page.waitForFunction((text) => globalThis.document.body.textContent.includes(text), about);
        await view.close();
    });
});

describe('a handler that works on two threads', () => {
    it('shows each thread under its name', async () => {
        const later = await start(program('gbx-test-server'));
        const answer = await post(later, '/later/speedscope', {trace_config: {capture_traces: true, trace_output: 'traces_only'}});
        await get(later, '/status');
        await stop(later);
        const view = await app.open(answer.text(), 'two-threads');
        const document = answer.json();
        checkSpeedscope(document);
        const calls = callsOf(document);
        assert.deepEqual(callsOf(await view.model()), calls);
        const names = calls.map((ofThread) => new Set(ofThread.map(({name}) => name)));
        assert.equal(names.filter((ofThread) => ofThread.has('later')).length, 1, 'one thread took the request');
        assert.equal(names.filter((ofThread) => ofThread.has('later.work')).length, 1, 'one thread did the work');
        // The thread that was inside longest is first, which here either may be.
        for (const [i, key] of ['p', 'n'].entries()) {
            await view.page.keyboard.press(key);
            await view.page.waitForFunction((name) => globalThis.document.body.textContent.includes(name), document.profiles[i].name);
            assert.deepEqual([...await view.symbols()].sort(), [...names[i]].sort());
        }
        view.checkCalm();
        await view.close();
    });
});
