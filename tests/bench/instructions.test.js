// SPDX-License-Identifier: MIT
// Limits on instruction counts, which may fail a build because they do not depend on the load of the machine: a span
// that is off, the copying of a formatted name, the middleware in front of an untraced request, spans in documents,
// colliding names, and the growth of the graph pipeline.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {program} from '../integration/support/process.js';
import {instructionsPerNode} from './growth_instructions.js';
import {count, instructionsPerCapturedSpan, instructionsPerSpan} from './instructions.js';
import {instructionsPerRequest} from './untraced.js';

test('a span that is off takes 3 instructions or fewer at its begin and at its end, and none with GBX_DISABLE', () => {
    const {span, disabled} = instructionsPerSpan(program('bench-instructions'));
    assert.ok(span > 0 && span <= 6, `${span} instructions`);
    assert.ok(Math.abs(disabled) < 0.01, `${disabled} instructions`);
});

test('a formatted name is copied at the span and not formatted', () => {
    const {span, number, text, words, variable} = instructionsPerCapturedSpan(program('bench-instructions'));
    assert.ok(span > 50, `${span} instructions`);
    assert.ok(number - span <= 200, `a number: ${number} instead of ${span} instructions`);
    assert.ok(text - span <= 250, `a text: ${text} instead of ${span} instructions`);
    assert.ok(words - span <= 300, `words: ${words} instead of ${span} instructions`);
    assert.ok(variable - span >= 2 * (words - span), `formatted at once: only ${variable} instructions`);
});

test('the mounted middleware adds 60 instructions or fewer to an untraced request', async () => {
    const {mounted, bare} = await instructionsPerRequest();
    assert.ok(mounted - bare <= 60, `${mounted} instead of ${bare} instructions`);
});

test('names that were chosen to collide in the table of names are as much work as others', () => {
    const instructions = (kind) => count(program('bench-names'), [kind, 40000], 'gbx_exporter_new');
    const ordinary = instructions('ordinary');
    assert.ok(ordinary > 1e6 && instructions('colliding') / ordinary < 1.1, `${ordinary} instructions for ordinary names`);
});

// What start-up and the first calibration cost cancels out between two sizes.
function instructionsPerTracedSpan(format, names, [few, many]) {
    const instructions = (spans) => count(program('bench-p12_dense'), [format, spans, names ?? spans], 'program_export');
    return (instructions(many) - instructions(few)) / (many - few);
}

test('a span with a name of its own takes few instructions in a document', () => {
    const [full, summary, speedscope] = [0, 1, 2].map((format) => instructionsPerTracedSpan(format, undefined, [100, 200]));
    assert.ok(summary > 100 && summary <= 750, `${summary} instructions in a summary`);
    assert.ok(speedscope > 100 && speedscope <= 1400, `${speedscope} instructions in a speedscope document`);
    assert.ok(full > 100 && full <= 3700, `${full} instructions in a full document`);
});

test('a span is as little work in a trace of 100,000 spans with 10,000 names in one parent as in a small one', () => {
    for (const format of [1, 2]) {
        const large = instructionsPerTracedSpan(format, 10000, [20000, 100000]);
        const small = instructionsPerTracedSpan(format, 200, [5000, 10000]);
        assert.ok(small > 100 && large / small < 1.3, `${large} instead of ${small} instructions`);
    }
});

test('a node is as much work in a large graph as in a small one', () => {
    for (const what of [['json', 'dot', 'default'], ['json', 'd3', 'condense'], ['html', 'cytoscape', 'full-document']]) {
        const {many, few} = instructionsPerNode(program('bench-w2_growth'), what);
        assert.ok(few > 1000 && many / few < 1.1, `${what}: ${many} instead of ${few} instructions`);
    }
});
