// SPDX-License-Identifier: MIT
// P4: compares untraced requests with and without the middleware: throughput, and instructions per request.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';

import { program } from '../integration/support/process.js';
import { hasWrk, inTurns, requestsPerSecond, rowOf, withServer } from './load.js';

const FEW = 200;
const MANY = 2200;

async function throughput() {
    if (!hasWrk())
        return { what: 'untraced throughput, middleware mounted', skipped: 'wrk is not installed' };
    const samples = await withServer((server) => inTurns(15, () => requestsPerSecond(server, '/echo'),
                                                         () => requestsPerSecond(server, '/bare')));
    return rowOf('untraced throughput, middleware mounted', 'requests/s', 'mounted', 'not mounted', samples,
                 { of: 'ratio', at_least: 0.99 });
}

function get(url, agent) {
    return new Promise((resolve, reject) => {
        http.get(url, { agent }, (answer) => answer.resume().on('end', resolve)).on('error', reject);
    });
}

// Instructions of a whole server process that answers `requests` requests on one connection.
async function count(where, requests) {
    const out = path.join(os.tmpdir(), `glassbox-callgrind-${process.pid}`);
    const child = spawn('valgrind', ['--tool=callgrind', `--callgrind-out-file=${out}`, program('gbx-test-server')],
                        { stdio: ['ignore', 'pipe', 'pipe'] });
    let complaints = '';
    child.stderr.on('data', (piece) => (complaints += piece));
    const ended = new Promise((resolve) => child.on('close', resolve));
    const line = await new Promise((resolve) => readline.createInterface({ input: child.stdout }).once('line', resolve));
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = 0; i !== requests; ++i)
        await get(line.split(' ').at(-1) + where, agent);
    agent.destroy();
    child.kill('SIGTERM');
    await ended;
    fs.rmSync(out, { force: true });
    return Number(/Collected : (\d+)/.exec(complaints)[1]);
}

/** { mounted, bare }: instructions that the server executes for each request. */
export async function instructionsPerRequest() {
    const each = async (where) => (await count(where, MANY) - await count(where, FEW)) / (MANY - FEW);
    // libh2o finds /echo later than /bare and sooner than /bald: what the search costs cancels out.
    return { mounted: await each('/echo'), bare: (await each('/bare') + await each('/bald')) / 2 };
}

async function instructions() {
    const what = 'instructions that the mounted middleware adds to an untraced request';
    if (spawnSync('valgrind', ['--version']).status !== 0)
        return { what, skipped: 'valgrind is not installed' };
    const { mounted, bare } = await instructionsPerRequest();
    return rowOf(what, 'instructions', 'mounted', 'not mounted', { subject: [mounted], reference: [bare] },
                 { of: 'difference', at_most: 60 });
}

export async function measure() {
    return [await throughput(), await instructions()];
}
