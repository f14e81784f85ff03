// SPDX-License-Identifier: MIT
// A soak test: valid, invalid, traced, untraced and aborted requests run concurrently against a sanitized server.
//
//     node tests/soak/soak.js [--minutes N] [--seed N]
//
// A third of the clients are hostile. Fails when an answer is wrong or half of one looks whole, a plain request is not answered in time, memory grows after it has warmed up, a capture or a
// descriptor is left at the end, or the server ends with a word of complaint, as a sanitizer's report is.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {parseArgs} from 'node:util';
import {setTimeout as pause} from 'node:timers/promises';
import {Worker} from 'node:worker_threads';

import {post} from '../integration/support/client.js';
import {htmlBody} from '../integration/support/input.js';
import {program, start, stop, untilNoCaptures} from '../integration/support/process.js';
import {mix, seeded, vitals} from './clients.js';
import {attacks} from './hostile.js';

const {values: options} = parseArgs({options: {minutes: {type: 'string'}, seed: {type: 'string'}}});
const seconds = options.minutes !== undefined ? Number(options.minutes) * 60 : Number(process.env.GLASSBOX_SOAK_SECONDS ?? 600);
const seed = Number(options.seed ?? Date.now() % 1_000_000);
assert.ok(seconds > 0 && Number.isInteger(seed), 'usage: soak.js [--minutes N] [--seed N]');

const CLIENTS = 12;
const HOSTILE = CLIENTS / 3;
const WARM_UP_MS = Math.min(60, seconds / 3) * 1000;
const PULSE_LIMIT_MS = 10_000;
const CLIENT_LIMIT_MS = 60_000; // a slow client's request times out long before
const MIB = 1 << 20;
// A freed block stays for a while in the sanitizer's quarantine; left at its size of 256 MiB it would look like a leak.
const SANITIZER = {ASAN_OPTIONS: 'quarantine_size_mb=8:thread_local_quarantine_size_kb=64:malloc_context_size=8:detect_leaks=1'};

const begun = performance.now();
const elapsed = () => performance.now() - begun;
const over = () => elapsed() >= seconds * 1000;
const counts = new Map([...mix, ...attacks].map(([name]) => [name, {done: 0, ends: new Map()}]));
const samples = [];
let failure = null;
let pulses = 0;
let slowestPulseMs = 0;
let healthMs = [];
let stopping = false;

/** What the promise becomes, or a failure when that takes too long. */
async function within(limitMs, promise, complaint) {
    const giveUp = new AbortController();
    const late = pause(limitMs, null, {signal: giveUp.signal}).then(() => Promise.reject(new Error(complaint)));
    late.catch(() => {});
    return Promise.race([promise, late]).finally(() => giveUp.abort());
}

function chooser(random, clients) {
    const total = clients.reduce((sum, [, weight]) => sum + weight, 0);
    return () => {
        let at = (random(1_000_000) / 1_000_000) * total;
        return clients.find(([, weight]) => (at -= weight) < 0) ?? clients[0];
    };
}

async function client(server, number) {
    const random = seeded(seed + number);
    const choose = chooser(random, number < HOSTILE ? attacks : mix);
    while (!over() && failure === null) {
        const [name, , act] = choose();
        const end = await within(CLIENT_LIMIT_MS, act(server, random), 'it does not end').catch((error) => Promise.reject(new Error(`${name}: ${error.stack}`)));
        const count = counts.get(name);
        count.done++;
        count.ends.set(end, (count.ends.get(end) ?? 0) + 1);
    }
}

/** A plain request, again and again: whatever else goes on, it is answered. */
async function pulse(server) {
    while (!over() && failure === null) {
        const from = performance.now();
        const {status} = await within(PULSE_LIMIT_MS, post(server, '/graph/from/html/to/dot/default', htmlBody('<p>pulse</p>')), 'a plain request is not answered');
        assert.equal(status, 200);
        slowestPulseMs = Math.max(slowestPulseMs, performance.now() - from);
        pulses++;
        await pause(50);
    }
}

/** Measures /healthz until the soak is over. */
async function health({host, port, url}) {
    const asker = new Worker(new URL('health.js', import.meta.url), {workerData: {host, port, url}});
    const failed = once(asker, 'error').then(([error]) => Promise.reject(error));
    failed.catch(() => {});
    while (!over() && failure === null)
        await Promise.race([pause(100), failed]);
    asker.postMessage('stop');
    [healthMs] = await Promise.race([once(asker, 'message'), failed]);
}

async function watch(server) {
    const step = Math.max(250, Math.min(1000, seconds * 20));
    while (!over() && failure === null) {
        samples.push({at: elapsed(), ...await vitals(server)});
        await pause(step);
    }
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Memory after the warm-up: the middle of its first and of its last third differ by no more than noise. */
function checkMemory() {
    const warm = samples.filter(({at}) => at >= WARM_UP_MS).map(({residentBytes}) => residentBytes);
    assert.ok(warm.length >= 6, 'too few samples');
    const third = Math.floor(warm.length / 3);
    const [first, last] = [median(warm.slice(0, third)), median(warm.slice(-third))];
    console.log(`memory: ${(first / MIB).toFixed(1)} MiB after the warm-up, ${(last / MIB).toFixed(1)} MiB at the end, at most ${(Math.max(...warm) / MIB).toFixed(1)} MiB`);
    // A short soak has hardly left its warm-up.
    assert.ok(last <= first * 1.1 + (seconds < 120 ? 48 : 12) * MIB, 'memory grows');
}

function report() {
    for (const [name, {done, ends}] of counts)
        console.log(`${String(done).padStart(8)} ${name} (${[...ends].map(([end, count]) => `${end}: ${count}`).join(', ')})`);
    console.log(`${String(pulses).padStart(8)} pulses, the slowest ${slowestPulseMs.toFixed(0)} ms`);
    const quantile = (part) => (healthMs[Math.floor(healthMs.length * part)] ?? NaN).toFixed(1);
    console.log(`${String(healthMs.length).padStart(8)} times /healthz: median ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms`);
    const every = Math.max(1, Math.floor(samples.length / 12));
    for (const {at, residentBytes, descriptors, captures} of samples.filter((_, i) => i % every === 0))
        console.log(`${(at / 1000).toFixed(0).padStart(6)} s ${(residentBytes / MIB).toFixed(1).padStart(8)} MiB ${String(descriptors).padStart(4)} descriptors ${String(captures).padStart(3)} captures`);
}

console.log(`soaking for ${seconds} s with seed ${seed}`);
const server = await start(program('glassbox'), ['serve', '--port', '0', '--request-timeout', '5', '--http2', '--max-body', '8M'], SANITIZER);
const died = server.exited.then(({code, signal}) => {
    if (!stopping)
        throw new Error(`the server ended (${code ?? signal}): ${server.complaints()}`);
});
const work = [pulse(server), health(server), watch(server), ...Array.from({length: CLIENTS}, (_, i) => client(server, i))];
await Promise.race([Promise.all(work), died]).catch((error) => (failure = error));
report();
if (failure)
    throw failure;
await untilNoCaptures(server, '/healthz');
checkMemory();
stopping = true;
await stop(server);
console.log('no report, no capture left');
