// SPDX-License-Identifier: MIT
// P14: compares a handler with 100 spans and more than 200 us of work with and without the recorder: one request in a
// thousand kept, and every request stored.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { program } from '../integration/support/process.js';
import { hasWrk, inTurns, requestsPerSecond, rounds, rowOf, withServer } from './load.js';

const CASES = [
    ['one request in 1,000 stored', '1/1000', 0.97],
    ['one in 1,000, slow ones, errors and first ones stored', 'slow=100ms,errors,1/1000,first', 0.97],
    ['every request stored', 'all', 0.95],
];

/** Runs `work` with a server that stores what `keep` says. `look` gets the store when the server has ended. */
async function withStore(keep, work, look = () => []) {
    const store = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-bench-store-'));
    try {
        const row = await withServer(work, ['gbx-test-server'], { GLASSBOX_STORE: store, GLASSBOX_KEEP: keep });
        return [row, ...look(store)];
    } finally {
        fs.rmSync(store, { recursive: true, force: true });
    }
}

// Captures that were kept and not stored, of a hundred.
function lost(store) {
    const { runs } = JSON.parse(execFileSync(program('glassbox'), ['list', '--store', store, '--format', 'json'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    const sum = (member) => runs.reduce((all, run) => all + run[member], 0);
    return [{ what: `captures lost of ${sum('traces') + sum('lost')}, every request stored`, unit: '%',
              subject: { name: 'lost', samples: [100 * sum('lost') / (sum('traces') + sum('lost'))] } }];
}

const compare = ([what, keep, least]) => withStore(keep, async (server) => {
    const samples = await inTurns(15, () => requestsPerSecond(server, '/recorded/busy'), () => requestsPerSecond(server, '/busy'));
    return rowOf(`throughput, ${what}`, 'requests/s', 'recorded', 'not recorded', samples, { of: 'ratio', at_least: least });
}, keep === 'all' ? lost : undefined);

const residentMiB = (server) => Number(/VmRSS:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))[1]) / 1024;

// What a minute of load adds to the memory of a server that has been loaded for some seconds before.
const growth = () => withStore('slow=100ms,errors,1/1000,first', async (server) => {
    const load = async (seconds) => {
        for (let i = 0; i < seconds; i++)
            await requestsPerSecond(server, '/recorded/busy');
        return residentMiB(server);
    };
    const before = await load(rounds(5));
    const after = await load(rounds(60));
    return rowOf('resident memory, after a minute of recording', 'MiB', 'after', 'before', { subject: [after], reference: [before] },
                 { of: 'difference', at_most: 1 });
});

export async function measure() {
    if (!hasWrk())
        return [{ what: 'throughput, recorder on', skipped: 'wrk is not installed' }];
    const rows = [];
    for (const one of CASES)
        rows.push(...await compare(one));
    return [...rows, ...await growth()];
}
