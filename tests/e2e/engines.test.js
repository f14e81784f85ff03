// SPDX-License-Identifier: MIT
// The real libraries draw the output of the engines without errors and without executing any of it. The numbers of
// nodes and edges and the labels are as expected.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {get, post} from '../integration/support/client.js';
import {htmlBody, karate, pages, readPage} from '../integration/support/input.js';
import {built, startGlassbox, stopGlassbox} from '../integration/support/process.js';
import {hostile, labelOf, shortened} from './support/hostile.js';
import {CALM, startLibraries} from './support/libraries.js';

const screenshots = built('tests', 'e2e', 'screenshots');
const LIBRARIES = ['d3', 'cytoscape', 'visjs', 'mermaid'];

let server;
let libraries;
before(async () => {
    fs.mkdirSync(screenshots, {recursive: true});
    server = await startGlassbox();
    libraries = await startLibraries();
});
after(async () => {
    await libraries?.close();
    await stopGlassbox(server);
});

async function render(engine, body, options, transformation = 'default') {
    const from = body.graph_data.html === undefined ? 'json' : 'html';
    const answer = await post(server, `/graph/from/${from}/to/${engine}/${transformation}`, options === undefined ? body : {...body, transform_config: {options}});
    assert.equal(answer.status, 200, answer.text().slice(0, 300));
    return answer.json();
}

/** Blanks are where libraries break lines. */
const blankless = (text) => text.replace(/[\s\u00a0]/gu, '');

/** How many edges there are to see: of a node's loops Mermaid shows one. */
function edgesOf(engine, {mermaid, edge_count: count}) {
    const loops = engine === 'mermaid' ? [...mermaid.matchAll(/^ {4}(n\d+) -->(?:\|.*\|)? (n\d+)$/gm)].filter(([, from, to]) => from === to).map(([, from]) => from) : [];
    return count - loops.length + new Set(loops).size;
}

/** Draws an answer with its library; asserts that all of it is there and that nothing else happened. */
async function draw(engine, answer, name) {
    const view = await libraries.open(engine);
    try {
        const drawing = await view.draw(answer);
        if (name !== undefined)
            fs.writeFileSync(path.join(screenshots, `engine-${engine}-${name}.png`), await view.screenshot());
        assert.deepEqual(await view.trouble(), CALM);
        assert.deepEqual([drawing.nodes.length, drawing.edges, drawing.drawn], [answer.node_count, edgesOf(engine, answer), answer.node_count]);
        return drawing;
    } finally {
        await view.close();
    }
}

const unescaped = (text) => text.replace(/&(?:#(\d+)|(\w+));/g, (_, code, name) => code ? String.fromCodePoint(Number(code)) : {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'"}[name]);

/** Graphviz's own drawing, read back. */
function drawDot({dot, node_count: nodes, edge_count: edges}) {
    const {status, stdout, stderr} = spawnSync('dot', ['-Tsvg'], {input: dot, encoding: 'utf8', maxBuffer: 1 << 28});
    assert.deepEqual([status, stderr], [0, '']);
    const parts = stdout.split(/<g id="(?:node|edge|clust)\d+" class="/);
    const labels = parts.filter((part) => part.startsWith('node')).map((part) => [...part.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => unescaped(text)).join(' '));
    assert.equal(labels.length, nodes);
    assert.equal(parts.filter((part) => part.startsWith('edge')).length, edges);
    return labels.map(blankless).sort();
}

/** Some pages of a size that a drawing library can take. */
const somePages = () => pages().filter(({bytes}) => bytes < 6000).slice(0, 60).filter((_, i) => i % 20 === 0).map(({name}) => name);

describe('a graph', () => {
    for (const engine of LIBRARIES) {
        it(`the karate club by ${engine}`, async () => {
            const {nodes} = await draw(engine, await render(engine, {graph_data: karate()}), 'karate');
            assert.deepEqual(nodes.map(({label}) => label).sort(), karate().nodes.map(labelOf).sort());
        });
        it(`loops and parallel edges by ${engine}`, async () => {
            const graph = {nodes: [{id: 'a'}, {id: 'b'}, {id: 'alone'}], edges: [['a', 'a'], ['a', 'a'], ['a', 'b'], ['a', 'b'], ['b', 'a']].map(([from, to]) => ({source: from, target: to}))};
            await draw(engine, await render(engine, {graph_data: graph}));
        });
        it(`nothing by ${engine}`, {skip: engine === 'visjs' && 'an empty network is never drawn'}, async () => {
            await draw(engine, await render(engine, {graph_data: {nodes: []}}));
        });
        it(`pages by ${engine}`, async () => {
            for (const name of somePages())
                await draw(engine, await render(engine, htmlBody(readPage(name))), 'page');
        });
    }
    it('by Graphviz', async () => {
        assert.deepEqual(drawDot(await render('dot', {graph_data: karate()})), karate().nodes.map((node) => blankless(labelOf(node))).sort());
        for (const name of somePages())
            drawDot(await render('dot', htmlBody(readPage(name))));
    });
});

describe('a page in its parts', () => {
    const html = '<head><title>t</title><style>p{}</style></head><body class=c><p>x</p><script>1</script></body>';
    const PARTS = ['attributes', 'body', 'head', 'scripts', 'styles'];
    const partsOf = {
        d3: ({answer}) => answer.nodes.map(({group}) => group),
        visjs: ({drawing}) => drawing.nodes.map(({group}) => group),
        cytoscape: ({drawing}) => drawing.nodes.map(({parent}) => parent),
        mermaid: ({drawing}) => drawing.clusters,
    };
    for (const engine of LIBRARIES) {
        it(`by ${engine}`, async () => {
            const answer = await render(engine, htmlBody(html), undefined, 'full-document');
            const drawing = await draw(engine, answer, 'parts');
            const parts = new Set(partsOf[engine]({answer, drawing}));
            for (const part of PARTS)
                assert.ok(parts.has(part), `${part} is not among ${[...parts]}`);
        });
    }
    it('by Graphviz', async () => {
        const answer = await render('dot', htmlBody(html), undefined, 'full-document');
        drawDot(answer);
        for (const part of PARTS)
            assert.match(answer.dot, new RegExp(`subgraph cluster_\\d+ \\{\\n\\s*label="${part}"`));
    });
});

describe('a graph that means harm', () => {
    const graph = hostile();
    const labels = graph.nodes.map(labelOf);
    const edgeLabels = graph.edges.map(({label}) => typeof label === 'string' ? shortened(label) : '');

    for (const engine of LIBRARIES) {
        it(`is shown by ${engine} as it is, and runs nothing`, async () => {
            const answer = await render(engine, {graph_data: graph});
            const drawing = await draw(engine, answer, 'hostile');
            const places = new Map((answer.nodes ?? answer.elements?.nodes ?? labels).map((node, i) => [engine === 'mermaid' ? `n${i}` : (node.data?.id ?? node.id), i]));
            const shown = drawing.nodes.sort((a, b) => places.get(a.id) - places.get(b.id));
            assert.deepEqual(shown.map(({label}) => blankless(label)), labels.map(blankless));
            if (drawing.edgeLabels !== undefined && engine !== 'mermaid') // which shows one of a node's loops
                assert.deepEqual(drawing.edgeLabels.map(blankless).sort(), edgeLabels.map(blankless).sort());
            if (engine === 'visjs')
                assert.deepEqual(shown.map(({given}) => given ?? ''), labels);
        });
    }
    it('is shown by Graphviz as it is', async () => {
        assert.deepEqual(drawDot(await render('dot', {graph_data: graph})), labels.map(blankless).sort());
    });
    it('keeps the ids that it has, where a library can hold them', async () => {
        const ids = graph.nodes.map(({id}) => String(id));
        const odd = new Set(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf']);
        const d3 = await render('d3', {graph_data: graph});
        assert.deepEqual(d3.nodes.map(({id}) => id), ids);
        const visjs = await render('visjs', {graph_data: graph});
        assert.deepEqual(visjs.nodes.map(({id}) => id), ids.map((id) => odd.has(id) ? `2:${id}` : id));
        const {elements} = await render('cytoscape', {graph_data: graph});
        assert.deepEqual(elements.nodes.map(({data}) => data.id), ids.map((id) => odd.has(id) || id.trim() === '' ? `2:${id}` : id));
        assert.equal(new Set([...elements.nodes, ...elements.edges].map(({data}) => data.id)).size, graph.nodes.length + graph.edges.length);
    });
    it('loses none of its fields', async () => {
        const [d3, visjs, {elements}] = await Promise.all(['d3', 'visjs', 'cytoscape'].map((engine) => render(engine, {graph_data: graph})));
        for (const parts of [[d3.nodes, d3.links], [visjs.nodes, visjs.edges], [elements.nodes, elements.edges].map((list) => list.map(({data}) => data))]) {
            for (const [i, list] of [graph.nodes, graph.edges].entries()) {
                for (const [j, given] of list.entries()) {
                    const {id, source, target, label, ...fields} = given;
                    const further = {...(i === 0 ? {source, target} : {id}), ...(typeof label === 'string' ? {} : {label}), ...fields};
                    for (const [key, value] of Object.entries(further).filter(([, it]) => it !== undefined))
                        assert.ok([parts[i][j], parts[i][j].data].some((place) => place !== undefined && JSON.stringify(place[key]) === JSON.stringify(value)), `${key} of ${i} ${j}`);
                }
            }
        }
    });
});

/** A value that an option takes: its default, or one near 1. */
function valueOf(schema) {
    if (schema.default !== undefined)
        return schema.default;
    if (schema.enum !== undefined)
        return schema.enum[0];
    if (schema.pattern !== undefined)
        return '#1f77b4';
    return {boolean: true, string: 'Arial', integer: Math.max(schema.minimum, 1), number: Math.max(schema.minimum, Math.min(schema.maximum, 1))}[schema.type];
}

/** Every option at once. */
const everything = ({properties}) => Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, schema.type === 'object' ? everything(schema) : valueOf(schema)]));

/** Options that set one at a time, to each of its choices. */
function* each({properties}) {
    for (const [name, schema] of Object.entries(properties)) {
        const values = schema.type === 'object' ? each(schema) : schema.enum ?? (schema.type === 'boolean' ? [true, false] : [valueOf(schema)]);
        for (const value of values)
            yield {[name]: value};
    }
}

async function optionsOf(engine) {
    const {engines} = (await get(server, '/graph/engines')).json();
    return engines.find(({name}) => name === engine).options;
}

const small = {graph_data: {nodes: [{id: 'a', label: 'one'}, {id: 'b', label: 'two'}, {id: 'c'}], edges: [{source: 'a', target: 'b', label: 'edge'}, {source: 'b', target: 'c'}, {source: 'c', target: 'c'}]}};

describe('options', () => {
    for (const engine of LIBRARIES) {
        it(`of ${engine} are ones that it takes, each alone and all at once`, {timeout: 240_000}, async () => {
            const schema = await optionsOf(engine);
            const view = await libraries.open(engine);
            let count = 0;
            for (const options of [everything(schema), ...each(schema)]) {
                const {nodes, edges} = await view.draw(await render(engine, small, options));
                assert.deepEqual([nodes.length, edges, await view.trouble()], [3, 3, CALM], JSON.stringify(options));
                count++;
            }
            assert.ok(count > 15);
            await view.close();
        });
    }
    it('of visjs would be complained about if they were wrong', async () => {
        const view = await libraries.open('visjs');
        await view.draw({...await render('visjs', small), options: {nodes: {borderwidth: 1}}});
        assert.match((await view.trouble()).errors.join(), /borderwidth/);
        await view.close();
    });
    it('of cytoscape would be complained about if they were wrong', async () => {
        const view = await libraries.open('cytoscape');
        await view.draw({...await render('cytoscape', small), style: [{selector: 'node', style: {shape: 'potato'}}]});
        assert.match((await view.trouble()).warnings.join(), /potato/);
        await view.close();
    });
    it('of dot are ones that Graphviz takes', async () => {
        const schema = await optionsOf('dot');
        const unlabelled = {graph_data: {...small.graph_data, edges: small.graph_data.edges.map(({source, target}) => ({source, target}))}};
        for (const options of [everything(schema), ...each(schema)]) {
            // With these two Graphviz itself merges edges, or draws none.
            const merges = options.concentrate || options.layout === 'patchwork' || options.splines === 'none';
            const answer = await render('dot', unlabelled, options); // curved and ortho edges have no labels
            if (merges)
                execFileSync('dot', ['-Tsvg'], {input: answer.dot});
            else
                drawDot(answer);
        }
    });
    it('that are wrong are refused with their place', async () => {
        for (const [engine, options, pointer] of [
            ['visjs', {nodes: {font: {multi: 'html'}}}, '/transform_config/options/nodes/font/multi'],
            ['visjs', {physics: {solver: 'newton'}}, '/transform_config/options/physics/solver'],
            ['cytoscape', {layout: {name: 'dagre'}}, '/transform_config/options/layout/name'],
            ['cytoscape', {style: {node: {'background-color': 'red'}}}, '/transform_config/options/style/node/background-color'],
            ['d3', {charge: {strength: 'strong'}}, '/transform_config/options/charge/strength'],
            ['mermaid', {direction: 'UP'}, '/transform_config/options/direction'],
            ['dot', {rankdir: 1}, '/transform_config/options/rankdir'],
            ['dot', {node: {shape: 'record'}}, '/transform_config/options/node/shape'],
            ['tree', {max_depth: -1}, '/transform_config/options/max_depth'],
            ['tree', {maxdepth: 1}, '/transform_config/options/maxdepth'],
        ]) {
            const answer = await post(server, `/graph/from/json/to/${engine}/default`, {...small, transform_config: {options}});
            assert.equal(answer.status, 422);
            assert.equal(answer.json().pointer, pointer);
        }
    });
});
