// SPDX-License-Identifier: MIT
// plain: a trace on standard output in every format, and an error if it cannot be written.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import test from 'node:test';

import {example, threadsOf} from './support.js';

const run = (args, stdout = 'pipe') => spawnSync(example('plain'), args, {encoding: 'utf8', stdio: ['ignore', stdout, 'pipe']});

function traceOf(...args) {
    const {status, stdout, stderr} = run(args);
    assert.deepEqual({status, stderr}, {status: 0, stderr: ''});
    return JSON.parse(stdout);
}

test('writes what it did, speedscope by default', () => {
    const [thread, ...more] = threadsOf(traceOf());
    assert.deepEqual(more, []);
    assert.deepEqual([thread.name, ...thread.spans.slice(0, 3)], ['plain', 'work', 'fibonacci(8)', 'fibonacci(7)']);
    assert.equal(thread.spans.length, 1 + 67); // the calls that fibonacci(8) takes
});

test('writes the other formats', () => {
    assert.equal(traceOf('summary').hotspots.find(({name}) => name === 'fibonacci(2)').calls, 13);
    assert.deepEqual(traceOf('full').call_tree.map(({name}) => name), ['work']);
});

test('says when it cannot', () => {
    const unknown = run(['teapot']);
    assert.equal(unknown.status, 1);
    assert.match(unknown.stderr, /^usage: /);
    const full = fs.openSync('/dev/full', 'w');
    const unwritten = run([], full);
    fs.closeSync(full);
    assert.equal(unwritten.status, 1);
    assert.match(unwritten.stderr, /could not be written/);
});
