// SPDX-License-Identifier: MIT
// Runs a short sweep, and checks that a sweep with a fault fails.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {it} from 'node:test';

import {source} from '../integration/support/process.js';
import {Drawing} from './draw.js';

const sweep = (...args) => spawnSync(process.execPath, [source('tests', 'sweep', 'sweep.js'), ...args], {encoding: 'utf8'});

it('three pages of all sizes go through everything', () => {
    const {status, stdout, stderr} = sweep('--pages', '3', '--page-bytes', '500000', '--draw-up-to', '100');
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /^nothing is wrong$/m);
    const [, byDot, byOsage] = stdout.match(/(\d+) drawings laid out by dot, (\d+) by osage/);
    assert.ok(Number(byDot) > 3 && Number(byOsage) > 3, stdout);
});

it('what Graphviz cannot draw, or draws otherwise, is a fault', async () => {
    const drawing = new Drawing({drawUpTo: 2, limitMs: 10_000});
    await drawing.add('good', 'digraph G { a -> b; }', {nodes: 2, edges: 1});
    await drawing.add('good too', 'digraph G { a; b; c -> a; }', {nodes: 3, edges: 1});
    await drawing.add('broken', 'digraph G { a -> ', {nodes: 2, edges: 1});
    await drawing.add('one less', 'digraph G { a; }', {nodes: 2, edges: 0});
    await drawing.done();
    assert.deepEqual(drawing.faults.map((fault) => fault.split(':')[0]).sort(), ['broken', 'one less']);
    assert.deepEqual([drawing.counts.dot, drawing.counts.osage], [3, 1]);
});

it('tells how it is used, and refuses what it does not know', () => {
    const {status, stdout} = sweep('--help');
    assert.equal(status, 0);
    assert.match(stdout, /--pages N[^]*--draw-up-to NODES/);
    assert.notEqual(sweep('--pages', 'many').status, 0);
    assert.notEqual(sweep('--page', '3').status, 0);
});
