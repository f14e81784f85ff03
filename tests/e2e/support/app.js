// SPDX-License-Identifier: MIT
// The real speedscope in a real browser, offline: opens documents, watches for trouble, hands back the app's own model.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

import {source} from '../../integration/support/process.js';
import {startBrowser, watch} from './browser.js';

const release = source('tests', 'node_modules', 'speedscope', 'dist', 'release');
const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'wasm-unsafe-eval'; " +
    "img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'";
const types = {
    '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.wasm': 'application/wasm',
    '.png': 'image/png', '.ico': 'image/x-icon', '.woff2': 'font/woff2', '.txt': 'text/plain',
};

/** Serves the app's files and, under /documents/, what `documents` maps the name to. */
function serveApp(documents) {
    const server = http.createServer((request, response) => {
        const name = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
        const document = documents.get(name);
        const file = path.join(release, path.normalize(name));
        if (document === undefined && !fs.existsSync(file)) {
            response.writeHead(404).end();
            return;
        }
        response.writeHead(200, {'Content-Type': types[path.extname(name)] ?? 'application/octet-stream', 'Content-Security-Policy': policy});
        response.end(document ?? fs.readFileSync(file));
    });
    return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** A browser with the app: open(document text) and paste(document text) give a view of one document; close() ends it. */
export async function startApp() {
    const documents = new Map();
    const server = await serveApp(documents);
    const origin = `http://127.0.0.1:${server.address().port}`;
    const browser = await startBrowser();

    async function newView() {
        const context = await browser.newContext({acceptDownloads: true, viewport: {width: 1280, height: 720}});
        await context.grantPermissions(['clipboard-read', 'clipboard-write'], {origin});
        const page = await context.newPage();
        return {page, context, seen: watch(page, origin)};
    }

    return {
        origin,
        /** The app chooses by the ending of a file's name, and otherwise by its content, how to read it. */
        async open(content, name = 'trace', ending = 'speedscope.json') {
            const address = `/documents/${documents.size}/${name}.${ending}`;
            documents.set(address, content);
            const view = await newView();
            await view.page.goto(`${origin}/index.html#profileURL=${encodeURIComponent(origin + address)}&view=sandwich`);
            return viewOf(view);
        },
        async paste(text) {
            const view = await newView();
            await view.page.goto(`${origin}/index.html`);
            await view.page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
            await view.page.keyboard.press('Control+v');
            await view.page.waitForFunction(() => document.title !== 'speedscope');
            await view.page.keyboard.press('3');
            return viewOf(view);
        },
        /** How many pixels of a chart are not grey, as frames are and as background, text and axes are not. */
        async painted(png) {
            const page = await browser.newPage();
            const counts = await page.evaluate(countColours, png.toString('base64'));
            await page.close();
            return Object.entries(counts).reduce((sum, [colour, count]) => {
                const [red, green, blue] = colour.split(',').map(Number);
                return Math.max(red, green, blue) - Math.min(red, green, blue) > 20 ? sum + count : sum;
            }, 0);
        },
        async close() {
            await browser.close();
            server.closeAllConnections();
            await new Promise((resolve) => server.close(resolve));
        },
    };
}

/** The app's view of a document, on a page of the context: waits for the sandwich table, which comes with the document. */
export async function viewOf({page, context, seen}) {
    await page.waitForSelector('th:has-text("Symbol Name")', {timeout: 60_000});
    return {
        page, seen,
        title: () => page.title(),
        /** The app's own model of what it imported: it exports it when Ctrl+S is pressed. */
        async model() {
            const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Control+s')]);
            return JSON.parse(fs.readFileSync(await download.path(), 'utf8'));
        },
        /** The names in the sandwich table, which is virtualised: scrolled through from top to bottom. */
        async symbols() {
            await page.keyboard.press('3');
            await page.waitForSelector('th:has-text("Symbol Name")');
            return new Set(await page.evaluate(collectSymbols));
        },
        /** The time order chart as a PNG. */
        async chart() {
            await page.keyboard.press('1');
            await page.waitForSelector('th:has-text("Symbol Name")', {state: 'detached'});
            // Two frames: one in which the app draws, one after which the drawing is on the screen.
            await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
            return page.screenshot();
        },
        /** Asserts that nothing happened which a user would have had to notice. */
        checkCalm() {
            assert.deepEqual({...seen, webgl: seen.webgl}, {errors: [], dialogs: [], strangers: [], webgl: true});
        },
        close: () => context.close(),
    };
}

/* Runs in the page: the element around the table that scrolls shows some rows at a time. */
async function collectSymbols() {
    const names = [];
    let scroller = document.querySelector('table > tr');
    while (scroller && getComputedStyle(scroller).overflowY !== 'auto')
        scroller = scroller.parentElement;
    for (;;) {
        for (const row of document.querySelectorAll('table > tr'))
            names.push(row.lastElementChild.textContent.trim());
        if (scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1)
            return names;
        scroller.scrollTop += scroller.clientHeight / 2;
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    }
}

/* Runs in a page: how many pixels there are of each colour in a PNG, below the toolbar and the time axis. */
async function countColours(base64) {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), {width: image.width, height: image.height});
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const {data} = context.getImageData(0, 140, image.width, image.height - 140);
    const counts = {};
    for (let at = 0; at < data.length; at += 4) {
        const colour = `${data[at]},${data[at + 1]},${data[at + 2]}`;
        counts[colour] = (counts[colour] ?? 0) + 1;
    }
    return counts;
}
