// SPDX-License-Identifier: MIT
// Runs every benchmark program briefly, to check that the benchmarks work. Does not check speed.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';

import {source} from '../integration/support/process.js';
import {judge} from './stats.js';

test('every promise is measured and reported with its raw samples', () => {
    const file = path.join(os.tmpdir(), `glassbox-bench-${process.pid}.json`);
    const table = execFileSync('node', [source('tests', 'bench', 'report.js'), '--quick', '--json', file],
                               {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']});
    const {rows} = JSON.parse(fs.readFileSync(file, 'utf8'));
    fs.rmSync(file);
    for (const promise of [...Array.from({length: 14}, (_, i) => `P${i + 1}`), 'P17', 'W1', 'W2', 'W3']) {
        const measured = rows.filter((row) => row.promise === promise);
        assert.ok(measured.length > 0, `${promise} is missing`);
        assert.ok(measured.every((row) => row.skipped || row.subject.samples.every(Number.isFinite)), promise);
        assert.match(table, new RegExp(`^${promise} `, 'm'));
    }
});

test('verdicts come from the median of pairs', () => {
    const row = (limit) => judge({limit, subject: {samples: [11, 22, 90]}, reference: {samples: [10, 20, 30]}});
    assert.equal(row({of: 'ratio', at_most: 1.1}).met, true);
    assert.equal(row({of: 'ratio', at_most: 1.09}).met, false);
    assert.equal(row({of: 'difference', at_most: 2}).met, true);
    assert.equal(row({of: 'subject', at_least: 23}).met, false);
    assert.equal(row(undefined).met, null);
});
