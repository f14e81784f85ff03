// SPDX-License-Identifier: MIT
// What may fail a build: instruction counts do not depend on the machine's mood. A span that is off, and the middleware
// in front of a request that is not traced.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {program} from '../integration/support/process.js';
import {instructionsPerSpan} from './instructions.js';
import {instructionsPerRequest} from './untraced.js';

test('a span that is off takes 3 instructions or fewer at its begin and at its end, and none with GBX_DISABLE', () => {
    const {span, disabled} = instructionsPerSpan(program('bench-instructions'));
    assert.ok(span > 0 && span <= 6, `${span} instructions`);
    assert.ok(Math.abs(disabled) < 0.01, `${disabled} instructions`);
});

test('the mounted middleware adds 60 instructions or fewer to an untraced request', async () => {
    const {mounted, bare} = await instructionsPerRequest();
    assert.ok(mounted - bare <= 60, `${mounted} instead of ${bare} instructions`);
});
