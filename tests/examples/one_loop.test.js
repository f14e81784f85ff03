// SPDX-License-Identifier: MIT
// one_loop: an untraced response, a trace, and a file that is short enough to copy.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';

import {get} from '../integration/support/client.js';
import {source, start} from '../integration/support/process.js';
import {example, trace} from './support.js';

test('answers, and traces when it is asked to', async () => {
    const server = await start(example('one_loop'), ['0']);
    try {
        assert.equal((await get(server, '/hello')).text(), 'hello\n');
        const {output, threads} = await trace(server, '/hello');
        assert.equal(output, 'hello\n');
        assert.deepEqual(threads, [{name: 'one_loop', spans: ['handler', 'on_hello']}]);
    } finally {
        server.child.kill('SIGTERM'); // it has no stop of its own
    }
    const {signal} = await server.exited;
    assert.equal(signal, 'SIGTERM');
    assert.equal(server.complaints(), '');
});

test('is short', () => {
    const lines = fs.readFileSync(source('examples', 'one_loop.c'), 'utf8').trimEnd().split('\n');
    assert.ok(lines.length <= 66, `${lines.length} lines`);
});
