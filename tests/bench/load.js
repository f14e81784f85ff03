// SPDX-License-Identifier: MIT
// Shared by the whole-server benchmarks: a test server per measurement, requests per second by wrk, and rounds.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { program, start, stop } from '../integration/support/process.js';

export const TRACED = JSON.stringify({ trace_config: { capture_traces: true } });

/** Rounds, fewer when only the machinery is tried. */
export const rounds = (count) => Math.max(1, Math.ceil(count / Number(process.env.GLASSBOX_BENCH_DIVISOR ?? 1)));

/** Runs `work` with a server of one event loop, the test server unless told otherwise, and stops it afterwards. */
export async function withServer(work, command = ['gbx-test-server'], env = {}) {
    const [name, ...args] = command;
    const server = await start(program(name), [...args, '--threads', '1'], env);
    try {
        return await work(server);
    } finally {
        await stop(server);
    }
}

export const hasWrk = () => spawnSync('wrk', ['--version']).error === undefined;

// wrk wants a script to send anything but GET, and to pause between requests.
function writeScript(body, pause) {
    const file = path.join(os.tmpdir(), `glassbox-bench-${process.pid}.lua`);
    fs.writeFileSync(file, `wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\nwrk.body = '${body}'\n${pause}`);
    return file;
}

/** What wrk says of a load on `where`: POSTs `body` if there is one. `command` starts it. Any error fails. */
function wrk(server, where, body, args, command = ['wrk'], pause = '') {
    const script = body === undefined ? undefined : writeScript(body, pause);
    const child = spawn(command[0], [...command.slice(1), ...args, ...(script ? ['-s', script] : []), server.url + where],
                        { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    return new Promise((resolve, reject) => {
        child.stdout.on('data', (piece) => (out += piece));
        child.on('error', reject);
        child.on('close', () => {
            if (script)
                fs.rmSync(script, { force: true });
            if (!/Requests\/sec:/.test(out) || /Non-2xx|Socket errors/.test(out))
                reject(new Error(`wrk on ${where}: ${out}`));
            else
                resolve(out);
        });
    });
}

/** Requests per second to `where` with 8 connections for a second. */
export async function requestsPerSecond(server, where, body) {
    return Number(/Requests\/sec:\s+([\d.]+)/.exec(await wrk(server, where, body, ['-t1', '-c8', '-d1s']))[1]);
}

// Real-time priority for a client that only measures: it must not wait for a CPU behind what it measures, as it would not
// on a machine of its own.
const realTime = ['chrt', '--fifo', '10'];
const mayMeasureInRealTime = () => spawnSync(realTime[0], [...realTime.slice(1), 'true']).status === 0;

/**
 * Microseconds that 99 of 100 requests to `where` stay below, of some 1,500 a second: `connections` that each pause for 1 to
 * 4 ms before the next. The server is never at its limit, so that what it takes is its answer and not a queue.
 */
export async function p99(server, where, body, connections) {
    const command = mayMeasureInRealTime() ? [...realTime, 'wrk'] : ['wrk'];
    const pause = 'function delay() return math.random(1, 4) end\n';
    const out = await wrk(server, where, body, ['-t1', `-c${connections}`, `-d${rounds(2)}s`, '--latency'], command, pause);
    const [, value, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(out);
    return Number(value) * { us: 1, ms: 1e3, s: 1e6 }[unit];
}

/** Measures subject and reference in turns. If there are several rounds, one before them warms up and does not count. */
export async function inTurns(count, subject, reference) {
    const samples = { subject: [], reference: [] };
    const measured = rounds(count);
    if (measured > 1) {
        await reference();
        await subject();
    }
    for (let i = 0; i !== measured; ++i) {
        samples.reference.push(await reference());
        samples.subject.push(await subject());
    }
    return samples;
}

/** A row for the report out of what inTurns returned. */
export function rowOf(what, unit, subjectName, referenceName, samples, limit) {
    return {
        what, unit, limit,
        subject: { name: subjectName, samples: samples.subject },
        reference: { name: referenceName, samples: samples.reference },
    };
}
