// SPDX-License-Identifier: MIT
// The page to try the service on, in a real browser: with the keyboard only, on desktop and phone, with valid and
// invalid input.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {get} from '../integration/support/client.js';
import {LARGEST_PAGE, pagePath} from '../integration/support/input.js';
import {built, program, startGlassbox, stopGlassbox} from '../integration/support/process.js';
import {callsOf, checkSpeedscope, withoutCaptions} from '../integration/support/speedscope.js';
import {viewOf} from './support/app.js';
import {startBrowser, watch} from './support/browser.js';
import {DESK, PHONE, faintTexts, openPage, tabTo} from './support/page.js';

const screenshots = built('tests', 'e2e', 'screenshots');

let browser;
let server;
before(async () => {
    fs.mkdirSync(screenshots, {recursive: true});
    server = await startGlassbox();
    browser = await startBrowser();
});
after(async () => {
    await browser?.close();
    await stopGlassbox(server);
});

const open = (options) => openPage(browser, server, options);

/** What the calls of a document add up to, frame by frame, by self time: worked out from calls, where the page works on events. */
function hotspotsOf(document) {
    const rows = new Map();
    for (const calls of callsOf(document).map(withoutCaptions)) {
        for (const [index, {name, file, line, start, end, depth}] of calls.entries()) {
            const key = `${name} ${file}:${line}`;
            const row = rows.get(key) ?? {name, where: `${file}:${line}`, calls: 0, selfNs: 0};
            const inside = calls.slice(index + 1).filter((other) => other.start >= start && other.end <= end && other.depth === depth + 1);
            row.calls++;
            row.selfNs += end - start - inside.reduce((sum, other) => sum + other.end - other.start, 0);
            rows.set(key, row);
        }
    }
    return [...rows.values()].sort((a, b) => b.selfNs - a.selfNs);
}

for (const [where, viewport] of [['a desk', DESK], ['a phone', PHONE]]) {
    describe(`on ${where}`, () => {
        it('everything can be done with the keyboard alone', async () => {
            const {page, close, drawn, outcome} = await open({viewport});
            const order = await tabTo(page, 'run');
            assert.deepEqual(order, ['Skip to the result', 'API', 'Schemas', 'Health', 'source', 'example', 'file', 'text', 'engine', 'transformation', 'trace', 'Options and permission', 'run']);
            await page.keyboard.press('Enter');
            assert.match(await outcome(), /^\d+ nodes, \d+ edges; a trace of \d+ spans\.$/);
            assert.ok(await drawn() > 10);
            assert.deepEqual(await tabTo(page, 'download-trace'), ['zoom-out', 'zoom-in', 'zoom-fit', 'stage', 'speedscope', 'download-trace']);
            await page.focus('[name=source]:checked');
            await page.keyboard.press('ArrowRight');
            await page.waitForFunction(() => document.getElementById('text').value.startsWith('{'));
            assert.equal(await page.inputValue('#example'), 'request');
            await page.focus('#text');
            await page.keyboard.press('Control+Enter');
            await page.waitForFunction(() => document.getElementById('status').textContent.startsWith('6 nodes, 7 edges'));
            assert.equal(await drawn(), 6);
            await close();
        });
        it('nothing is wider than the screen, nothing is faint, in the light and in the dark', async () => {
            for (const colorScheme of ['light', 'dark']) {
                const {page, close, fill, run, drawn} = await open({viewport, colorScheme});
                const shot = async (name) => {
                    const {scrollWidth, faint} = {scrollWidth: await page.evaluate(() => document.documentElement.scrollWidth), faint: await page.evaluate(faintTexts)};
                    fs.writeFileSync(path.join(screenshots, `page-${viewport.width}-${colorScheme}-${name}.png`), await page.screenshot({fullPage: true}));
                    assert.deepEqual({scrollWidth, faint}, {scrollWidth: viewport.width, faint: []}, name);
                };
                await shot('first');
                await page.click('#more summary');
                await run();
                await drawn();
                await page.click('#outcome > details > summary');
                await shot('result');
                await fill({source: 'json', text: '{"nodes": [{"id": "a"}, {"id": "a"}]}'});
                await page.click('#run');
                await page.waitForSelector('#problem:not([hidden])');
                await shot('problem');
                await close({refused: [422]});
            }
        });
    });
}

it('is served under policies that keep strangers out, with the licence of everything that it brings', async () => {
    const {headers} = await get(server, '/');
    assert.match(headers['content-security-policy'], /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; .*connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/);
    assert.match((await get(server, '/speedscope/')).headers['content-security-policy'], /connect-src 'self' blob:;/);
    const built = [...(await get(server, '/ui/built.js')).text().matchAll(/'([\w-]+)'/g)].map(([, name]) => name);
    assert.deepEqual(built, ['viz', 'd3', 'cytoscape', 'vis-network', 'mermaid', 'swagger-ui', 'speedscope'], 'everything is built in: npm ci in web/, then build');
    const notice = (await get(server, '/ui/NOTICE.txt')).text();
    for (const name of built.slice(0, 5)) {
        const library = await get(server, `/ui/${name}.js`);
        assert.deepEqual([library.status, library.headers['content-type'], library.headers['x-content-type-options']], [200, 'text/javascript', 'nosniff'], name);
        assert.ok(notice.includes(`${name}.js`), name);
    }
    for (const file of [...notice.matchAll(/\S+\.LICENSE\.txt/g)].map(([name]) => '/ui/' + name).concat('/docs/LICENSE.txt', '/speedscope/LICENSE.txt', '/speedscope/source-code-pro.LICENSE.md'))
        assert.match((await get(server, file)).text(), /copyright/i, file);
});

it('every control has a name', async () => {
    const {page, close, run} = await open();
    await run();
    const nameless = await page.evaluate(() => [...document.querySelectorAll('input, select, textarea, button, a, summary, [tabindex]')]
        .filter((element) => !(element.labels?.length || element.getAttribute('aria-label') || element.getAttribute('aria-labelledby') || element.textContent.trim()))
        .filter((element) => element.checkVisibility()).map((element) => element.outerHTML));
    assert.deepEqual(nameless, []);
    assert.equal(await page.locator('[role=status]').count(), 1);
    await close();
});

describe('the trace', () => {
    it('is summed up as its document says, and opens in the speedscope of this server with the same calls', async () => {
        const {page, context, close, fill, run, download} = await open();
        await fill({engine: 'tree'});
        await page.setInputFiles('#file', pagePath(LARGEST_PAGE));
        await page.waitForFunction(() => document.getElementById('text').value.includes('SQLite'));
        await run();
        const {name, text} = await download('#download-trace');
        assert.match(name, /^POST_graph_from_html_to_tree_default_.*\.speedscope\.json$/);
        const document = JSON.parse(text);
        const calls = checkSpeedscope(document);

        const expected = hotspotsOf(document);
        const shown = await page.locator('#hotspots tbody tr').evaluateAll((rows) => rows.map(({cells}) => ({
            name: cells[0].firstChild.parentElement.textContent.replace(cells[0].querySelector('small').textContent, ''),
            where: cells[0].querySelector('small').textContent,
            calls: Number(cells[1].textContent.replaceAll(',', '')),
            selfNs: parseInt(cells[2].title, 10),
        })));
        assert.deepEqual(shown, expected.slice(0, shown.length));
        assert.equal(shown.length, Math.min(12, expected.length));
        assert.ok((await page.locator('#trace-about').textContent()).startsWith(`${calls.flat().length} spans of 2 threads`));

        const [popup] = await Promise.all([context.waitForEvent('page'), page.click('#speedscope')]);
        const seen = watch(popup, server.url);
        await popup.waitForFunction((title) => globalThis.document.title.startsWith(title), document.name);
        assert.equal(new URL(popup.url()).pathname, '/speedscope/');
        await popup.keyboard.press('3');
        const view = await viewOf({page: popup, context, seen});
        assert.deepEqual(callsOf(await view.model()), callsOf(document));
        fs.writeFileSync(path.join(screenshots, 'page-speedscope.png'), await view.chart());
        assert.deepEqual({errors: seen.errors, dialogs: seen.dialogs, strangers: seen.strangers}, {errors: [], dialogs: [], strangers: []});
        await close();
    });
    it('is not asked for when it is not wanted', async () => {
        const {page, close, fill, run, drawn} = await open();
        await fill({trace: false});
        assert.equal(await page.locator('#route').textContent(), 'POST /graph/from/html/to/dot/default');
        assert.match(await run(), /^\d+ nodes, \d+ edges\.$/);
        assert.ok(await drawn() > 0);
        assert.equal(await page.locator('#trace-none').textContent(), 'No trace was requested.');
        assert.equal(await page.locator('#trace-figures').isVisible(), false);
        await close();
    });
    it('of 100,000 spans is read apart from the page', async () => {
        const calls = 50_000;
        const events = Array.from({length: 2 * calls}, (_, index) => ({type: index % 2 ? 'C' : 'O', frame: 0, at: index}));
        const document = {
            $schema: 'https://www.speedscope.app/file-format-schema.json', exporter: 'glassbox@0.0.0', name: 'large', activeProfileIndex: 0,
            shared: {frames: [{name: 'f', file: 'f.c', line: 1}]}, profiles: [{type: 'evented', name: 'main', unit: 'nanoseconds', startValue: 0, endValue: 2 * calls, events}],
        };
        const {page, context, close, run} = await open({prepare: (page) => page.route('**/speedscope', async (route) => {
            const answer = await route.fetch();
            return route.fulfill({response: answer, json: {...await answer.json(), traces: document}});
        })});
        assert.match(await run(), /a trace of 50,000 spans/);
        const [popup] = await Promise.all([context.waitForEvent('page'), page.click('#speedscope')]);
        await popup.waitForFunction(() => globalThis.document.title.startsWith('large'));
        await close();
    });
});

describe('bad input', () => {
    it('that is not JSON is reported at the field and not sent', async () => {
        const {page, close, fill, run, seen} = await open();
        let sent = 0;
        page.on('request', (request) => (sent += request.method() === 'POST'));
        await fill({source: 'json', text: '{"nodes": [}'});
        assert.equal(await run(), 'Not sent.');
        assert.match(await page.locator('#text-fault').textContent(), /^This is not JSON: /);
        assert.equal(await page.evaluate(() => document.activeElement.id), 'text');
        assert.equal(await page.getAttribute('#text', 'aria-invalid'), 'true');
        await page.fill('#text', '{"nodes": [{"id": 1}]}');
        assert.equal(await page.getAttribute('#text', 'aria-invalid'), null);
        await page.click('#more summary');
        await page.fill('#options', '{,}');
        await page.click('#run');
        await page.waitForFunction(() => document.getElementById('options-fault').textContent !== '');
        assert.equal(sent, 0);
        assert.deepEqual(seen.errors, []);
        await close();
    });
    it('is shown as the problem that the server says, with its place', async () => {
        const {page, close, fill, run} = await open();
        const text = '{\n  "nodes": [{"id": "a"},\n    {"id": "b"}, {"id" : "a", "label": "twice"}],\n  "edges": []\n}';
        await fill({source: 'json', text});
        assert.match(await run(), /^Refused with 422; a trace of \d+ spans\.$/);
        assert.equal(await page.locator('#problem-status').textContent(), '422');
        assert.match(await page.locator('#problem-detail').textContent(), /"a"/);
        const pointer = await page.locator('#problem-pointer').textContent();
        assert.match(pointer, /^\/graph_data\/nodes\/2/);
        assert.equal(await page.locator('#drawing').isVisible(), false);
        assert.equal(await page.locator('#hotspots').isVisible(), true, 'how it came to that is in the trace');
        await page.click('#problem-go');
        const selected = await page.locator('#text').evaluate((field) => field.value.slice(field.selectionStart, field.selectionEnd));
        assert.equal(JSON.parse(selected).id ?? JSON.parse(selected), 'a');
        await close({refused: [422]});
    });
    it('leaves the page as usable as before', async () => {
        const {close, fill, run, drawn, page} = await open();
        await fill({source: 'json', text: '{}'});
        await run();
        await page.selectOption('#example', 'karate');
        await page.waitForFunction(() => document.getElementById('text').value.includes('Mr. Hi'));
        await page.click('#run');
        await page.waitForFunction(() => document.getElementById('status').textContent.startsWith('34 nodes'));
        assert.equal(await drawn(), 34);
        assert.equal(await page.locator('#problem').isVisible(), false);
        await close({refused: [422]});
    });
    it('and no server at all are told apart', async () => {
        const {page, close, run, seen} = await open({prepare: (page) => page.route('**/graph/from/**', (route) => route.abort())});
        assert.equal(await run(), 'The server did not answer.');
        assert.equal(await page.locator('#problem-title').textContent(), 'No answer');
        seen.errors.splice(0); // the browser tells of the request that was made to fail
        await close();
    });
});

it('a long run can be cancelled, and the next one goes ahead', async () => {
    let held;
    const {page, close, drawn, outcome, status} = await open({prepare: (page) => page.route('**/graph/from/**', (route) => {
        if (held)
            return route.continue();
        held = route;
    })});
    await page.click('#run');
    await page.waitForSelector('#cancel:not([hidden])');
    assert.match(await page.locator('#progress').textContent(), /^\d+ s/);
    assert.equal(await page.getAttribute('#results', 'aria-busy'), 'true');
    await page.focus('#cancel');
    await page.keyboard.press('Enter');
    assert.equal(await status.textContent(), 'Cancelled.');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'run');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.getElementById('status').textContent.includes('nodes'));
    assert.match(await outcome(), /a trace of/);
    assert.ok(await drawn() > 0);
    assert.equal(await page.locator('#cancel').isVisible(), false);
    await close();
});

describe('a server that asks for a token', () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-page-'));
    const keyFile = path.join(directory, 'keys');
    let guarded;
    before(async () => {
        fs.writeFileSync(keyFile, `k1:${crypto.randomBytes(32).toString('hex')}\n`, {mode: 0o600});
        guarded = await startGlassbox('--key-file', keyFile);
    });
    after(async () => {
        await stopGlassbox(guarded);
        fs.rmSync(directory, {recursive: true});
    });
    it('gets it from the page, which keeps it to itself', async () => {
        const token = spawnSync(program('glassbox'), ['token', '--key-file', keyFile, '--path', '/graph', '--expires', '10m'], {encoding: 'utf8'}).stdout.trim();
        const {page, close, run, context} = await openPage(browser, guarded);
        assert.equal(await run(), 'Refused with 401.');
        await page.click('#problem-go');
        assert.equal(await page.evaluate(() => document.activeElement.id), 'token');
        await page.keyboard.type(token);
        await page.keyboard.press('Enter');
        await page.waitForFunction(() => document.getElementById('status').textContent.includes('a trace of'));
        assert.equal(await page.getAttribute('#token', 'type'), 'password');
        const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, location.href, document.cookie]));
        assert.ok(!kept.includes(token) && (await context.cookies()).length === 0);
        await close({refused: [401]});
    });
});
