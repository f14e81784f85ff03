// SPDX-License-Identifier: MIT
// The operator of a soak test: a thread of its own asks /healthz, so that the clients' own work does not count. It posts
// the times in ms when it is told to stop.
import assert from 'node:assert/strict';
import {parentPort, workerData} from 'node:worker_threads';
import {setTimeout as pause} from 'node:timers/promises';

import {get} from '../integration/support/client.js';

const times = [];
let stopping = false;
parentPort.once('message', () => (stopping = true));
while (!stopping) {
    const begun = performance.now();
    assert.equal((await get(workerData, '/healthz')).status, 200);
    times.push(performance.now() - begun);
    await pause(20);
}
parentPort.postMessage(times.sort((a, b) => a - b));
