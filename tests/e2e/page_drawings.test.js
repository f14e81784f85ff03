// SPDX-License-Identifier: MIT
// The page's drawings in a real browser: the right number of nodes on every engine, labels that stay text, and large
// graphs that do not freeze the tab.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {get, post} from '../integration/support/client.js';
import {ENGINES, htmlBody, karate, pagePath, readPage} from '../integration/support/input.js';
import {built, startGlassbox, stopGlassbox} from '../integration/support/process.js';
import {startBrowser} from './support/browser.js';
import {openPage} from './support/page.js';

const screenshots = built('tests', 'e2e', 'screenshots');
const PAGE = 'lang_replace.html';
const HOSTILE = ['<img src=x onerror=alert(1)>', '</text><script>alert(1)</script>', '"quoted" \\ back', 'two\nlines', '&lt;b&gt; &amp;', '<a href="javascript:alert(1)">x</a>', '\u{1f600} é', '%%{init: {}}%%', 'end'];
const chain = (count) => ({nodes: Array.from({length: count}, (_, id) => ({id})), edges: Array.from({length: count - 1}, (_, id) => ({source: id, target: id + 1}))});
const hostileGraph = {nodes: HOSTILE.map((label, id) => ({id: `n${id}`, label})), edges: HOSTILE.slice(1).map((label, id) => ({source: 'n0', target: `n${id + 1}`, label}))};

// What is on the stage, counted in the drawing itself; what a library paints, it counts (data-drawn).
const COUNTED = {dot: 'svg g.node', mermaid: 'svg g.node', d3: 'svg circle.node'};

let browser;
let server;
let engines;
before(async () => {
    fs.mkdirSync(screenshots, {recursive: true});
    server = await startGlassbox();
    engines = (await get(server, '/graph/engines')).json().engines.map(({name}) => name);
    browser = await startBrowser();
});
after(async () => {
    await browser?.close();
    await stopGlassbox(server);
});

/** Answers as CONTRACT.md describes those of the engines that this server may be without; the page is not to know. */
const canned = {
    d3: ({nodes, edges}) => ({nodes: nodes.map((node) => ({label: String(node.id), ...node})), links: edges.map((edge) => ({...edge})), config: {width: 800, height: 600, alphaDecay: 0.03, link: {distance: 60, iterations: 1}, charge: {strength: -180, theta: 0.9}, collide: {radius: 14}, x: {strength: 0.05}, y: {strength: 0.05}}}),
    cytoscape: ({nodes, edges}) => ({
        elements: {
            nodes: nodes.map(({id, label}) => ({data: {id: String(id), label: label ?? String(id)}})),
            edges: edges.map(({source, target}, index) => ({data: {id: `e${index}`, source: String(source), target: String(target)}})),
        },
        layout: {name: 'breadthfirst', directed: true}, style: [{selector: 'node', style: {label: 'data(label)'}}, {selector: 'edge', style: {'curve-style': 'bezier'}}],
    }),
    visjs: ({nodes, edges}) => ({nodes: nodes.map(({id, label}) => ({id, label: label ?? String(id)})), edges: edges.map(({source: from, target: to}) => ({from, to})), options: {nodes: {shape: 'dot'}}}),
};

/** A page whose requests for `engine` are answered for `graph` when the server has no such engine. */
async function openFor(engine, graph, options = {}) {
    const there = engines.includes(engine);
    const opened = await openPage(browser, server, {...options, prepare: async (page) => {
        if (there)
            return;
        await page.route('**/graph/from/**', async (route) => {
            const answer = await route.fetch();
            const output = {duration: 1e-4, transformation: 'default', engine, node_count: graph.nodes.length, edge_count: graph.edges.length, ...canned[engine](graph)};
            return route.fulfill({response: answer, json: {...await answer.json(), graph_output: output}});
        });
    }});
    await opened.fill({source: 'json', text: JSON.stringify(graph), ...(there ? {engine} : {})});
    return opened;
}

async function checkDrawing({page, drawn}, engine, count) {
    assert.equal(await drawn(), count);
    if (COUNTED[engine])
        assert.equal(await page.locator(`#stage ${COUNTED[engine]}`).count(), count);
}

/** How many pixels of the stage are not of the colour that most of them are. */
async function painted(page) {
    const png = await page.locator('#stage').screenshot();
    return page.evaluate(async (base64) => {
        const image = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]));
        const canvas = Object.assign(document.createElement('canvas'), {width: image.width, height: image.height}).getContext('2d');
        canvas.drawImage(image, 0, 0);
        const pixels = new Uint32Array(canvas.getImageData(0, 0, image.width, image.height).data.buffer);
        const counts = new Map();
        for (const pixel of pixels)
            counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
        return pixels.length - Math.max(...counts.values());
    }, png.toString('base64'));
}

for (const engine of ENGINES) {
    describe(`what ${engine} answers`, () => {
        it('is drawn with as many nodes as counted, and can be looked at closely', async () => {
            const graph = karate();
            const opened = await openFor(engine, graph);
            assert.match(await opened.run(), /^34 nodes, 78 edges/);
            // A text has a line wherever a node is met again.
            await checkDrawing(opened, engine, engine === 'tree' ? 87 : 34);
            assert.ok(await painted(opened.page) > 5000);
            fs.writeFileSync(path.join(screenshots, `page-drawing-${engine}.png`), await opened.page.locator('#drawing').screenshot());
            if (engine !== 'tree') {
                const before = await opened.page.locator('#stage').screenshot();
                await opened.page.click('#zoom-in');
                await opened.page.click('#zoom-in');
                assert.notDeepEqual(await opened.page.locator('#stage').screenshot(), before);
                await opened.page.focus('#stage');
                for (const key of ['ArrowRight', 'ArrowDown', '-', '+', '0'])
                    await opened.page.keyboard.press(key);
            }
            await opened.close();
        });
        it('keeps hostile labels text', async () => {
            const opened = await openFor(engine, hostileGraph, {colorScheme: 'dark'});
            await opened.run();
            await checkDrawing(opened, engine, HOSTILE.length);
            assert.equal(await opened.page.locator('#stage :is(img, script, a, iframe, image)').count(), 0);
            if (COUNTED[engine] || engine === 'tree') {
                const text = await opened.page.locator('#stage').textContent();
                for (const label of ['<img src=x onerror=alert(1)>', '</text><script>alert(1)</script>', '&lt;b&gt; &amp;'])
                    assert.ok(text.replaceAll('\u00a0', ' ').includes(label), text);
            }
            fs.writeFileSync(path.join(screenshots, `page-hostile-${engine}.png`), await opened.page.locator('#drawing').screenshot());
            await opened.close();
        });
    });
}

describe('a graph without directions', () => {
    for (const [directed, arrows] of [[false, 0], [true, 3]]) {
        it(`has ${arrows} arrows when directed is ${directed}`, async () => {
            const opened = await openFor('d3', {...chain(4), directed});
            await opened.run();
            await checkDrawing(opened, 'd3', 4);
            assert.equal(await opened.page.locator('#stage path.link').count(), 3);
            assert.equal(await opened.page.locator('#stage path.link[marker-end]').count(), arrows);
            await opened.close();
        });
    }
});

describe('every engine of this server', () => {
    it('draws a real page with as many nodes as its answer counts', async () => {
        const {page, close, run, drawn} = await openPage(browser, server);
        await page.setInputFiles('#file', pagePath(PAGE));
        await page.waitForFunction(() => document.getElementById('text').value.includes('SQLite'));
        for (const engine of engines) {
            const {node_count: count} = (await post(server, `/graph/from/html/to/${engine}/default`, htmlBody(readPage(PAGE)))).json();
            await page.selectOption('#engine', engine);
            await page.evaluate(() => (document.getElementById('status').textContent = 'Ready.'));
            await run();
            const ask = page.locator('#draw-anyway');
            await page.waitForFunction(() => document.getElementById('stage').dataset.drawn || document.getElementById('draw-anyway'));
            if (await ask.count() > 0)
                await ask.click();
            assert.equal(await drawn(), count, engine);
        }
        await close();
    });
});

describe('a large graph', () => {
    it('is not drawn before somebody says so', async () => {
        const opened = await openFor('mermaid', chain(301));
        await opened.run();
        await opened.page.waitForSelector('#draw-anyway');
        assert.match(await opened.page.locator('#stage').textContent(), /^301 nodes and 300 edges may keep this tab busy/);
        assert.equal(await opened.page.locator('#stage svg').count(), 0);
        await opened.page.click('#draw-anyway');
        await checkDrawing(opened, 'mermaid', 301);
        await opened.close();
    });
    it('is laid out by Graphviz apart from the page, which goes on and can take another', async () => {
        const opened = await openFor('dot', chain(1900));
        // A fast layout may be over before this process looks, so the page itself notes that one was under way.
        await opened.page.evaluate(() => {
            const stage = document.getElementById('stage');
            new MutationObserver(() => (window.layoutSeen ||= stage.hasAttribute('aria-busy'))).observe(stage, {attributes: true});
        });
        await opened.run();
        await opened.page.waitForFunction(() => window.layoutSeen);
        await opened.fill({source: 'json', text: JSON.stringify(chain(3))});
        await opened.page.click('#run');
        await opened.page.waitForFunction(() => document.getElementById('status').textContent.startsWith('3 nodes'));
        await checkDrawing(opened, 'dot', 3);
        await opened.close();
    });
});

it('colours follow the system while the drawing is there', async () => {
    const opened = await openFor('mermaid', chain(4));
    await opened.run();
    await checkDrawing(opened, 'mermaid', 4);
    const ids = () => opened.page.locator('#stage svg').getAttribute('id');
    const before = await ids();
    await opened.page.emulateMedia({colorScheme: 'dark'});
    await opened.page.waitForFunction((id) => document.querySelector('#stage[data-drawn="4"] svg') && document.querySelector('#stage svg').id !== id, before);
    await opened.close();
});

it('a program that was built without packages says which, and the rest works', async () => {
    const {page, close, fill, run} = await openPage(browser, server, {prepare: (page) => page.route('**/ui/built.js', (route) =>
        route.fulfill({contentType: 'text/javascript', body: 'export const built = new Set();'}))});
    assert.match(await run(), /a trace of/);
    assert.match(await page.locator('#stage').textContent(), /built without viz, which draws dot/);
    assert.equal(await page.locator('#speedscope').isVisible(), false);
    assert.equal(await page.locator('#speedscope-missing').isVisible(), true);
    assert.equal(await page.locator('#download-trace').isVisible(), true);
    await fill({engine: 'tree'});
    await page.click('#run');
    await page.waitForSelector('#stage[data-drawn] pre');
    await close();
});
