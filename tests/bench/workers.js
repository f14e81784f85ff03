// SPDX-License-Identifier: MIT
// W1: compares the response time of small requests while large ones keep every worker busy with that of an idle server.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { get, post } from '../integration/support/client.js';
import { LARGEST_PAGE, htmlBody, readPage } from '../integration/support/input.js';
import { program, start, stop } from '../integration/support/process.js';
import { hasWrk, inTurns, p99, rowOf } from './load.js';

const ROUTE = '/graph/from/html/to/dot/default';
const SMALL = JSON.stringify(htmlBody('<p>hello <b>world</b></p>'));
const CONNECTIONS = 4;

// A page of about that many bytes, as a file that curl sends.
function writeLarge(bytes) {
    const page = readPage(LARGEST_PAGE);
    const file = path.join(os.tmpdir(), `glassbox-bench-${process.pid}-${bytes}.json`);
    fs.writeFileSync(file, JSON.stringify(htmlBody(page.repeat(Math.ceil(bytes / page.length)))));
    return file;
}

// Clients that send it again as soon as they have their answer, until they are stopped. Processes of their own: what
// they read must not keep this one from measuring.
function startLarge(server, file, count) {
    const send = `while curl -sf -o /dev/null -H 'Content-Type: application/json' -H 'Expect:' --data-binary @${file} ${server.url}${ROUTE}; do :; done`;
    const clients = Array.from({ length: count }, () => spawn('sh', ['-c', send], { detached: true, stdio: 'ignore' }));
    return () => Promise.all(clients.map((client) => new Promise((resolve) => {
        client.on('close', resolve);
        process.kill(-client.pid);
    })));
}

async function untilBusy(server, busy) {
    while ((await get(server, '/healthz')).json().workers.busy !== busy)
        ;
}

async function whileLarge(server, file, workers) {
    const end = startLarge(server, file, workers + 1); // one waits, so that no worker ever does
    await untilBusy(server, workers);
    const latency = await p99(server, ROUTE, SMALL, CONNECTIONS);
    await end();
    await untilBusy(server, 0);
    return latency;
}

async function compare(server, megabytes, workers) {
    const file = writeLarge(megabytes << 20);
    const samples = await inTurns(7, () => whileLarge(server, file, workers), () => p99(server, ROUTE, SMALL, CONNECTIONS));
    fs.rmSync(file);
    return rowOf(`p99 of small requests while ${workers} of ${megabytes} MB run`, 'us', 'busy', 'idle', samples, { of: 'ratio', at_most: 3 });
}

export async function measure() {
    const what = 'p99 of small requests while large ones run';
    if (!hasWrk())
        return [{ what, skipped: 'wrk is not installed' }];
    const server = await start(program('glassbox'), ['serve', '--port', '0']);
    try {
        const { count } = (await get(server, '/healthz')).json().workers;
        await post(server, ROUTE, SMALL);
        return [await compare(server, 2, count), await compare(server, 30, count)];
    } finally {
        await stop(server);
    }
}
