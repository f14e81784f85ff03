// SPDX-License-Identifier: MIT
// Traces and answers full of what a careless viewer would run: speedscope and the service's page show them, and run, load
// and confuse nothing.
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';

import {post} from '../integration/support/client.js';
import {htmlBody, traced} from '../integration/support/input.js';
import {program, start, startGlassbox, stop, stopGlassbox} from '../integration/support/process.js';
import {callsOf, checkSpeedscope} from '../integration/support/speedscope.js';
import {startApp} from './support/app.js';
import {startBrowser} from './support/browser.js';
import {openPage} from './support/page.js';

const ROUTE = '/graph/from/html/to/dot/default';
const RUN = 'window.hacked=1';
const HOSTILE = [
    `<script>${RUN}</script>`, `<img/src=x/onerror=${RUN}>`, `"><svg/onload=${RUN}>`, `javascript:${RUN}`, `</script><script>${RUN}</script>`,
    `<a href="javascript:${RUN}">x</a>`, '<iframe src=http://stranger.invalid/></iframe>', '<link rel=stylesheet href=//stranger.invalid/x.css>', `';${RUN};'`,
    `\${${RUN}}`, `{{${RUN}}}`, '__proto__', 'constructor', 'hasOwnProperty', 'prototype', '\u001b[2J\u001b]0;x\u0007', '\u202etxt.exe', '%s%n%x', '\u2028\u2029', '😀'.repeat(200), 'm'.repeat(100_000),
];

/** As `HOSTILE`, each where the ids of sections are, which name spans. */
const html = HOSTILE.map((text) => `<section id="${text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"><p>x</p></section>`).join('');

let app;
let browser;
let server;
before(async () => {
    app = await startApp();
    browser = await startBrowser();
    server = await startGlassbox();
});
after(async () => {
    await app?.close();
    await browser?.close();
    await stopGlassbox(server);
});

/** Asserts that nothing of a text ran in the page, and that objects are as they were. */
async function checkUnharmed(page) {
    const found = await page.evaluate(() => ({hacked: 'hacked' in globalThis, polluted: Object.keys(Object.prototype), name: ({}).name, scripts: [...document.scripts].filter(({src}) => !src && document.title).map(({text}) => text).filter((text) => text.includes('hacked'))}));
    assert.deepEqual(found, {hacked: false, polluted: [], name: undefined, scripts: []});
    assert.equal(await page.locator('iframe, img[onerror], svg[onload], a[href^="javascript:"], link[href*="stranger"]').count(), 0);
}

/** Opens the document in speedscope, in all of its views. */
async function checkInSpeedscope(text, name) {
    const calls = checkSpeedscope(JSON.parse(text));
    const all = callsOf(JSON.parse(text));
    const view = await app.open(text, name);
    assert.deepEqual(callsOf(await view.model()), all, 'every name arrives as it is');
    await view.symbols();
    await view.page.locator('table tr').last().click();
    await view.chart();
    await view.page.mouse.move(300, 200); // the chart shows what is under it
    await checkUnharmed(view.page);
    view.checkCalm();
    await view.close();
    return calls;
}

describe('speedscope', () => {
    it('runs nothing of the names of spans', async () => {
        const answer = await post(server, `${ROUTE}/speedscope`, traced(htmlBody(html), {trace_output: 'traces_only', name: HOSTILE[1]}));
        const calls = await checkInSpeedscope(answer.text(), 'names');
        const names = calls.flat().map(({name}) => name);
        for (const text of HOSTILE.filter(({length}) => length < 50))
            assert.ok(names.includes(`section section#${text}`), text);
    });
    it('runs nothing of notes and reasons', async () => {
        const careless = await start(program('gbx-test-server'));
        try {
            const [body, secret] = [{texts: HOSTILE, trace_config: {capture_traces: true, trace_output: 'traces_only', name: HOSTILE[0]}}, HOSTILE[1]];
            const answer = await post(careless, `/careless/speedscope?${HOSTILE[1]}${HOSTILE[0]}`, body, {'X-Secret': secret});
            assert.ok(answer.text().includes('sign in') && answer.text().includes(RUN));
            await checkInSpeedscope(answer.text(), 'notes');
        } finally {
            await stop(careless);
        }
    });
});

/** A document like that of a real run, with each text of a server's choice replaced. */
function poisoned(document) {
    const texts = HOSTILE.filter((text) => text.length < 1000);
    const frames = document.traces.shared.frames.map((frame, i) => ({...frame, name: texts[i % texts.length], file: texts[(i + 1) % texts.length]}));
    const profiles = document.traces.profiles.map((profile, i) => ({...profile, name: texts[i % texts.length]}));
    return {...document, traces: {...document.traces, name: texts[0], exporter: texts[1], shared: {frames}, profiles}};
}

describe("the service's page", () => {
    const run = async (answer) => {
        const opened = await openPage(browser, server, {
            prepare: (page) => page.route('**/graph/from/**', (route) => route.fulfill({
                status: answer.status ?? 200, contentType: answer.status ? 'application/problem+json' : 'application/json', headers: {'Glassbox-Capture': 'captured'},
                body: JSON.stringify(answer),
            })),
        });
        await opened.run();
        return opened;
    };

    it('runs nothing of a real answer', async () => {
        const opened = await openPage(browser, server);
        await opened.fill({source: 'html', text: html, trace: true});
        assert.match(await opened.run(), /a trace of \d+ spans/);
        await checkUnharmed(opened.page);
        await opened.close();
    });
    it('runs nothing of a trace', async () => {
        const real = (await post(server, `${ROUTE}/speedscope`, traced(htmlBody('<p>x</p><p>y</p>')))).json();
        const opened = await run(poisoned(real));
        assert.ok((await opened.page.locator('#hotspots').textContent()).includes(RUN), 'it shows them');
        await checkUnharmed(opened.page);
        await opened.close();
    });
    it('runs nothing of a problem', async () => {
        for (const text of HOSTILE.slice(0, 8)) {
            const opened = await run({type: `javascript:${RUN}`, title: text, status: 422, detail: text, pointer: `/${text}`});
            assert.equal(await opened.page.locator('#problem-detail').textContent(), text);
            assert.equal(await opened.page.locator('#problem-title').textContent(), text);
            await checkUnharmed(opened.page);
            await opened.close({refused: [422]});
        }
    });
});
