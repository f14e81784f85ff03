// SPDX-License-Identifier: MIT
// A graph that means harm: ids, labels and further fields that a careless drawing would run, load, hide or confuse.
import fs from 'node:fs';

import {source} from '../../integration/support/process.js';

const run = 'window.hacked=1';

const labels = [
    `<script>${run}</script>`, `"><img src=x onerror="${run}">`, `<svg/onload=${run}>`, `'); ${run}; ('`, `\${${run}}`, `{{${run}}}`,
    `javascript:${run}`, `[a](javascript:${run})`, 'click n0 "javascript:alert(1)"', 'quote " and \' and `', 'two\nlines\r\nand\ttab',
    'back\\slash \\n \\N \\"', '&lt;b&gt; &amp; &#60; #lt; #60;', '<b>bold</b><br>', '*b* _i_ `m` **s**', '# title', '1. one', '- dash', '%%{init: {"theme":"dark"}}%%',
    'end', 'subgraph', 'graph TD', 'digraph {', '}', ']', '") --> ("', '|x|', 'a;b', '---', '$$x$$', 'fa:fa-car', '@{ shape: circle }', ':::x',
    '😀 é 漢字 עברית \u202eevil', 'z̸a̸l̸g̸o̸', '\u0000\u0001\u007f', ' ', 'm'.repeat(1_000_000), 'word '.repeat(200_000),
];

const ids = [
    'Case', 'case', 'CASE', 7, '7.5', '', ' ', 'constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', '0:e0', '0:c1', '1:e1', 'e0', 'n0', 'edgeId:0',
    'end', 'cluster_0', '#id', '.class', 'a:b', '<b>', '"', '\\', '\n', '\u0000', 'é', 'e\u0301', '😀', '\u00a0\u2003\ufeff', '\u2028', 'n'.repeat(1000),
];

/** Fields that the libraries would read if they stood where those look. */
const fields = [
    {parent: 'Case'}, {source: 'Case', target: 'case'}, {hidden: true}, {font: {multi: 'html', color: 7}}, {shape: 'image', image: 'http://stranger.invalid/x.png'},
    {shape: 'custom'}, {group: {}}, {group: '__proto__'}, {group: 3}, {color: 7, borderWidth: 'thick'}, {title: '<img src=x onerror="window.hacked=1">'},
    {x: 'left', y: null, fx: 'no', fy: [], vx: {}, index: 'first'}, {level: 'top', mass: -1, value: 'much', fixed: 'yes', physics: 'off'}, {kind: 1, merged: 'x', data: 'y'},
    {label: 5}, {label: {html: '<b>'}}, {weight: 0.5, club: 'Mr. Hi', nested: {deep: [1, null, true]}}, {['__proto__']: {polluted: true}}, {constructor: 1},
    {cid: 'x', classes: 'cluster', position: {x: 'a'}, selected: 'yes', widthConstraint: 'w'},
];

const edgeFields = [
    {id: 'same'}, {id: 'same'}, {id: 'Case'}, {from: 'nobody', to: 'nobody', arrows: 7}, {hidden: true, smooth: 'x', color: []}, {parent: 'x', length: 'far'}, {label: 9}, {value: 'v', width: {}},
    {index: 'x'}, {weight: 2},
];

/** As graph_data. Every node has an edge to the one after the next, some have loops and parallel edges. */
export function hostile() {
    const known = JSON.parse(fs.readFileSync(source('fixtures', 'graphs', 'hostile.json'), 'utf8'));
    const given = new Set(known.nodes.map(({id}) => String(id)));
    const nodes = [
        ...known.nodes,
        ...ids.filter((id) => !given.has(String(id))).map((id) => ({id})),
        ...labels.map((label, i) => ({id: `label ${i}`, label})),
        ...fields.map((field, i) => ({id: `field ${i}`, ...field})),
    ];
    const edges = nodes.map(({id}, i) => ({source: id, target: nodes[(i + 2) % nodes.length].id, ...(i % 2 ? {label: labels[i % labels.length]} : {}), ...edgeFields[i % edgeFields.length]}));
    const some = nodes.slice(0, 5);
    return {nodes, edges: [...known.edges, ...edges, ...some.map(({id}) => ({source: id, target: id})), ...some.map(({id}) => ({source: id, target: nodes[2].id})), ...some.map(({id}) => ({source: id, target: nodes[2].id}))]};
}

/** The label that is to be shown for a text: on one line, and of 60 code points at most. */
export function shortened(text) {
    let [label, points, blank] = ['', 0, false];
    for (const point of text) {
        if (point <= ' ' || point === '\u007f') {
            blank = points > 0;
            continue;
        }
        if (points + (blank ? 2 : 1) > 60)
            return label + '…';
        label += (blank ? ' ' : '') + point;
        points += blank ? 2 : 1;
        blank = false;
    }
    return label;
}

/** A node's: its label if that is a text, else its id. */
export const labelOf = ({id, label}) => shortened(typeof label === 'string' && label !== '' ? label : String(id));
