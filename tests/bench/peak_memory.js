// SPDX-License-Identifier: MIT
// P7: measures how much one traced response of 1 M and of 3 M events adds to the server's peak memory.
import fs from 'node:fs';
import http from 'node:http';

import { inTurns, rowOf, TRACED, withServer } from './load.js';

function body(spans) {
    const config = JSON.parse(TRACED);
    config.trace_config.max_spans = spans;
    return JSON.stringify(config);
}

// Reads the whole answer without keeping it, and returns its length.
function drain(server, where, sent) {
    return new Promise((resolve, reject) => {
        const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(sent) };
        const request = http.request(server.url + where, { method: 'POST', headers }, (answer) => {
            let bytes = 0;
            answer.on('data', (piece) => (bytes += piece.length)).on('end', () => resolve(bytes)).on('error', reject);
        });
        request.on('error', reject).end(sent);
    });
}

function peakMiB(server) {
    const status = fs.readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)[1]) / 1024;
}

// The peak of a fresh server that answered one request.
const peakOf = (where, spans) => withServer(async (server) => {
    await drain(server, `${where}?spans=${spans - 2}`, body(spans));
    return peakMiB(server);
});

export async function measure() {
    const rows = [];
    for (const format of ['speedscope', 'summary', 'full']) {
        const samples = await inTurns(3, () => peakOf(`/big/${format}`, 500000), () => peakOf('/big', 500000));
        rows.push(rowOf(`peak memory of a 1 M-event response, ${format}`, 'MiB', 'traced', 'untraced', samples,
                        { of: 'difference', at_most: 24 }));
    }
    const samples = await inTurns(3, () => peakOf('/big/speedscope', 1500000), () => peakOf('/big', 1500000));
    rows.push(rowOf('peak memory of a 3 M-event response, speedscope', 'MiB', 'traced', 'untraced', samples));
    return rows;
}
