// SPDX-License-Identifier: MIT
// The API page in a real browser: it shows every route, lets a person try one, and sends requests only to its own
// server.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {get} from '../integration/support/client.js';
import {built, startGlassbox, stopGlassbox} from '../integration/support/process.js';
import {checkSpeedscope} from '../integration/support/speedscope.js';
import {startBrowser, watch} from './support/browser.js';

const screenshots = built('tests', 'e2e', 'screenshots');
const TRACED = '/graph/from/{source}/to/{engine}/{transformation}/speedscope';

let browser;
let server;
let page;
let seen;
before(async () => {
    fs.mkdirSync(screenshots, {recursive: true});
    server = await startGlassbox();
    browser = await startBrowser();
    page = await browser.newPage({viewport: {width: 1280, height: 1600}});
    page.setDefaultTimeout(60_000);
    seen = watch(page, server.url);
    const answer = await page.goto(server.url + '/docs');
    assert.equal(answer.status(), 200, 'the page is built in: npm ci in web/, then build');
    await page.waitForSelector('.opblock');
});
after(async () => {
    await browser?.close();
    await stopGlassbox(server);
});

/** The block of one operation, opened. */
async function operation(method, template) {
    const block = page.locator('.opblock', {has: page.locator(`[data-path="${template}"]`), hasText: new RegExp(`^${method}`)});
    if (!await block.evaluate((element) => element.classList.contains('is-open')))
        await block.locator('.opblock-summary').click();
    await block.locator('button.execute').waitFor();
    return block;
}

/** Presses Execute and hands back what went over the wire. */
async function execute(block) {
    const [response] = await Promise.all([
        page.waitForResponse((candidate) => candidate.request().resourceType() === 'fetch'),
        block.locator('button.execute').click(),
    ]);
    await block.locator('.live-responses-table td.response-col_status:not(.col_header)').waitFor();
    return response;
}

describe('the API page', () => {
    it('lists every route of the document', async () => {
        const {paths} = (await get(server, '/openapi.json')).json();
        const shown = await page.locator('.opblock-summary').evaluateAll((blocks) => blocks.map((block) =>
            `${block.querySelector('.opblock-summary-method').textContent} ${block.querySelector('[data-path]').dataset.path}`));
        const declared = Object.entries(paths).flatMap(([where, item]) => ['get', 'post'].filter((method) => item[method]).map((method) => `${method.toUpperCase()} ${where}`));
        assert.deepEqual(shown.sort(), declared.sort());
        fs.writeFileSync(path.join(screenshots, 'docs.png'), await page.screenshot());
    });
    it('tries the speedscope route, and the answer is a trace', async () => {
        const block = await operation('POST', TRACED);
        const response = await execute(block);
        assert.equal(response.status(), 200);
        assert.equal(new URL(response.url()).pathname, '/graph/from/html/to/dot/default/speedscope');
        checkSpeedscope((await response.json()).traces);
        assert.match(await block.locator('.live-responses-table td.response-col_status:not(.col_header)').textContent(), /^200/);
        const body = await block.locator('.live-responses-table .highlight-code').first().textContent();
        assert.match(body, /"graph_output"/);
        await block.locator('.live-responses-table').scrollIntoViewIfNeeded();
        fs.writeFileSync(path.join(screenshots, 'docs-tried.png'), await page.screenshot());
    });
    it('shows a refusal as what it is', async () => {
        const block = await operation('POST', '/graph/from/{source}/to/{engine}/{transformation}');
        await block.locator('textarea').first().fill(JSON.stringify({graph_data: {}}));
        assert.equal((await execute(block)).status(), 422);
        assert.match(await block.locator('.live-responses-table').textContent(), /problem\+json/);
    });
    it('describes trace_config with its defaults', async () => {
        const model = page.locator('.models article', {has: page.locator('.json-schema-2020-12__title', {hasText: /^trace_config$/i})}).first();
        await model.locator('button', {hasText: 'Expand all'}).first().click();
        const text = await model.textContent();
        for (const part of ['capture_traces', 'max_spans', '500000', '5000000', 'slow_threshold_ms'])
            assert.ok(text.includes(part), `${part} in ${text}`);
        await model.scrollIntoViewIfNeeded();
        fs.writeFileSync(path.join(screenshots, 'docs-schema.png'), await page.screenshot());
    });
    it('had no error and asked no other server', () => {
        // The refusal that was asked for is told in the console, by the browser itself.
        const errors = seen.errors.filter((text) => !text.includes('status of 422'));
        assert.deepEqual({errors, dialogs: seen.dialogs, strangers: seen.strangers}, {errors: [], dialogs: [], strangers: []});
    });
    it('serves the page under a policy that keeps strangers out', async () => {
        for (const file of ['', '/docs.js', '/swagger-ui.css', '/swagger-ui-bundle.js', '/favicon.png', '/LICENSE.txt', '/NOTICE.txt']) {
            const answer = await get(server, '/docs' + file);
            assert.equal(answer.status, 200, file);
            assert.match(answer.headers['content-security-policy'], /default-src 'none'; script-src 'self';/);
            assert.equal(answer.headers['x-content-type-options'], 'nosniff');
        }
        assert.equal((await get(server, '/docs/nothing.js')).status, 404);
        assert.equal((await get(server, '/docs/')).status, 404);
    });
});
