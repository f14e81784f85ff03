// SPDX-License-Identifier: MIT
// What every refusal has in common: problem+json that is true to its status and says where the fault is.
import assert from 'node:assert/strict';

import {checkSchema} from './schemas.js';

/** Asserts that `answer` is a problem of that status, and of that pointer (null: none), and returns it. */
export function checkProblem(answer, status, pointer = null) {
    const text = answer.text();
    assert.equal(answer.status, status, text);
    assert.equal(answer.headers['content-type'], 'application/problem+json', text);
    const problem = answer.json();
    assert.equal(problem.status, status, text);
    checkSchema('problem', problem);
    assert.equal(problem.pointer ?? null, pointer, text);
    return problem;
}

/** Asserts that an answer carries nothing of tracing. */
export function checkUntouched(answer) {
    for (const name of Object.keys(answer.headers))
        assert.ok(!name.startsWith('glassbox'), name);
}
