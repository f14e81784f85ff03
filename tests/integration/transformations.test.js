// SPDX-License-Identifier: MIT
// The transformations compared with other implementations: those for graphs on random graphs, and those for pages on
// real pages.
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';

import {seeded} from '../soak/clients.js';
import {get, post} from './support/client.js';
import {parseDot} from './support/dot.js';
import {forGraphs, reference} from './support/graph_reference.js';
import {htmlBody, pages, readPage} from './support/input.js';
import {keptEdges, pageModel, pageReference} from './support/page_reference.js';
import {checkProblem} from './support/problem.js';
import {startGlassbox, stopGlassbox} from './support/process.js';

let server;
before(async () => (server = await startGlassbox()));
after(() => stopGlassbox(server));

const SIZES = [0, 1, 2, 3, 7, 30, 200, 800];
const EDGES_PER_NODE = [0, 0.5, 1, 1.5, 3, 6];

/** Loops, parallel edges and equal weights come by themselves, the more the smaller the graph; some edges are doubled on purpose. */
function randomGraph(size, edgesPerNode, random) {
    const nodes = Array.from({length: size}, (_, i) => (i % 3 === 0 ? `v${i}` : i));
    const edges = [];
    for (let i = 0; size > 0 && i < size * edgesPerNode; i++) {
        const again = edges.length > 0 && random(8) === 0;
        const [source, target] = again ? [edges.at(-1).target, edges.at(-1).source].sort(() => random(2) - 1) : [nodes[random(size)], nodes[random(size)]];
        edges.push({source, target, label: `e${i}`, w: (random(40) - 20) / 4});
    }
    return {nodes, edges};
}

/** The options to try on a graph: its own nodes are the roots. */
function configs(name, {nodes}, random) {
    const roots = () => Array.from({length: 1 + random(3)}, () => nodes[random(nodes.length)]);
    return {
        'largest-component': [{}, {strong: true}],
        'spanning-tree': [{}, {weight: 'w'}],
        'k-core': [{}, {k: 0}, {k: 1}, {k: 2}, {k: 3}, {k: 7}],
        reachable: nodes.length === 0 ? [] : ['out', 'in', 'both'].flatMap((direction) => [{roots: roots(), direction}, {roots: roots(), direction, depth: random(4)}]),
        'top-degree': [{}, {n: 1}, {n: 50, direction: 'in'}, {n: 25, direction: 'out'}],
        dedupe: [{}, {directed: false}, {drop_loops: true}, {directed: false, drop_loops: true, by_label: true}],
    }[name] ?? [{}];
}

const asText = ({nodes, edges}) => ({nodes: nodes.map(String), edges: edges.map(({source, target, label = ''}) => `${source}>${target}:${label}`)});

async function transform(name, {nodes, edges, directed}, config) {
    const body = {graph_data: {nodes: nodes.map((id) => ({id})), edges, directed}, transform_config: config};
    const answer = await post(server, `/graph/from/json/to/dot/${name}`, body);
    assert.equal(answer.status, 200, answer.text().slice(0, 500));
    const output = answer.json();
    const {nodes: found, edges: links} = parseDot(output.dot);
    assert.deepEqual([output.node_count, output.edge_count], [found.length, links.length]);
    return {
        nodes: found.map(({id}) => id),
        edges: links.map(({source, target, attributes}) => ({source, target, label: attributes.label})),
        labels: new Map(found.map(({id, attributes}) => [id, attributes.label])),
    };
}

async function check(name, graph, config, what) {
    const expected = reference[name](graph, config);
    const found = await transform(name, graph, config);
    assert.deepEqual(asText(found), asText(expected), `${name} ${JSON.stringify(config)} of ${what}`);
    for (const [id, merged] of Object.entries(expected.merged ?? {}))
        assert.equal(found.labels.get(id), merged > 0 ? `${id} (+${merged})` : id);
}

describe('graphs', () => {
    it('are transformed by all that are for graphs, and those are checked here', async () => {
        const {transformations} = (await get(server, '/graph/transformations')).json();
        const pageNames = new Set(pageReference.map(([name]) => name));
        assert.deepEqual(transformations.map(({name}) => name).filter((name) => !pageNames.has(name) || name === 'default'), forGraphs);
    });
    for (const name of forGraphs) {
        it(`${name} of random graphs is what the reference says`, async () => {
            const random = seeded(20 + name.length);
            let count = 0;
            for (const size of SIZES) {
                for (const edgesPerNode of EDGES_PER_NODE) {
                    const graph = randomGraph(size, edgesPerNode, random);
                    for (const config of configs(name, graph, random)) {
                        await check(name, graph, config, `${size} nodes and ${graph.edges.length} edges`);
                        count++;
                    }
                }
            }
            assert.ok(count >= 42);
        });
    }
    it('without directions lead both ways', async () => {
        const random = seeded(77);
        const ways = {'largest-component': {strong: false}, condense: {}, reachable: {direction: 'both'}, 'top-degree': {direction: 'both'}, dedupe: {directed: false}, 'k-core': {}, 'spanning-tree': {}};
        for (const size of [1, 3, 7, 30, 200]) {
            const graph = randomGraph(size, 1.2, random);
            const back = graph.edges.map(({source, target, label}) => ({source: target, target: source, label}));
            for (const [name, way] of Object.entries(ways)) {
                for (const config of configs(name, graph, random)) {
                    const expected = reference[name](name === 'condense' ? {...graph, edges: [...graph.edges, ...back]} : graph, {...config, ...way});
                    assert.deepEqual(asText(await transform(name, {...graph, directed: false}, config)), asText(expected), `${name} ${JSON.stringify(config)} of ${size}`);
                }
            }
        }
    });
    it('dedupe tells labels apart', async () => {
        const random = seeded(7);
        const graph = randomGraph(12, 20, random);
        graph.edges.forEach((edge, i) => (edge.label = ['', 'x', 'y'][i % 3]));
        for (const directed of [true, false])
            await check('dedupe', graph, {directed, by_label: true}, 'few labels');
    });
    it('those for pages are refused, with what to use instead', async () => {
        for (const name of new Set(pageReference.map(([it]) => it).filter((it) => it !== 'default'))) {
            const answer = await post(server, `/graph/from/json/to/dot/${name}`, {graph_data: {nodes: [{id: 1}]}});
            const {detail} = checkProblem(answer, 422, '/graph_data');
            assert.match(detail, /source html/);
        }
    });
    it('an unknown root and a missing weight are refused with their place', async () => {
        const graph_data = {nodes: [{id: 'a'}, {id: 1}], edges: [{source: 'a', target: 1}]};
        checkProblem(await post(server, '/graph/from/json/to/dot/reachable', {graph_data, transform_config: {roots: ['1', 'b']}}), 422, '/transform_config/roots/1');
        checkProblem(await post(server, '/graph/from/json/to/dot/reachable', {graph_data}), 422, '/transform_config/roots');
        checkProblem(await post(server, '/graph/from/json/to/dot/spanning-tree', {graph_data, transform_config: {weight: 'w'}}), 422, '/transform_config/weight');
    });
});

const sorted = (list) => [...list].sort();

describe('pages', () => {
    const all = pages();
    const some = Array.from({length: 20}, (_, i) => all[Math.round((i * (all.length - 1)) / 19)]);
    for (const {name: file, bytes} of some) {
        it(`${file}, ${bytes} bytes`, async () => {
            const body = htmlBody(readPage(file));
            const page = pageModel((await post(server, '/graph/from/html/to/dot/default', body)).json().dot);
            for (const [name, config, keep] of pageReference) {
                const answer = await post(server, `/graph/from/html/to/dot/${name}`, {...body, transform_config: config});
                assert.equal(answer.status, 200, answer.text().slice(0, 500));
                const {nodes, edges} = parseDot(answer.json().dot);
                const kept = keep(page);
                const what = `${name} ${JSON.stringify(config)}`;
                assert.deepEqual(sorted(nodes.map(({id}) => id)), sorted(kept), what);
                assert.deepEqual(sorted(edges.map(({source, target}) => `${source}>${target}`)), sorted(keptEdges(page, kept)), what);
            }
        });
    }
    it('are graphs too: what is reachable from the body is the body', async () => {
        const body = htmlBody(readPage('index.html'));
        const ask = async (name, config) => (await post(server, `/graph/from/html/to/dot/${name}`, {...body, transform_config: config})).json().dot;
        const only = await ask('body_only');
        const [{id}] = parseDot(only).nodes;
        assert.equal(await ask('reachable', {roots: [id]}), only);
        for (const name of ['condense', 'spanning-tree', 'dedupe', 'largest-component', 'k-core'])
            assert.equal(await ask(name), await ask('default'), name);
    });
});
