// SPDX-License-Identifier: MIT
// recorder: a line for each job that is kept, as the rules say, and an error if they cannot be read.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import test from 'node:test';

import {example} from './support.js';

const run = (...args) => spawnSync(example('recorder'), args, {encoding: 'utf8'});

/** The lines about jobs as [number, reasons], and the last line. */
function keptBy(...args) {
    const {status, stdout, stderr} = run(...args);
    assert.deepEqual({status, stderr}, {status: 0, stderr: ''});
    const lines = stdout.trimEnd().split('\n');
    const kept = lines.slice(0, -1).map((line) => line.match(/^\/fibonacci\/(\d+): \d+ spans, kept: (.*)$/).slice(1));
    return {kept: kept.map(([number, reasons]) => [Number(number), reasons]), last: lines.at(-1)};
}

test('keeps one in ten and what failed by default', () => {
    // A loaded machine may make any job slow.
    const {kept, last} = keptBy();
    const others = kept.map(([number, reasons]) => [number, reasons.replace(/^slow ?/, '')]).filter(([, reasons]) => reasons);
    assert.deepEqual(others, [[0, 'sampled'], [10, 'sampled'], [13, 'failed']]);
    assert.equal(last, `20 jobs, ${kept.length} kept, 0 lost`);
});

test('keeps what the rules say', () => {
    assert.deepEqual(keptBy('errors'), {kept: [[13, 'failed']], last: '20 jobs, 1 kept, 0 lost'});
    assert.deepEqual(keptBy('none'), {kept: [], last: '20 jobs, 0 kept, 0 lost'});
    assert.deepEqual(keptBy('1/7').kept, [[0, 'sampled'], [7, 'sampled'], [14, 'sampled']]);
    const all = keptBy('all,errors');
    assert.deepEqual(all.kept.map(([number]) => number), [...Array(20).keys()]);
    assert.equal(all.kept[13][1], 'failed sampled');
    const {kept: [[number, reasons]]} = keptBy('first');
    assert.deepEqual([number, reasons], [0, 'first']);
});

test('tells how many spans a job has', () => {
    assert.match(run('all').stdout, /^\/fibonacci\/8: 68 spans, kept: sampled$/m);
});

test('says what is wrong with the rules', () => {
    const {status, stdout, stderr} = run('slow=1h');
    assert.deepEqual([status, stdout], [1, '']);
    assert.equal(stderr, "recorder: 'slow=1h' is not a rule: slow=100ms, errors, 1/1000, all, first and none are\n");
});
