// SPDX-License-Identifier: MIT
// A page of another site, in the browser of somebody who runs the server on the same machine: it triggers no capture and
// reads nothing, whatever it sends, and also if it points its own name at the server.
import assert from 'node:assert/strict';
import http from 'node:http';
import {after, before, describe, it} from 'node:test';

import {get} from '../integration/support/client.js';
import {htmlBody, traced} from '../integration/support/input.js';
import {startGlassbox, stopGlassbox} from '../integration/support/process.js';
import {startBrowser} from './support/browser.js';

const ROUTE = '/graph/from/html/to/dot/default/full';
const BODY = JSON.stringify(traced(htmlBody('<p>x</p>')));

let browser;
let server;
let site; // of the stranger
before(async () => {
    server = await startGlassbox('--threads', '1');
    site = http.createServer((request, response) => response.writeHead(200, {'Content-Type': 'text/html'}).end('<!doctype html><title>stranger</title>'));
    await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve));
    browser = await startBrowser('--host-resolver-rules=MAP evil.test 127.0.0.1');
});
after(async () => {
    await browser?.close();
    site?.closeAllConnections();
    site?.close();
    await stopGlassbox(server);
});

/** What the server has counted so far. */
async function counts() {
    const {counts: {captured, off}} = (await get(server, '/healthz')).json().capture;
    return {captured, off};
}

/* Each runs in a page: sends to `url` what a page can, and returns what it could read of the answer, or null. */
const attempts = {
    'fetch of text without CORS': async ([url, body]) => (await fetch(url, {method: 'POST', mode: 'no-cors', body})).text().then((text) => text || null),
    'fetch of a form without CORS': async ([url, body]) => (await fetch(url, {method: 'POST', mode: 'no-cors', body: new URLSearchParams({[body]: ''})})).text().then((text) => text || null),
    'fetch of JSON without CORS': async ([url, body]) => (await fetch(url, {method: 'POST', mode: 'no-cors', headers: {'Content-Type': 'application/json'}, body})).text().then((text) => text || null),
    'fetch of text': ([url, body]) => fetch(url, {method: 'POST', body}).then((answer) => answer.text(), () => null),
    'fetch of JSON, after a preflight': ([url, body]) => fetch(url, {method: 'POST', headers: {'Content-Type': 'application/json'}, body}).then((answer) => answer.text(), () => null),
    'fetch of JSON with credentials': ([url, body]) => fetch(url, {method: 'POST', credentials: 'include', headers: {'Content-Type': 'application/json', Authorization: 'Bearer x'}, body}).then((answer) => answer.text(), () => null),
    'fetch with the header that asks for a trace, after a preflight': ([url, body]) => fetch(url, {method: 'POST', headers: {'Glassbox-Trace-Config': '{"capture_traces":true}'}, body}).then((answer) => answer.text(), () => null),
    'fetch with the header without CORS': async ([url, body]) => (await fetch(url, {method: 'POST', mode: 'no-cors', headers: {'Glassbox-Trace-Config': '{"capture_traces":true}'}, body})).text().then((text) => text || null),
    'fetch of a blob that says it is JSON': ([url, body]) => fetch(url, {method: 'POST', body: new Blob([body], {type: 'application/json'})}).then((answer) => answer.text(), () => null),
    'beacon of text': ([url, body]) => (navigator.sendBeacon(url, body), null),
    'beacon of JSON': ([url, body]) => (navigator.sendBeacon(url, new Blob([body], {type: 'application/json'})), null),
    'an image': ([url]) => new Promise((done) => Object.assign(new Image(), {onload: () => done('shown'), onerror: () => done(null), src: url})),
    'a script': ([url]) => new Promise((done) => document.head.append(Object.assign(document.createElement('script'), {onload: () => done(null), onerror: () => done(null), src: url}))),
    'a form of text, sent to a frame': ([url, body]) => {
        const frame = Object.assign(document.createElement('iframe'), {name: 'frame'});
        const form = Object.assign(document.createElement('form'), {action: url, method: 'POST', enctype: 'text/plain', target: 'frame'});
        // name=value is the body: JSON whose last string holds the equals sign.
        const [name, value] = [body.slice(0, -1) + ',"x":"', '"}'];
        form.append(Object.assign(document.createElement('input'), {name, value}));
        document.body.append(frame, form);
        form.submit();
        return null;
    },
};

/** Resolves when the browser has an answer to a request of the page for `origin`, or has given it up. */
function settled(page, origin) {
    const concerns = (request) => request.url().startsWith(origin);
    const events = ['requestfinished', 'requestfailed'].map((event) => page.waitForEvent(event, {predicate: concerns, timeout: 20_000}));
    return Promise.any(events);
}

describe('a page of another site', () => {
    for (const [what, attempt] of Object.entries(attempts))
        it(`${what} captures nothing and reads nothing`, async () => {
            const page = await browser.newPage();
            await page.goto(`http://evil.test:${site.address().port}/`);
            const before = await counts();
            for (const host of ['127.0.0.1', 'localhost']) {
                const over = settled(page, `http://${host}:${server.port}/`);
                const read = await page.evaluate(attempt, [`http://${host}:${server.port}${ROUTE}`, BODY]).catch((error) => {
                    assert.match(String(error), /Failed to fetch|Failed to execute 'sendBeacon'/);
                    return null;
                });
                assert.equal(read, null, host);
                await over;
            }
            for (const frame of page.frames().slice(1))
                assert.equal(await page.evaluate(() => document.querySelector('iframe').contentDocument), null, frame.url());
            await page.close();
            assert.deepEqual(await counts(), before);
        });
    it('reads no plain answer either', async () => {
        const page = await browser.newPage();
        await page.goto(`http://evil.test:${site.address().port}/`);
        for (const path of ['/healthz', '/graph/engines', '/openapi.json'])
            assert.equal(await page.evaluate((url) => fetch(url).then((answer) => answer.text(), () => null), `${server.url}${path}`), null);
        await page.close();
    });
});

describe("a page whose own name is the server's", () => {
    it('reaches nothing', async () => {
        const page = await browser.newPage();
        const before = await counts();
        const answer = await page.goto(`http://evil.test:${server.port}/`);
        assert.equal(answer.status(), 421);
        const statuses = await page.evaluate(async ([url, body]) => [
            (await fetch(url, {method: 'POST', headers: {'Content-Type': 'application/json'}, body})).status, (await fetch('/healthz')).status,
        ], [ROUTE, BODY]);
        assert.deepEqual(statuses, [421, 421]);
        assert.deepEqual(await counts(), before);
        await page.close();
    });
});

it("the server's own page captures with the same request", async () => {
    const page = await browser.newPage();
    const before = await counts();
    await page.goto(`${server.url}/`);
    const text = await page.evaluate(attempts['fetch of JSON, after a preflight'], [ROUTE, BODY]);
    assert.ok(JSON.parse(text).traces.entries.length > 0);
    assert.equal((await counts()).captured, before.captured + 1);
    await page.close();
});
