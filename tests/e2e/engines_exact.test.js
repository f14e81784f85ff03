// SPDX-License-Identifier: MIT
// The real libraries show exactly what was given: ids that are names of JavaScript's own, labels that Mermaid could read
// as something else, and ids longer than Graphviz reads in one piece.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {after, before, describe, it} from 'node:test';

import {post} from '../integration/support/client.js';
import {startGlassbox, stopGlassbox} from '../integration/support/process.js';
import {CALM, startLibraries} from './support/libraries.js';

let server;
let libraries;
before(async () => {
    server = await startGlassbox();
    libraries = await startLibraries();
});
after(async () => {
    await libraries?.close();
    await stopGlassbox(server);
});

async function render(engine, graph, options = {}) {
    const answer = await post(server, `/graph/from/json/to/${engine}/default`, {graph_data: graph, transform_config: {options}});
    assert.equal(answer.status, 200, answer.text().slice(0, 300));
    return answer.json();
}

/** A ring of nodes; `fields` are those of the node and the edge with that number. */
const ring = (ids, fields = () => ({})) => ({
    nodes: ids.map((id, i) => ({id, ...fields(i)})),
    edges: ids.map((id, i) => ({source: id, target: ids[(i + 1) % ids.length], ...fields(i)})),
});

/** Every name that an object, an array, a function or one of the like has in this JavaScript. */
function ownNames() {
    const names = new Set();
    for (let it of [{}, [], () => {}, new Map(), new Set(), new WeakMap(), '', 0, new Error(), Promise.resolve(), Object, Array, Promise, Symbol, Math]) {
        for (; it !== null && it !== undefined; it = Object.getPrototypeOf(it))
            Object.getOwnPropertyNames(it).forEach((name) => names.add(name));
    }
    return [...names];
}

describe('ids that are names of JavaScript\'s own', () => {
    const ids = [...ownNames(), '0', '1', '-1', '01', '1e3', 'nodes', 'id', 'x', 'undefined', 'null', 'NaN', 'true'].filter((id, i, all) => all.indexOf(id) === i);

    it('are many', () => {
        for (const name of ['length', 'constructor', '__proto__', 'push', 'toString', 'hasOwnProperty', 'prototype'])
            assert.ok(ids.includes(name), name);
        assert.ok(ids.length > 150);
    });
    for (const engine of ['visjs', 'cytoscape']) {
        it(`are drawn by ${engine}`, async () => {
            const view = await libraries.open(engine);
            const answer = await render(engine, ring(ids, (i) => ({label: `label ${i}`})));
            const drawing = await view.draw(answer);
            assert.deepEqual([drawing.nodes.length, drawing.edges, drawing.drawn, await view.trouble()], [ids.length, ids.length, ids.length, CALM]);
            assert.deepEqual(new Set(drawing.nodes.map(({label}) => label)), new Set(ids.map((_, i) => `label ${i}`)));
            await view.close();
        });
    }
    it('are drawn by visjs with every solver, each with a neighbour', async () => {
        const view = await libraries.open('visjs');
        for (const id of ['length', 'push', '__proto__', '0']) {
            for (const physics of [{}, {solver: 'forceAtlas2Based'}, {solver: 'repulsion'}, {solver: 'hierarchicalRepulsion'}]) {
                const answer = await render('visjs', {...ring([id, 'b']), nodes: [{id}, {id: 'b'}]});
                const drawing = await view.draw({...answer, options: {...answer.options, physics}});
                assert.deepEqual([drawing.nodes.length, drawing.edges, await view.trouble()], [2, 2, CALM], id);
            }
        }
        await view.close();
    });
});

describe('a graph without directions', () => {
    const graph = {directed: false, multigraph: true, graph: {name: 'g'}, nodes: [{id: 0}, {id: 1}, {id: 2}], links: [{source: 0, target: 1, key: 0, label: 'x'}, {source: 0, target: 1, key: 1}, {source: 2, target: 2, key: 0}]};

    for (const engine of ['d3', 'cytoscape', 'visjs', 'mermaid']) {
        it(`is drawn by ${engine}`, async () => {
            const view = await libraries.open(engine);
            const {nodes, edges, drawn} = await view.draw(await render(engine, graph));
            assert.deepEqual([nodes.length, edges, drawn, await view.trouble()], [3, 3, 3, CALM]);
            if (engine === 'mermaid')
                assert.equal(await view.page.locator('path.flowchart-link[marker-end]').count(), 0);
            if (engine === 'cytoscape')
                assert.ok(await view.page.evaluate(() => window.cy.edges().every((edge) => edge.style('target-arrow-shape') === 'none')));
            if (engine === 'visjs')
                assert.ok(await view.page.evaluate(() => Object.values(window.network.body.edges).every(({options}) => !options.arrows.to.enabled)));
            await view.close();
        });
    }
    it('is drawn by Graphviz', async () => {
        const {dot} = await render('dot', graph);
        const {status, stdout, stderr} = spawnSync('dot', ['-Tjson0'], {input: dot, encoding: 'utf8'});
        assert.deepEqual([status, stderr], [0, '']);
        const drawn = JSON.parse(stdout);
        assert.deepEqual([drawn.directed, drawn.objects.length, drawn.edges.length], [false, 3, 3]);
    });
});

/** Labels that both of Mermaid's ways to draw a label show as they are. */
const shownByBoth = [
    'http://host.example/path?q=1&r=2#part', 'key=value', 'v1.2', 'a == b', '1. one', '1) one', '- dash', '* star', '+ plus', '> quote', '# title', '#1', '#35;', '#quot;', 'a#b;c',
    'style: #fff; x', 'style a:#b;', 'classDef x:#y;', '"', '""', '"all"', '"a" b "c"', '`code`', '`', 'a`b`c', '**b** *i* _u_ ~~s~~', '[a](b)', '![a](b)', '%% no comment', '%%{init: {"theme":"dark"}}%%',
    '---', 'end', 'subgraph x', 'graph TD', 'click n0 "x"', 'a & b', '&amp;', '&lt;b&gt;', '&#35;', '&copy', '<br>', '<br/>', '<b>bold</b>', '<script>window.hacked=1</script>', '<!-- c -->', '-->', 'a<b', 'a > b',
    'fa-car', '$5', '$$', '@{ shape: circle }', ':::x', '{x}', '(x)', '[x]', '"]', '|"', ';', ':', '.', '=', '~', '^', '\\', '\\t', '50%', 'C++', 'x@y.z', "it's", '${x}', '{{x}}', '漢字', '😀', '30° straße ﬂ ¶',
    'direction LR', 'the direction  TB of it', 'redirection\u2009BT', 'direction\u00a0RL "x"', 'direction TD', 'R&D', 'a&b', '?a=1&copy=2&page=3', '&', '&&', '&copyright;', 'a&#b', '\u00a0"x"',
];
/** Labels that only HTML labels show as they are. */
const shownByHtml = ['C:\\new', '\\N', 'fa:fa-car', 'fab:fa-git x', '$$x$$', 'a $$ b $$ c', 'ﬂ°°35¶ß', 'ﬂ°quot¶ß', 'ﬂ°', '¶ß', '¶ß fa:fa-car \\n $$x$$', '"fa:fa-car" #35;'];

/** Labels of random parts that mean something somewhere, always the same ones. */
function randomLabels(count, parts) {
    let seed = 12345;
    const random = (below) => {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        return Math.floor(seed / 65536) % below;
    };
    return Array.from({length: count}, () => Array.from({length: 1 + random(6)}, () => parts[random(parts.length)]).join('').trim() || 'x');
}
const ascii = Array.from({length: 95}, (_, i) => String.fromCharCode(32 + i));

const blankless = (text) => text.replace(/[\s\u00a0]/gu, '');

describe('labels by Mermaid', () => {
    const parts = [...ascii, 'direction LR', '&', '%%{', '-->', '<b>', '&lt;', '#35;', '"', '"', '#', ';', '`', 'style', 'end', '\u00a0', 'é', '°', '😀'];
    const both = [...shownByBoth, ...randomLabels(80, parts).filter((label) => !/\\n|fa[bklrs]?:fa-|\$\$.*\$\$/i.test(label))];
    const html = [...both, ...shownByHtml, ...randomLabels(60, [...parts, 'fa:fa-car', '$$', '\\n', 'ﬂ°', '¶ß'])];

    for (const [way, initialize, labels] of [['HTML', {securityLevel: 'strict'}, html], ['SVG text', {htmlLabels: false, flowchart: {htmlLabels: false}}, both]]) {
        it(`are shown as ${way}`, async () => {
            const view = await libraries.open('mermaid');
            const answer = await render('mermaid', ring(labels.map((_, i) => i), (i) => ({label: labels[i]})));
            const {nodes, edgeLabels} = await view.draw({...answer, initialize});
            const shown = nodes.sort((a, b) => a.id.slice(1) - b.id.slice(1)).map(({label}) => blankless(label));
            assert.deepEqual(shown, labels.map(blankless));
            assert.deepEqual(edgeLabels.map(blankless), labels.map(blankless));
            assert.deepEqual(await view.trouble(), CALM);
            await view.close();
        });
    }
    it('beyond its limits come with a note, and with its setting they are drawn', async () => {
        const view = await libraries.open('mermaid');
        const answer = await render('mermaid', {nodes: [{id: 'a'}, {id: 'b'}], edges: Array.from({length: 501}, () => ({source: 'a', target: 'b'}))});
        const [, setting] = /maxEdges: (\d+)/.exec(answer.notes.join());
        await assert.rejects(view.draw({...answer, initialize: {maxEdges: 500}}), /maxEdges/);
        assert.equal((await view.draw({...answer, initialize: {maxEdges: Number(setting)}})).edges, 501);
        await view.close();
    });
});

describe('long ids by Graphviz', () => {
    const unescape = (id) => id.replace(/\\([\\n])/g, (_, c) => c === 'n' ? '\n' : c);

    it('are whole, in nodes and in edges', async () => {
        const ids = [16381, 16382, 16384, 32000, 100_000].flatMap((length) => ['m', 'é', '"', '\\', 'a b"\n'].map((unit) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length)));
        const {dot} = await render('dot', ring(ids, () => ({label: 'x'})));
        const {status, stdout, stderr} = spawnSync('dot', ['-Tjson0'], {input: dot, encoding: 'utf8', maxBuffer: 1 << 28});
        assert.deepEqual([status, stderr], [0, '']);
        const {objects, edges} = JSON.parse(stdout);
        assert.ok(objects.every(({name}, i) => unescape(name) === ids[i]) && objects.length === ids.length);
        assert.deepEqual(edges.map(({tail, head}) => [tail, head]), ids.map((_, i) => [i, (i + 1) % ids.length]));
    });
    it('of ten megabytes are taken', {timeout: 60_000}, async () => {
        const {dot, dot_size: size} = await render('dot', {nodes: [{id: 'm'.repeat(10 << 20), label: 'x'}]});
        assert.equal(size, Buffer.byteLength(dot));
        assert.ok(dot.split(/" \+ "|["\n]/).every((piece) => piece.length <= 16_000));
    });
    it('with single line breaks stay different', async () => {
        const ids = ['"', '"\n', '"\n"', '""', '\n', '\r\n', '', '\\\n', '\\', '\\n', '"\r\n'];
        const {dot} = await render('dot', ring(ids, (i) => ({label: String(i)})));
        const {stdout} = spawnSync('dot', ['-Tjson0'], {input: dot, encoding: 'utf8'});
        assert.equal(JSON.parse(stdout).objects.length, ids.length);
    });
});

/* Each runs in the page after a drawing and gives the rectangles of the labels and the points in the middle of edges, in pixels of the page. */
const places = {
    cytoscape() {
        const boxes = (elements) => elements.map((element) => element.renderedBoundingBox({includeNodes: false, includeEdges: false, includeLabels: true})).map(({x1, y1, w, h}) => [x1, y1, w, h]);
        return {labels: [...boxes(window.cy.nodes()), ...boxes(window.cy.edges('[label]'))], points: window.cy.edges('[^label]').map((edge) => edge.renderedMidpoint()).map(({x, y}) => [x, y])};
    },
    visjs() {
        const {network} = window;
        const toPage = (x, y) => Object.values(network.canvasToDOM({x, y}));
        const labels = [...Object.values(network.body.nodes), ...Object.values(network.body.edges)].filter(({options}) => options.label).map(({labelModule: {size}}) => {
            const [[left, top], [right, bottom]] = [toPage(size.left, size.top), toPage(size.left + size.width, size.top + size.height)];
            return [left, top, right - left, bottom - top];
        });
        const points = Object.values(network.body.edges).filter(({options}) => !options.label).map(({from, to}) => toPage((from.x + to.x) / 2, (from.y + to.y) / 2));
        return {labels, points};
    },
};

/** The luminances, by WCAG, of the darkest and the lightest pixel in each rectangle of the page. */
async function luminances(page, rectangles) {
    const png = await page.screenshot();
    return page.evaluate(async ([data, areas]) => {
        const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
        const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
        canvas.drawImage(image, 0, 0);
        const linear = (value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
        return areas.map(([x, y, width, height]) => {
            const {data: bytes} = canvas.getImageData(Math.round(x), Math.round(y), Math.max(1, Math.round(width)), Math.max(1, Math.round(height)));
            const all = Array.from({length: bytes.length / 4}, (_, i) => 0.2126 * linear(bytes[4 * i]) + 0.7152 * linear(bytes[4 * i + 1]) + 0.0722 * linear(bytes[4 * i + 2]));
            return [Math.min(...all), Math.max(...all)];
        });
    }, [png.toString('base64'), rectangles]);
}
const contrast = ([dark, light]) => (light + 0.05) / (dark + 0.05);

// Edges are wide here, because the browser mixes the colour of a thin line with the page's.
describe('labels and edges can be read', () => {
    const graph = {nodes: ['Mars', 'Hume', 'Wien', 'Xenon'].map((label, id) => ({id, label})), edges: [{source: 0, target: 1, label: 'west'}, {source: 1, target: 2}, {source: 2, target: 3, label: 'owns'}, {source: 3, target: 0}]};
    const looks = {cytoscape: [{layout: {name: 'circle', padding: 150}, style: {edge: {width: 4}}}], visjs: [{nodes: {shape: 'box'}}, {nodes: {shape: 'dot'}}].map((options) => ({...options, edges: {smooth: {enabled: false}, width: 4}}))};

    for (const [engine, all] of Object.entries(looks)) {
        for (const colour of ['#ffffff', '#121212', '#282c34']) {
            it(`of ${engine} on ${colour}`, async () => {
                const view = await libraries.open(engine);
                await view.page.evaluate((background) => (document.body.style.background = background), colour);
                for (const options of all) {
                    await view.draw(await render(engine, graph, options));
                    const {labels, points} = await view.page.evaluate(places[engine]);
                    assert.deepEqual([labels.length, points.length], [6, 2]);
                    const found = await luminances(view.page, [...labels, ...points.map(([x, y]) => [x - 4, y - 4, 8, 8])]);
                    const contrasts = found.map(contrast);
                    assert.ok(contrasts.slice(0, 6).every((it) => it >= 4.5), `labels: ${contrasts}`);
                    assert.ok(contrasts.slice(6).every((it) => it >= 3), `edges: ${contrasts}`);
                }
                await view.close();
            });
        }
    }
});
