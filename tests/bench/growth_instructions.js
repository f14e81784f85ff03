// SPDX-License-Identifier: MIT
// W2: counts instructions of the graph pipeline per node, independent of caches, for each engine and each
// transformation except `reachable`, which needs roots.
import fs from 'node:fs';
import path from 'node:path';

import { count, hasValgrind } from './instructions.js';
import { rounds } from './load.js';

const FEW = 1000;
const MANY = rounds(20000);
const { engine: ENGINES } = JSON.parse(fs.readFileSync(new URL('../support/parts.json', import.meta.url)));
const GRAPHS = ['largest-component', 'spanning-tree', 'k-core', 'condense', 'top-degree', 'dedupe'];
const PAGES = ['body_only', 'head_only', 'full-document', 'attributes', 'scripts', 'styles', 'elements_only', 'text_only'];

/** Instructions per node of `what`, [source, engine, transformation]: { many, few } nodes. */
export function instructionsPerNode(program, what) {
    const perNode = (nodes) => count(program, [...what, nodes], 'gbxi_graph_run') / nodes;
    return { many: perNode(MANY), few: perNode(FEW) };
}

function rowOf(program, source, engine, transformation) {
    const { many, few } = instructionsPerNode(program, [source, engine, transformation]);
    return { what: `${source} to ${engine}, ${transformation}`, unit: 'instructions per node',
             subject: { name: `${MANY} nodes`, samples: [many] },
             reference: { name: `${FEW} nodes`, samples: [few] },
             limit: { of: 'ratio', at_most: 1.3 } };
}

export function measure(bin) {
    if (!hasValgrind())
        return [{ what: 'instructions per node', skipped: 'valgrind is not installed' }];
    const both = [...ENGINES.map((engine) => [engine, 'default']), ...GRAPHS.map((transformation) => ['d3', transformation])];
    const all = [...both.map((pair) => ['json', ...pair]), ...both.map((pair) => ['html', ...pair]),
                 ...PAGES.map((transformation) => ['html', 'd3', transformation])];
    return all.slice(0, rounds(all.length)).map((what) => rowOf(path.join(bin, 'bench-w2_growth'), ...what));
}
