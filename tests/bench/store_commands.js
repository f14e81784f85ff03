// SPDX-License-Identifier: MIT
// P17: how long the commands take, from start to end of the process, over a store of 10,000 traces in one run.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { rounds } from './load.js';

const TRACES = 10_000;
const ROUNDS = rounds(100);
const LIMIT_MS = 100;
const REPORT_LIMIT_MS = 1000;

function runToEnd(command, args) {
    const { status, stderr } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
    if (status !== 0)
        throw new Error(`${path.basename(command)} ${args.join(' ')} ended with ${status}: ${stderr}`);
}

function milliseconds(work) {
    const began = process.hrtime.bigint();
    work();
    return Number(process.hrtime.bigint() - began) / 1e6;
}

export async function measure(bin) {
    const top = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-bench-'));
    const store = path.join(top, 'store');
    const program = path.join(bin, 'glassbox');
    const time = (what, args, prepare = () => {}) => {
        const samples = [];
        for (let i = 0; i !== ROUNDS; ++i) {
            prepare();
            samples.push(milliseconds(() => runToEnd(program, [...args, '--store', store])));
        }
        return { what: `${what}, store of 10,000 traces`, unit: 'ms', subject: { name: what, samples },
                 limit: { of: 'subject', at_most: LIMIT_MS } };
    };
    const forget = () => fs.rmSync(path.join(store, 'catalog.db'), { force: true });
    try {
        runToEnd(path.join(bin, 'gbx-make-store'), [store, String(TRACES)]);
        runToEnd(program, ['list', '--store', store]); // makes the catalog
        return [
            time('list', ['list']), time('list RUN', ['list', 'latest']), time('show', ['show']),
            { ...time('report', ['report']), limit: { of: 'subject', at_most: REPORT_LIMIT_MS } },
            { ...time('list without a catalog', ['list'], forget), limit: undefined },
        ];
    } finally {
        fs.rmSync(top, { recursive: true });
    }
}
