// SPDX-License-Identifier: MIT
// P5: compares a handler with 100 spans and more than 200 us of work, with every request traced and with none.
import { hasWrk, inTurns, requestsPerSecond, rowOf, TRACED, withServer } from './load.js';

export async function measure() {
    const formats = ['speedscope', 'summary', 'full'];
    if (!hasWrk())
        return [{ what: 'throughput, every request traced', skipped: 'wrk is not installed' }];
    return withServer(async (server) => {
        const rows = [];
        for (const format of formats) {
            const samples = await inTurns(11, () => requestsPerSecond(server, `/busy/${format}`, TRACED),
                                          () => requestsPerSecond(server, '/busy', TRACED));
            rows.push(rowOf(`throughput, every request traced, ${format}`, 'requests/s', 'traced', 'untraced', samples,
                            { of: 'ratio', at_least: 0.95 }));
        }
        return rows;
    });
}
