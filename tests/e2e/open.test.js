// SPDX-License-Identifier: MIT
// glassbox open in a real browser: the address that it prints shows the stored trace in speedscope, and a page of another
// site reads nothing of it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, it} from 'node:test';

import {program, start, stop} from '../integration/support/process.js';
import {callsOf} from '../integration/support/speedscope.js';
import {makeRun, output} from '../integration/support/stores.js';
import {viewOf} from './support/app.js';
import {startBrowser, watch} from './support/browser.js';

let store, viewer, browser;
before(async () => {
    store = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-open-')), 'store');
    makeRun(store, 8);
    viewer = await start(program('glassbox'), ['open', '--store', store, '--no-browser', '--trace', '8']);
    browser = await startBrowser('--host-resolver-rules=MAP evil.test 127.0.0.1');
});
after(async () => {
    await browser?.close();
    if (viewer)
        await stop(viewer, 'SIGINT');
    fs.rmSync(path.dirname(store), {recursive: true});
});

async function newPage() {
    const context = await browser.newContext({acceptDownloads: true, viewport: {width: 1280, height: 720}});
    const page = await context.newPage();
    return {page, context, seen: watch(page, viewer.url)};
}

it('the printed address shows the trace', async () => {
    const {page, context, seen} = await newPage();
    await page.goto(viewer.firstLine.split(' ').at(-1));
    await page.waitForFunction(() => document.title !== 'speedscope');
    await page.keyboard.press('3');
    const view = await viewOf({page, context, seen});
    const document = JSON.parse(output(['export', '--format', 'speedscope', '--store', store, '--trace', '8']));
    assert.deepEqual(callsOf(await view.model()), callsOf(document));
    assert.ok((await view.symbols()).has('db.query'));
    assert.ok((await view.title()).startsWith('POST /graph'));
    view.checkCalm();
    await view.close();
});

it('a page of another site reads nothing', async () => {
    const {page, context} = await newPage();
    await page.goto('about:blank');
    const read = (mode) => page.evaluate(([url, how]) => fetch(url, {mode: how}).then((answer) => answer.text(), () => ''), [`${viewer.url}/trace.speedscope.json`, mode]);
    assert.equal(await read('cors'), '');
    assert.equal(await read('no-cors'), '');
    const rebound = await page.goto(`http://evil.test:${viewer.port}/trace.speedscope.json`);
    assert.equal(rebound.status(), 421);
    await context.close();
});
